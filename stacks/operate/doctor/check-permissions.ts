import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { AwsConfiguration } from '../../../lambda/configuration/configuration.ts';
import { configurationFilename } from '../../names.ts';
import type { AwsAccount } from '../aws-account.ts';
import type { ProcessDefinition } from './check-images.ts';
import { broken, type Finding, ok } from './finding.ts';

/** Calls that a role makes regularly, on one resource. */
interface Need {
  readonly actions: readonly string[];
  readonly resource: string;
  /** Values for the keys in conditions of policies. */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * Checks, by IAM's own simulation, that the roles of functions and jobs may do what their code does. Policies
 * of resources and of organisations are not evaluated.
 */
export async function checkPermissions(
  account: AwsAccount,
  configuration: AwsConfiguration,
  definitions: readonly ProcessDefinition[],
): Promise<readonly Finding[]> {
  const needs = await needsOfRoles(account, configuration, definitions);
  const found = await Promise.all(
    [...needs].map(([role, needed]) => checkRole(account, role, needed)),
  );
  return found.flat();
}

async function needsOfRoles(
  account: AwsAccount,
  configuration: AwsConfiguration,
  definitions: readonly ProcessDefinition[],
): Promise<ReadonlyMap<string, readonly Need[]>> {
  const { environment, region, id } = account;
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${region}:${id}:${resource}`;
  const outputs = `arn:aws:s3:::${configuration.outputBucket}`;
  const folder = `${outputs}/${configuration.outputPrefix}`;
  const context = {
    'aws:ResourceTag/WpsEnvironment': environment,
    'aws:RequestTag/WpsEnvironment': environment,
  };
  const followsJobs: readonly Need[] = [
    {
      actions: ['s3:GetObject'],
      resource: `arn:aws:s3:::${account.configurationBucket}/${environment}/${configurationFilename}`,
    },
    { actions: ['s3:ListBucket'], resource: outputs },
    { actions: ['s3:GetObject', 's3:PutObject'], resource: `${folder}jobs/some/job.json` },
    { actions: ['s3:PutObject', 's3:DeleteObject'], resource: `${folder}unfinished/some` },
    { actions: ['batch:DescribeJobs', 'batch:ListJobs'], resource: '*' },
    { actions: ['batch:TerminateJob'], resource: arn('batch', 'job/some'), context },
  ];
  const looksAtQueues = Object.values(configuration.queues).map(
    (queue): Need => ({
      actions: ['batch:GetJobQueueSnapshot'],
      resource: asArn(queue, 'job-queue'),
    }),
  );
  const submits = [
    ...Object.values(configuration.queues).map((queue) => asArn(queue, 'job-queue')),
    ...Object.values(configuration.jobDefinitions).map((each) => asArn(each, 'job-definition')),
  ].map(
    (resource): Need => ({ actions: ['batch:SubmitJob', 'batch:TagResource'], resource, context }),
  );
  function asArn(name: string, kind: string): string {
    return name.startsWith('arn:') ? name : arn('batch', `${kind}/${name}`);
  }
  const logs = (group: string): Need => ({
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: arn('logs', `log-group:${group}:log-stream:some`),
  });
  const needs = new Map<string, readonly Need[]>();
  for (const [part, more] of [
    ['requests', [...submits, ...looksAtQueues]],
    [
      'job-events',
      [{ actions: ['sqs:SendMessage'], resource: arn('sqs', account.name('dead-job-events')) }],
    ],
  ] as const) {
    const FunctionName = account.name(part);
    const { Role } = await account.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    );
    if (Role) needs.set(Role, [...followsJobs, ...more, logs(`/aws/lambda/${FunctionName}`)]);
  }
  for (const { definition } of definitions) {
    const { jobRoleArn, executionRoleArn, image = '' } = definition?.containerProperties ?? {};
    if (jobRoleArn) {
      needs.set(jobRoleArn, [
        { actions: ['s3:GetObject', 's3:PutObject'], resource: `${folder}jobs/some/job.json` },
        { actions: ['s3:ListBucket'], resource: outputs },
      ]);
    }
    const repository = /^[^/]+\/([^@:]+)/.exec(image)?.[1];
    if (executionRoleArn && repository !== undefined) {
      needs.set(executionRoleArn, [
        { actions: ['ecr:GetAuthorizationToken'], resource: '*' },
        ...(needs.get(executionRoleArn) ?? []).filter(({ resource }) =>
          resource.includes(':repository/'),
        ),
        {
          actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          resource: arn('ecr', `repository/${repository}`),
        },
        logs(`/aws/batch/${account.name('jobs')}`),
      ]);
    }
  }
  return needs;
}

async function checkRole(
  { iam, environment }: AwsAccount,
  role: string,
  needs: readonly Need[],
): Promise<readonly Finding[]> {
  const denied: string[] = [];
  for (const { actions, resource, context = {} } of needs) {
    const { EvaluationResults = [] } = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: role,
        ActionNames: [...actions],
        ResourceArns: [resource],
        ContextEntries: Object.entries(context).map(([ContextKeyName, value]) => ({
          ContextKeyName,
          ContextKeyType: 'string',
          ContextKeyValues: [value],
        })),
      }),
    );
    for (const { EvalActionName, EvalDecision } of EvaluationResults) {
      if (EvalDecision !== 'allowed') denied.push(`${EvalActionName} on ${resource}`);
    }
  }
  const subject = `role ${role.split('/').at(-1)}`;
  return denied.length === 0
    ? [ok(subject, 'it may do all that its code does')]
    : [broken(subject, `it may not ${denied.join(', ')}`, `npx cdktf deploy ${environment}`)];
}
