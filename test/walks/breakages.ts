/**
 * Manual changes in the account of DEV, as lines of a shell, by the subject that the doctor reports as broken
 * afterwards.
 */
export const breakages: Readonly<Record<string, string>> = {
  'queue wps-dev-small':
    'aws batch update-job-queue --job-queue wps-dev-small --state DISABLED > /dev/null',
  'queue wps-dev-timeseries': `machines=$(aws batch describe-job-queues --job-queues wps-dev-timeseries \\
  --query 'jobQueues[0].computeEnvironmentOrder[0].computeEnvironment' --output text)
aws batch update-compute-environment --compute-environment "$machines" --state DISABLED > /dev/null`,
  'rule wps-dev-job-changes': 'aws events disable-rule --name wps-dev-job-changes',
  'function wps-dev-requests':
    'aws lambda update-alias --function-name wps-dev-requests --name DEV --function-version 2 > /dev/null',
  'function wps-dev-job-events':
    'aws lambda put-function-concurrency --function-name wps-dev-job-events --reserved-concurrent-executions 0 > /dev/null',
  'role wps-dev-job-events': `policies=$(aws iam list-role-policies --role-name wps-dev-job-events \\
  --query PolicyNames --output text)
for policy in $policies; do
  aws iam delete-role-policy --role-name wps-dev-job-events --policy-name "$policy"
done`,
  'process echo': `definition=$(aws batch describe-job-definitions --job-definition-name wps-dev-echo \\
  --status ACTIVE --query 'jobDefinitions[0].jobDefinitionArn' --output text)
aws batch deregister-job-definition --job-definition "$definition"`,
};

/** Removes the image of `echo` from the registry. */
export const withoutImage = `digests=$(aws ecr list-images --repository-name wps/echo \
  --query 'imageIds[].imageDigest' --output text)
for digest in $digests; do
  aws ecr batch-delete-image --repository-name wps/echo --image-ids "imageDigest=$digest" > /dev/null
done`;
