import { runbookCommands } from '../docs/documented-commands.ts';
import type { WalkedAccount } from './walked-account.ts';

/** Lines of the runbooks that a walk does not run itself. */
interface Elsewhere {
  readonly lines: RegExp;
  /** What runs them, or why they are not run. */
  readonly why: string;
}

export const elsewhere: readonly Elsewhere[] = [
  {
    lines: /^npm run operate -- (doctor|status|jobs|logs|notice|preflight|drift)\b/,
    why: 'test/aws/operate.test.ts and test/operate/embedded.test.ts run each of them',
  },
  {
    lines: /^npm run operate -- (promote|rollback)\b/,
    why: 'the walks run them, with the deployment that follows',
  },
  { lines: /^npx cdktf (deploy|diff)\b/, why: 'the walks and test/aws/platform.test.ts run them' },
  { lines: /^npm run (plan|deploy|images|synth)\b/, why: 'the walks run them' },
  { lines: /^npm run smoke\b/, why: 'the walks run it, with the address of the emulated API' },
  { lines: /^npm run try-upgrade\b/, why: 'test/aws/upgrades.test.ts runs it' },
  { lines: /^npm (test|run check|run test:\w+)$/, why: 'a pipeline runs them for each commit' },
  { lines: /^npm start\b/, why: 'test/lambda/embedded starts the service with these options' },
  { lines: /^(curl|df)\b/, why: 'programs of the machine; the address is an example' },
  {
    lines: /^aws logs tail\b/,
    why: 'version 2 of the AWS CLI alone has it, and what pip installs beside the emulator is version 1',
  },
  {
    lines: /^aws autoscaling describe-scaling-activities\b/,
    why: 'the emulator does not know the operation',
  },
  {
    lines: /^aws batch get-job-queue-snapshot\b/,
    why: 'the emulator does not know the operation',
  },
];

/** Lines of the runbooks that a walk runs, without duplicates, in the order of the pages. */
export function ownLines(): readonly string[] {
  const lines = runbookCommands().map(({ line }) => line.replace(/ +# .*$/, ''));
  return [...new Set(lines)].filter((line) => !elsewhere.some((each) => each.lines.test(line)));
}

/** Rows of the table above that no longer match a line. */
export function idleRows(): readonly string[] {
  const lines = runbookCommands().map(({ line }) => line);
  return elsewhere
    .filter((each) => !lines.some((line) => each.lines.test(line)))
    .map(({ lines: row }) => String(row));
}

/**
 * Creates what the lines name only as an example: a certificate, a bucket of another account, an earlier
 * version of the state, a lock that another run left behind. Also removes the outputs bucket from the state.
 *
 * @returns the replacement of each example
 */
export async function makeExamples(
  { shell, account }: Pick<WalkedAccount, 'account'> & { shell(lines: string): Promise<string> },
  stateBucket: string,
): Promise<Readonly<Record<string, string>>> {
  const state = `s3://${stateBucket}/aws-wps/PROD.tfstate`;
  const lock = '01234567-89ab-cdef-0123-456789abcdef';
  const terraform = 'terraform -chdir=cdktf.out/stacks/PROD';
  await shell(`npm run synth > /dev/null
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=wps.example.org -keyout key.pem -out certificate.pem 2> /dev/null
aws s3 mb s3://wps-prod-outputs-222222222222-ap-southeast-2`);
  const certificate = await shell(
    'aws acm import-certificate --certificate fileb://certificate.pem --private-key fileb://key.pem --query CertificateArn --output text',
  );
  const machines = await shell(
    "aws batch describe-job-queues --job-queues wps-prod-large --query 'jobQueues[0].computeEnvironmentOrder[0].computeEnvironment' --output text",
  );
  const bucket = await shell(`${terraform} init > /dev/null
${terraform} state list | grep ^aws_s3_bucket.outputs_bucket`);
  const version = await shell(`${terraform} state rm ${bucket} > /dev/null
aws s3api put-bucket-versioning --bucket ${stateBucket} --versioning-configuration Status=Enabled
aws s3 cp --quiet ${state} kept.tfstate
aws s3 cp --quiet kept.tfstate ${state}
echo '{"ID":"${lock}","Operation":"OperationTypeApply","Who":"them"}' | aws s3 cp --quiet - ${state}.tflock
aws s3api list-object-versions --bucket ${stateBucket} --prefix aws-wps/PROD.tfstate --query 'Versions[?IsLatest]|[0].VersionId' --output text`);
  return {
    'my-terraform-state': stateBucket,
    'versionId=abc': `versionId=${version}`,
    // Answers the command's question.
    [lock]: `-force ${lock}`,
    'aws_s3_bucket.outputs_bucket_0A1B2C3D': bucket,
    'arn:aws:acm:ap-southeast-2:123456789012:certificate/0a1b': certificate,
    'wps-prod-large-20260101000000000000000001': machines.split('/').at(-1) ?? '',
    // Version 1 of the CLI uses a separate address for SQS, whatever the variables say.
    'aws sqs ': 'aws --endpoint-url "$AWS_ENDPOINT_URL" sqs ',
    '--function-version 11': `--function-version ${await account.versionOf('wps-prod-requests', 'PROD')}`,
  };
}
