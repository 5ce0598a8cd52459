import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import { resolved } from './resolved-references.ts';
import { type Grant, roleNamed } from './roles.ts';
import { resources, type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

const account = '123456789012';
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:ap-southeast-2:${account}:${resource}`;
const configuration = `arn:aws:s3:::wps-configuration-${account}-ap-southeast-2`;
const key = arn('kms', 'key/1');
const parameter = arn('ssm', 'parameter/one');
const secret = arn('secretsmanager', 'secret:two-AbCdEf');

/** Each of the actions on each of the resources, as lines. */
function may(actions: string, on: readonly string[], condition?: object): readonly string[] {
  const when = condition ? ` if ${JSON.stringify(condition)}` : '';
  return actions
    .split(' ')
    .flatMap((action) => on.map((resource) => `${action} ${resource}${when}`));
}

const writesLog = (group: string) =>
  may('logs:CreateLogStream logs:PutLogEvents', [arn('logs', `log-group:${group}:*`)]);

/** What both functions of an environment do. */
function ofFunction(env: string, name: string, kmsKeys: readonly string[]): readonly string[] {
  const outputs = `arn:aws:s3:::wps-${env}-outputs-${account}-ap-southeast-2`;
  const folders = (...names: string[]) => names.map((folder) => `${outputs}/${folder}/*`);
  const ENV = env.toUpperCase();
  return [
    ...writesLog(`/aws/lambda/wps-${env}-${name}`),
    ...may('s3:GetObject', [`${configuration}/${ENV}/*`, `${configuration}/$LATEST/*`]),
    ...may('s3:ListBucket', [configuration, outputs]),
    ...may(
      's3:GetObject s3:PutObject',
      folders(
        ...['jobs', 'unfinished', 'ended', 'index', 'idempotency', 'callbacks', 'mail', 'keys'],
      ),
    ),
    ...may(
      's3:DeleteObject',
      folders('jobs/*/outputs', 'unfinished', 'index', 'idempotency', 'callbacks', 'mail'),
    ),
    ...may('kms:Decrypt kms:GenerateDataKey', kmsKeys),
    ...may('batch:TerminateJob', [arn('batch', 'job/*')], {
      StringEquals: { 'aws:ResourceTag/WpsEnvironment': ENV },
    }),
    ...may('batch:DescribeJobs batch:ListJobs', ['*']),
  ];
}

const submissions = (env: string) => {
  const [queues, definitions] = ['job-queue', 'job-definition'].map((kind) =>
    arn('batch', `${kind}/wps-${env}-*`),
  ) as [string, string];
  const on = [queues, definitions, arn('batch', 'job/*')];
  return [
    ...may('batch:SubmitJob', on),
    ...may('batch:TagResource', on, {
      StringEquals: { 'aws:RequestTag/WpsEnvironment': env.toUpperCase() },
    }),
    ...may('batch:GetJobQueueSnapshot', [queues]),
  ];
};

const ofJob = (env: string, kmsKeys: readonly string[]) => {
  const outputs = `arn:aws:s3:::wps-${env}-outputs-${account}-ap-southeast-2`;
  return [
    ...may('s3:GetObject s3:PutObject s3:AbortMultipartUpload', [`${outputs}/jobs/*`]),
    ...may('s3:ListBucket', [outputs]),
    ...may('kms:Decrypt kms:GenerateDataKey', kmsKeys),
  ];
};

const ofAgent = (env: string) => [
  ...writesLog(`/aws/batch/wps-${env}-jobs`),
  ...may('ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer', [
    arn('ecr', 'repository/wps/*'),
  ]),
  ...may('ecr:GetAuthorizationToken', ['*']),
];

interface RoleFacts {
  readonly takenBy: string;
  /** Its own policies, as lines. */
  readonly may: readonly string[];
  /** Amazon’s policies that it has, by the name after `policy/`. */
  readonly has?: readonly string[];
}

const ofEnvironment = (env: string, kmsKeys: readonly string[]): Record<string, RoleFacts> => ({
  [`wps-${env}-requests`]: {
    takenBy: 'lambda.amazonaws.com',
    may: [...ofFunction(env, 'requests', kmsKeys), ...submissions(env)],
  },
  [`wps-${env}-job-events`]: {
    takenBy: 'lambda.amazonaws.com',
    may: [
      ...ofFunction(env, 'job-events', kmsKeys),
      ...may('sqs:SendMessage', [arn('sqs', `wps-${env}-dead-job-events`)]),
    ],
  },
  [`wps-${env}-job`]: { takenBy: 'ecs-tasks.amazonaws.com', may: ofJob(env, kmsKeys) },
  [`wps-${env}-execution`]: { takenBy: 'ecs-tasks.amazonaws.com', may: ofAgent(env) },
  [`wps-${env}-instance`]: {
    takenBy: 'ec2.amazonaws.com',
    may: [],
    has: ['service-role/AmazonEC2ContainerServiceforEC2Role'],
  },
});

const inDev = ofEnvironment('dev', [key]);
const more = (name: string, lines: readonly string[]): Record<string, RoleFacts> => {
  const facts = inDev[name];
  if (!facts) throw new Error(`there is no role ${name}`);
  return { [name]: { ...facts, may: [...facts.may, ...lines] } };
};

/** Every role: who takes it, and all that it may do. DEV has every option, PROD what is shipped. */
const expected: Readonly<Record<string, Readonly<Record<string, RoleFacts>>>> = {
  DEV: {
    ...inDev,
    ...more('wps-dev-job-events', [
      ...may(
        'ses:SendEmail',
        [arn('ses', 'identity/example.org'), arn('ses', 'configuration-set/wps-dev-mail')],
        { StringEquals: { 'ses:FromAddress': 'wps@example.org' } },
      ),
    ]),
    ...more('wps-dev-job', [
      ...may(
        'elasticfilesystem:ClientMount elasticfilesystem:ClientWrite',
        [arn('elasticfilesystem', 'file-system/fs-0123456789abcdef0')],
        {
          StringEquals: {
            'elasticfilesystem:AccessPointArn': arn(
              'elasticfilesystem',
              'access-point/fsap-0123456789abcdef0',
            ),
          },
        },
      ),
      ...may('s3:GetObject', ['arn:aws:s3:::archive/*']),
      ...may('s3:ListBucket', ['arn:aws:s3:::archive']),
    ]),
    ...more('wps-dev-execution', [
      ...may('ssm:GetParameters', [parameter]),
      ...may('secretsmanager:GetSecretValue', [secret]),
    ]),
  },
  PROD: {
    ...ofEnvironment('prod', []),
    'wps-prod-canary': {
      takenBy: 'lambda.amazonaws.com',
      may: writesLog('/aws/lambda/wps-prod-canary'),
    },
  },
  SHARED: {
    'wps-api-gateway-logs': {
      takenBy: 'apigateway.amazonaws.com',
      may: [],
      has: ['service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
    },
    'wps-job-image-builder': {
      takenBy: 'ec2.amazonaws.com',
      may: [],
      has: ['AmazonSSMManagedInstanceCore', 'EC2InstanceProfileForImageBuilder'],
    },
    'wps-job-image-lifecycle': {
      takenBy: 'imagebuilder.amazonaws.com',
      may: [],
      has: ['service-role/EC2ImageBuilderLifecycleExecutionPolicy'],
    },
  },
};

let stacks: Readonly<Record<string, SynthesisedConfiguration>>;
beforeAll(async () => {
  const everything = {
    ...dev,
    mail: { address: 'wps@example.org' },
    outputs: { ...dev.outputs, kmsKeyArn: key },
    processes: {
      ...dev.processes,
      own: {
        echo: {
          secrets: { ONE: parameter, TWO: `${secret}:password::` },
          buckets: ['archive'],
        },
      },
    },
  };
  ({ stacks } = await samplePlatform(
    {
      shared: { ...(installationData.shared as object), apiAccountRole: 'managed' },
      environments: [everything, { ...prod, release: dev.release }],
    },
    {
      catalogue: catalogue.map((process) =>
        process.identifier === 'echo'
          ? { ...process, job: { ...process.job, variables: ['ONE', 'TWO'] } }
          : process,
      ),
    },
  ));
});

const line = ({ action, resource, condition }: Grant) =>
  `${action} ${resource}${condition ? ` if ${JSON.stringify(condition)}` : ''}`;

function rolesOf(stack: string): Readonly<Record<string, RoleFacts>> {
  const configuration = stacks[stack];
  return Object.fromEntries(
    resources(configuration, 'aws_iam_role').map((role): [string, RoleFacts] => {
      const name = resolved(configuration, String(role['name']));
      const [trust] = JSON.parse(String(role['assume_role_policy'])).Statement;
      const has = resources(configuration, 'aws_iam_role_policy_attachment')
        .filter((each) => resolved(configuration, String(each['role'])) === name)
        .map(({ policy_arn }) => resolved(configuration, String(policy_arn)))
        .map((policy) => policy.replace('arn:aws:iam::aws:policy/', ''))
        .sort();
      return [
        name,
        {
          takenBy: trust.Principal.Service,
          may: roleNamed(name, { [stack]: configuration as SynthesisedConfiguration })
            .grants.map(line)
            .sort(),
          ...(has.length > 0 ? { has } : {}),
        },
      ];
    }),
  );
}

describe.each(Object.entries(expected))('every role of %s', (stack, roles) => {
  it(`${stack} has these roles, and no other`, () => {
    expect(Object.keys(rolesOf(stack)).sort()).toEqual(Object.keys(roles).sort());
  });

  it.each(Object.keys(roles))(
    'the role %s is taken by one service, and may do what its work needs and nothing else',
    (name) => {
      const facts = roles[name];
      expect(rolesOf(stack)[name]).toEqual({ ...facts, may: [...(facts?.may ?? [])].sort() });
    },
  );
});
