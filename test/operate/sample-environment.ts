import type { ReleaseRecord } from '../../stacks/constructs/release.ts';
import { type Answers, awsError, type Input } from './answering-aws.ts';

export const account = '123456789012';
const region = 'ap-southeast-2';
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
export const digestOf = (digit: string) => `sha256:${digit.repeat(64)}`;

/** The buckets of DEV. */
export const buckets = {
  configuration: `wps-configuration-${account}-${region}`,
  outputs: `wps-dev-outputs-${account}-${region}`,
};

/** The release that DEV runs, and the one before. */
export const [release, releaseBefore] = [1, 2].map(
  (age): ReleaseRecord => ({
    functions: {
      bucket: `wps-releases-${account}-${region}`,
      key: 'functions.zip',
      objectVersion: String(age),
      sha256: `package-${age}`,
      commit: `c0ffee${age}`,
    },
    machineImages: { dataVolume: `ami-${age}`, x86_64: 'ami-x', arm64: 'ami-a' },
    processImages: { echo: digestOf(String(age)) },
  }),
) as [ReleaseRecord, ReleaseRecord];

const queue = (name: string) => arn('batch', `job-queue/wps-dev-${name}`);
const definition = arn('batch', 'job-definition/wps-dev-echo:3');
export const role = (name: string) => `arn:aws:iam::${account}:role/wps-dev-${name}`;

/** The configuration file of DEV. */
export const configuration = [
  'STATUS_LOCATION=https://wps.example.org/DEV/wps/',
  'JOB_NAME=wps-dev-job',
  `JOB_QUEUE_NAME=${queue('small')}`,
  `JOB_QUEUE_NAME_SMALL=${queue('small')}`,
  `JOB_QUEUE_NAME_TIMESERIES=${queue('timeseries')}`,
  `JOB_QUEUE_NAME_LARGE=${queue('large')}`,
  `JOB_DEFINITION_ECHO=${definition}`,
  `AWS_REGION=${region}`,
  `OUTPUT_S3_BUCKET=${buckets.outputs}`,
].join('\n');

/** The value for a name, or the error of AWS for what does not exist. */
const oneOf = <T>(values: Readonly<Record<string, T>>, name: unknown, error: string): T => {
  const found = values[String(name)];
  if (found === undefined) throw awsError(error);
  return found;
};

/** The parts of a deployed DEV that checks look at. A test changes what it is about. */
export const healthy = {
  parameters: {
    '/releases/wps/SHARED/functions': JSON.stringify(release.functions),
    '/imagebuilder/wps/job-image': 'ami-1',
  } as Readonly<Record<string, string>>,
  /** Recorded releases by environment, oldest first. */
  history: { DEV: [releaseBefore, release] } as Readonly<Record<string, readonly ReleaseRecord[]>>,
  objects: { [`${buckets.configuration}/DEV/wps.properties`]: configuration } as Readonly<
    Record<string, string>
  >,
  /** Policies of buckets. */
  policies: {
    [buckets.configuration]: {},
    [buckets.outputs]: {
      Statement: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Action: ['s3:*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    },
  } as Readonly<Record<string, object | undefined>>,
  /** Versions of functions that the alias of DEV names. */
  aliases: { 'wps-dev-requests': '7', 'wps-dev-job-events': '7' } as Readonly<
    Record<string, string>
  >,
  /** Code of the versions of both functions. */
  versions: { 6: 'package-2', 7: 'package-1' } as Readonly<Record<string, string>>,
  state: 'Active',
  reserved: 20 as number | undefined,
  callers: {
    'wps-dev-requests': 'apigateway.amazonaws.com',
    'wps-dev-job-events': 'events.amazonaws.com',
  } as Readonly<Record<string, string>>,
  rules: {
    'wps-dev-job-changes': ['ENABLED', arn('lambda', 'function:wps-dev-job-events:DEV')],
    'wps-dev-job-sweep': ['ENABLED', arn('lambda', 'function:wps-dev-job-events:DEV')],
    'wps-dev-failed-jobs': ['ENABLED', arn('logs', 'log-group:/aws/events/wps-dev-failed-jobs:*')],
    'wps-dev-blocked-queues': [
      'ENABLED',
      arn('logs', 'log-group:/aws/events/wps-dev-blocked-queues'),
    ],
  } as Readonly<Record<string, readonly [string, string]>>,
  queues: Object.fromEntries(
    ['small', 'timeseries', 'large'].map((name) => [
      queue(name),
      { state: 'ENABLED', status: 'VALID', machines: [`machines-${name}`] },
    ]),
  ) as Readonly<
    Record<
      string,
      {
        readonly state: string;
        readonly status: string;
        readonly statusReason?: string;
        readonly machines: readonly string[];
      }
    >
  >,
  /** State and status of compute environments. */
  machines: {
    'machines-small': ['ENABLED', 'VALID'],
    'machines-timeseries': ['ENABLED', 'VALID'],
    'machines-large': ['ENABLED', 'VALID'],
  } as Readonly<Record<string, readonly [string, string]>>,
  /** Jobs by queue and state. */
  jobs: {} as Readonly<Record<string, number>>,
  definition: { status: 'ACTIVE', image: `${account}.dkr.ecr/wps/echo@${digestOf('1')}` },
  /** Digests in the registry of echo. */
  digests: [digestOf('1'), digestOf('2')] as readonly string[],
  /** States of machine images. */
  machineImages: { 'ami-1': 'available', 'ami-2': 'available' } as Readonly<Record<string, string>>,
  logGroups: ['/aws/batch/wps-dev-jobs', '/aws/batch/wps-dev-jobs-of-another'] as readonly string[],
  /** Actions that roles may not do. */
  denied: [] as readonly string[],
  quotas: {
    'vpc L-F678F1CE': 5,
    'ec2 L-1216C47A': 2000,
    'ec2 L-34B43A08': 2001,
    'fargate L-3032A538': 2002,
    'fargate L-36FBB829': 2003,
  } as Readonly<Record<string, number>>,
  concurrentExecutions: 1000,
  logRole: 'arn:aws:iam::123456789012:role/gateway',
  serviceRoles: ['AWSServiceRoleForBatch', 'AWSServiceRoleForEC2Spot'] as readonly string[],
};

export type SampleEnvironment = typeof healthy;

/** AWS's answers about an environment. */
export function answersOf(world: SampleEnvironment): Answers {
  const lines = (input: Input, name: string) => (input[name] ?? []) as readonly string[];
  const codeOf = ({ Qualifier }: Input) => (Qualifier ? world.versions[String(Qualifier)] : 'any');
  const nameOf = (queueArn: string) => queueArn.split('/').at(-1) ?? '';
  return {
    'sts GetCallerIdentity': () => ({ Account: account }),
    'ssm GetParameter': ({ Name }) => ({
      Parameter: { Value: oneOf(world.parameters, Name, 'ParameterNotFound') },
    }),
    'ssm GetParameterHistory': ({ Name }) => {
      const [, environment] = /^\/releases\/wps\/(\w+)\/release$/.exec(String(Name)) ?? [];
      const releases = oneOf(world.history, environment, 'ParameterNotFound');
      return {
        Parameters: releases.map((each, at) => ({
          Version: at + 1,
          LastModifiedDate: new Date(Date.UTC(2026, 0, at + 1)),
          Value: JSON.stringify(each),
        })),
      };
    },
    'ssm PutParameter': () => ({}),
    's3 GetObject': ({ Bucket, Key }) => {
      const text = oneOf(world.objects, `${Bucket}/${Key}`, 'NoSuchKey');
      return { Body: { transformToString: async () => text } };
    },
    's3 PutObject': () => ({}),
    's3 DeleteObject': () => ({}),
    's3 HeadBucket': ({ Bucket }) => oneOf({ ...world.policies }, Bucket, 'NotFound') && {},
    's3 GetBucketPolicy': ({ Bucket }) => {
      const policy = oneOf({ ...world.policies }, Bucket, 'NoSuchBucketPolicy') ?? {};
      if (Object.keys(policy).length === 0) throw awsError('NoSuchBucketPolicy');
      return { Policy: JSON.stringify(policy) };
    },
    'lambda GetAlias': ({ FunctionName, Name }) => ({
      FunctionVersion: oneOf(
        Name === 'DEV' ? world.aliases : {},
        FunctionName,
        'ResourceNotFoundException',
      ),
    }),
    'lambda GetFunctionConfiguration': (input) => ({
      CodeSha256: codeOf(input),
      State: world.state,
      StateReason: 'for a reason',
      Role: role(String(input['FunctionName']).replace('wps-dev-', '')),
    }),
    'lambda GetFunctionConcurrency': () => ({ ReservedConcurrentExecutions: world.reserved }),
    'lambda GetPolicy': ({ FunctionName, Qualifier }) => ({
      Policy: JSON.stringify({
        Service: oneOf(
          Qualifier === 'DEV' ? world.callers : {},
          FunctionName,
          'ResourceNotFoundException',
        ),
      }),
    }),
    'lambda ListVersionsByFunction': () => ({
      Versions: [
        { Version: '$LATEST', CodeSha256: 'package-1' },
        ...Object.entries(world.versions).map(([Version, CodeSha256]) => ({ Version, CodeSha256 })),
      ],
    }),
    'lambda GetAccountSettings': () => ({
      AccountLimit: { ConcurrentExecutions: world.concurrentExecutions },
    }),
    'events DescribeRule': ({ Name }) => ({
      State: oneOf(world.rules, Name, 'ResourceNotFoundException')[0],
    }),
    'events ListTargetsByRule': ({ Rule }) => ({
      Targets: [{ Arn: oneOf(world.rules, Rule, 'ResourceNotFoundException')[1] }],
    }),
    'batch DescribeJobQueues': (input) => ({
      jobQueues: lines(input, 'jobQueues').flatMap((asked) =>
        Object.entries(world.queues)
          .filter(([each]) => each === asked || nameOf(each) === asked)
          .map(([jobQueueArn, { machines, ...others }]) => ({
            jobQueueArn,
            jobQueueName: nameOf(jobQueueArn),
            ...others,
            computeEnvironmentOrder: machines.map((computeEnvironment) => ({ computeEnvironment })),
          })),
      ),
    }),
    'batch DescribeComputeEnvironments': (input) => ({
      computeEnvironments: lines(input, 'computeEnvironments').map((name) => {
        const [state, status] = oneOf(world.machines, name, 'ClientException');
        return { computeEnvironmentName: name, state, status, statusReason: 'for a reason' };
      }),
    }),
    'batch ListJobs': ({ jobQueue, jobStatus }) => ({
      jobSummaryList: Array(world.jobs[`${jobQueue} ${jobStatus}`] ?? 0).fill({}),
    }),
    'batch DescribeJobDefinitions': (input) => ({
      jobDefinitions: lines(input, 'jobDefinitions').map((jobDefinitionArn) => ({
        jobDefinitionArn,
        status: world.definition.status,
        containerProperties: {
          image: world.definition.image,
          jobRoleArn: role('job'),
          executionRoleArn: role('execution'),
          logConfiguration: { options: { 'awslogs-group': '/aws/batch/wps-dev-jobs' } },
        },
      })),
    }),
    'ecr DescribeImages': ({ repositoryName, imageIds }) => {
      const [{ imageDigest } = { imageDigest: '' }] = imageIds as { imageDigest: string }[];
      if (repositoryName !== 'wps/echo') throw awsError('RepositoryNotFoundException');
      if (!world.digests.includes(imageDigest)) throw awsError('ImageNotFoundException');
      return { imageDetails: [{ imageDigest }] };
    },
    'ec2 DescribeImages': (input) => ({
      Images: lines(input, 'ImageIds').map((id) => ({
        State: oneOf(world.machineImages, id, 'InvalidAMIID.NotFound'),
      })),
    }),
    'ec2 DescribeVpcs': () => ({
      Vpcs: [{ Tags: [{ Key: 'Owner', Value: 'x' }] }, { Tags: [{ Key: 'Name', Value: 'a' }] }],
    }),
    'logs DescribeLogGroups': ({ logGroupNamePrefix }) => ({
      logGroups: world.logGroups
        .filter((name) => name.startsWith(String(logGroupNamePrefix)))
        .map((logGroupName) => ({ logGroupName })),
    }),
    'iam SimulatePrincipalPolicy': (input) => ({
      EvaluationResults: lines(input, 'ActionNames').map((EvalActionName) => ({
        EvalActionName,
        EvalDecision: world.denied.includes(EvalActionName) ? 'implicitDeny' : 'allowed',
      })),
    }),
    'iam GetRole': ({ RoleName }) => {
      if (!world.serviceRoles.includes(String(RoleName))) throw awsError('NoSuchEntityException');
      return {};
    },
    'quotas GetServiceQuota': ({ ServiceCode, QuotaCode }) => ({
      Quota: { Value: world.quotas[`${ServiceCode} ${QuotaCode}`] },
    }),
    'apigateway GetAccount': () => ({ cloudwatchRoleArn: world.logRole }),
  };
}
