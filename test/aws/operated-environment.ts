import {
  CreateJobQueueCommand,
  DescribeComputeEnvironmentsCommand,
  RegisterJobDefinitionCommand,
} from '@aws-sdk/client-batch';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client, RegisterImageCommand } from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { strToU8, zipSync } from 'fflate';
import type { ReleaseRecord } from '../../stacks/constructs/release.ts';
import { batchClient, createBatchResources } from './batch-resources.ts';
import { bucketsOf } from './buckets.ts';
import { type Emulator, emulatedAccount, emulatedRegion } from './emulator.ts';

const account = `${emulatedAccount}-${emulatedRegion}`;

/** What may call the functions of DEV. */
export const devCallers = [
  ['wps-dev-requests', 'gateway', 'apigateway.amazonaws.com'],
  ['wps-dev-job-events', 'events', 'events.amazonaws.com'],
].map(([FunctionName, StatementId, Principal]) => ({
  FunctionName,
  Qualifier: 'DEV',
  StatementId,
  Action: 'lambda:InvokeFunction',
  Principal,
}));

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${emulatedRegion}:${emulatedAccount}:${resource}`;

/** Rules of DEV, and what each calls. */
export const devRules: Readonly<Record<string, string>> = {
  'wps-dev-job-changes': arn('lambda', 'function:wps-dev-job-events:DEV'),
  'wps-dev-job-sweep': arn('lambda', 'function:wps-dev-job-events:DEV'),
  'wps-dev-failed-jobs': arn('logs', 'log-group:/aws/events/wps-dev-failed-jobs'),
  'wps-dev-blocked-queues': arn('logs', 'log-group:/aws/events/wps-dev-blocked-queues'),
};

/** The log of the containers of DEV's jobs. */
export const devJobLog = '/aws/batch/wps-dev-jobs';

/** Buckets of DEV, with the names that its stack gives them. */
export const devBuckets = {
  configuration: `wps-configuration-${account}`,
  outputs: `wps-dev-outputs-${account}`,
} as const;

export interface OperatedEnvironment {
  readonly batch: ReturnType<typeof batchClient>;
  readonly buckets: ReturnType<typeof bucketsOf>;
  readonly ecr: ECRClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly ssm: SSMClient;
  readonly release: ReleaseRecord;
  /** Records a release as DEV's newest. */
  record(release: ReleaseRecord): Promise<void>;
}

/**
 * The parts of DEV that operators inspect, created by a few calls of the SDK as its stack creates them. The
 * tests that apply the stack check that the names are the same.
 */
export async function createOperatedEnvironment(emulator: Emulator): Promise<OperatedEnvironment> {
  const settings = {
    endpoint: emulator.endpoint,
    region: emulatedRegion,
    credentials: { accessKeyId: 'emulated', secretAccessKey: 'emulated' },
  };
  const buckets = bucketsOf(emulator);
  const batch = batchClient(emulator);
  const [ecr, events, iam, lambda, ssm] = [
    new ECRClient(settings),
    new EventBridgeClient(settings),
    new IAMClient(settings),
    new LambdaClient(settings),
    new SSMClient(settings),
  ];
  for (const bucket of Object.values(devBuckets)) await buckets.create(bucket);
  await createBatchResources(emulator, { queues: [], jobDefinitions: [] });
  const { computeEnvironments: [machines] = [] } = await batch.send(
    new DescribeComputeEnvironmentsCommand({}),
  );
  for (const queue of ['small', 'timeseries', 'large']) {
    await batch.send(
      new CreateJobQueueCommand({
        jobQueueName: `wps-dev-${queue}`,
        priority: 1,
        state: 'ENABLED',
        computeEnvironmentOrder: [
          { order: 1, computeEnvironment: machines?.computeEnvironmentArn ?? '' },
        ],
      }),
    );
  }

  const role = async (name: string, statements: readonly object[]) => {
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
      }),
    );
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: 'own',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
      }),
    );
    return Role?.Arn ?? '';
  };
  const may = (...actions: string[]) => ({ Effect: 'Allow', Action: actions, Resource: '*' });
  const keepsJobs = may('s3:*', 'logs:*');
  const execution = await role('wps-dev-execution', [may('ecr:*', 'logs:*')]);
  const job = await role('wps-dev-job', [may('s3:GetObject', 's3:PutObject', 's3:ListBucket')]);
  const code = zipSync({ 'handler.js': strToU8('export const handler = () => undefined;') });
  let sha256 = '';
  for (const [part, statement] of [
    ['requests', may('batch:*')],
    ['job-events', may('batch:*', 'sqs:SendMessage')],
  ] as const) {
    const FunctionName = `wps-dev-${part}`;
    const { CodeSha256 = '', Version } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs22.x',
        Handler: 'handler.handler',
        Role: await role(FunctionName, [keepsJobs, statement]),
        Code: { ZipFile: code },
        Publish: true,
      }),
    );
    sha256 = CodeSha256;
    await lambda.send(
      new CreateAliasCommand({ FunctionName, Name: 'DEV', FunctionVersion: Version }),
    );
  }
  for (const caller of devCallers) await lambda.send(new AddPermissionCommand(caller));
  for (const [Name, Arn] of Object.entries(devRules)) {
    await events.send(new PutRuleCommand({ Name, ScheduleExpression: 'rate(5 minutes)' }));
    await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'own', Arn }] }));
  }

  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'wps/echo' }));
  const { image } = await ecr.send(
    new PutImageCommand({
      repositoryName: 'wps/echo',
      imageTag: '0.1.0',
      imageManifest: JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
        config: { digest: 'echo' },
      }),
    }),
  );
  const digest = image?.imageId?.imageDigest ?? '';
  const logs = new CloudWatchLogsClient(settings);
  await logs.send(new CreateLogGroupCommand({ logGroupName: devJobLog }));
  const { jobDefinitionArn = '' } = await batch.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName: 'wps-dev-echo',
      type: 'container',
      containerProperties: {
        image: `${emulatedAccount}.dkr.ecr.${emulatedRegion}.amazonaws.com/wps/echo@${digest}`,
        jobRoleArn: job,
        executionRoleArn: execution,
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': devJobLog } },
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '512' },
        ],
      },
    }),
  );
  const { ImageId = '' } = await new EC2Client(settings).send(
    new RegisterImageCommand({ Name: 'jobs' }),
  );
  await buckets.put(
    devBuckets.configuration,
    'DEV/wps.properties',
    [
      'STATUS_LOCATION=https://wps.invalid/DEV/wps/',
      'JOB_NAME=wps-dev-job',
      'JOB_QUEUE_NAME=wps-dev-small',
      'JOB_QUEUE_NAME_SMALL=wps-dev-small',
      'JOB_QUEUE_NAME_TIMESERIES=wps-dev-timeseries',
      'JOB_QUEUE_NAME_LARGE=wps-dev-large',
      `JOB_DEFINITION_ECHO=${jobDefinitionArn}`,
      `AWS_REGION=${emulatedRegion}`,
      `OUTPUT_S3_BUCKET=${devBuckets.outputs}`,
      'JOB_OVERDUE_SECONDS=1',
    ].join('\n'),
  );
  const release: ReleaseRecord = {
    functions: {
      bucket: `wps-releases-${account}`,
      key: 'functions.zip',
      objectVersion: '1',
      sha256,
      commit: 'c0ffee',
    },
    machineImages: { dataVolume: ImageId, x86_64: 'ami-1', arm64: 'ami-2' },
    processImages: { echo: digest },
  };
  const put = (Name: string, Value: string) =>
    ssm.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
  const record = async (recorded: ReleaseRecord) => {
    await put('/releases/wps/DEV/release', JSON.stringify(recorded));
  };
  await record(release);
  await put('/releases/wps/SHARED/functions', JSON.stringify(release.functions));
  await put('/imagebuilder/wps/job-image', ImageId);
  return { batch, buckets, ecr, events, iam, lambda, ssm, release, record };
}
