import { expect } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { describeFacts, environmentNames, type Fact } from './facts.ts';

const containing = (...texts: readonly string[]) =>
  expect.arrayContaining(texts.map((text) => expect.stringContaining(text)));

/** Reserved concurrent executions in the settings: for requests, and for events of jobs. */
const setAside: Readonly<Record<(typeof environmentNames)[number], readonly [number, number]>> = {
  DEV: [20, 5],
  SYSTEST: [50, 10],
  RC: [100, 20],
  PROD: [400, 50],
};

const functions: readonly Fact[] = [
  ...[
    { name: 'requests', id: 'wps', handler: 'lambda/handler.handler', timeout: 29 },
    { name: 'job-events', id: 'job-events', handler: 'lambda/job-events.handler', timeout: 240 },
  ].flatMap(({ name, id, handler, timeout }): readonly Fact[] => [
    {
      says: `${name} has the time that its work takes, and publishes a version with each change`,
      because:
        'it is ended in the midst of its work, or answers when the gateway has given up; or new code is never called',
      type: 'aws_lambda_function',
      where: { function_name: `wps-{env}-${name}` },
      count: 1,
      has: {
        handler,
        timeout,
        memory_size: 1024,
        runtime: 'nodejs22.x',
        architectures: ['arm64'],
        publish: true,
        environment: {
          variables: {
            CONFIGURATION_S3_BUCKET: 'wps-configuration-123456789012-ap-southeast-2',
            CONFIG_FILENAME: 'wps.properties',
          },
        },
      },
    },
    {
      says: `${name} is made of the package of the release, and again when that has other content`,
      because: 'a new release changes nothing, or each deployment makes a version',
      type: 'aws_lambda_function',
      where: { function_name: `wps-{env}-${name}` },
      count: 1,
      has: {
        s3_bucket: expect.stringMatching(/\bbucket\b/),
        s3_key: expect.stringMatching(/\bkey\b/),
        s3_object_version: expect.stringMatching(/\bobjectVersion\b/),
        source_code_hash: expect.stringMatching(/\bsha256\b/),
      },
    },
    {
      says: `${name} is there after its log group and its rights`,
      because: 'a first call makes a log group that is kept for ever, or is refused',
      type: 'aws_lambda_function',
      where: { function_name: `wps-{env}-${name}` },
      count: 1,
      has: {
        depends_on: containing(
          `aws_cloudwatch_log_group.functions_${id}_log-group`,
          `aws_iam_role_policy.functions_${id}_role_`,
        ),
      },
    },
  ]),
  ...environmentNames.flatMap((name) =>
    (['requests', 'job-events'] as const).map(
      (which, position): Fact => ({
        says: `${which} of ${name} has the executions that are set aside for it`,
        because: 'events are followed at the rate of requests, and requests at that of events',
        in: [name],
        type: 'aws_lambda_function',
        where: { function_name: `wps-{env}-${which}` },
        count: 1,
        has: { reserved_concurrent_executions: setAside[name][position] },
      }),
    ),
  ),
];

const events: readonly Fact[] = [
  {
    says: 'are put aside by rules of the environment, and by no one else',
    because: 'undelivered events are lost, or anybody fills the queue',
    type: 'aws_sqs_queue_policy',
    count: 1,
    has: {
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'UndeliveredEvents',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: ['sqs:SendMessage'],
            Resource: ['arn:aws:sqs:ap-southeast-2:123456789012:wps-{env}-dead-job-events'],
            Condition: {
              ArnLike: {
                'aws:SourceArn': 'arn:aws:events:ap-southeast-2:123456789012:rule/wps-{env}-*',
              },
            },
          },
        ],
      }),
    },
  },
  {
    says: 'that were lost are looked for every five minutes',
    because: 'a job whose event was lost runs for hours in its record',
    type: 'aws_cloudwatch_event_rule',
    where: { name: 'wps-{env}-job-sweep' },
    count: 1,
    has: { schedule_expression: 'rate(5 minutes)' },
  },
];

describeFacts('the function', functions);
describeFacts('events', events);
describeFacts('the canary', [
  {
    says: 'has the memory that its requests over each protocol take',
    because: 'it breaks off, and raises an alarm although the service is well',
    in: ['RC', 'PROD'],
    type: 'aws_lambda_function',
    where: { handler: 'lambda/canary.handler' },
    count: 1,
    has: {
      memory_size: 256,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      source_code_hash: expect.stringMatching(/\bsha256\b/),
      depends_on: containing(
        'aws_cloudwatch_log_group.canary_log-group',
        'aws_iam_role_policy.canary_role_',
      ),
    },
  },
  {
    says: 'is called by its schedule',
    because: 'it never runs, and its alarm goes off for ever',
    in: ['RC', 'PROD'],
    type: 'aws_cloudwatch_event_target',
    where: { rule: 'wps-{env}-canary' },
    count: 1,
    has: { arn: 'arn:aws:lambda:ap-southeast-2:123456789012:function:wps-{env}-canary' },
  },
  {
    says: 'lets its schedule call it, and no other rule',
    because: 'it never runs, and its alarm goes off for ever',
    in: ['RC', 'PROD'],
    type: 'aws_lambda_permission',
    where: { function_name: 'wps-{env}-canary' },
    count: 1,
    has: {
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      source_arn: 'arn:aws:events:ap-southeast-2:123456789012:rule/wps-{env}-canary',
    },
  },
  {
    says: 'does not repeat a run that found a fault',
    because:
      'jobs of the repetition compete with those of the next run, and one fault counts thrice',
    in: ['RC', 'PROD'],
    type: 'aws_lambda_function_event_invoke_config',
    where: { function_name: 'wps-{env}-canary' },
    count: 1,
    has: { maximum_retry_attempts: 0 },
  },
]);
describeFacts(
  'the function that sends mails',
  [
    {
      says: 'may send from the address of the settings, and from no other',
      because: 'it sends nothing, or in anybody’s name',
      in: ['DEV'],
      type: 'aws_iam_role_policy',
      where: { name: 'DEV', role: 'wps-dev-job-events' },
      count: 1,
      has: {
        policy: expect.stringMatching(
          /"Action":\["ses:SendEmail"\],"Resource":\["[^"]*:identity\/example\.org","[^"]*:configuration-set\/wps-dev-mail"\],"Condition":\{"StringEquals":\{"ses:FromAddress":"wps@example\.org"\}\}/,
        ),
      },
    },
  ],
  {
    ...installationData,
    environments: [{ ...dev, mail: { address: 'wps@example.org', identity: 'existing' } }],
  },
);
