import { expect } from 'vitest';
import { describeFacts, type Fact } from './facts.ts';

const account = '123456789012';
const arn = (service: string, resource: string) =>
  `arn:aws:${service}:ap-southeast-2:${account}:${resource}`;

/**
 * The gateway and EventBridge call the function through its alias. A permission without the alias would let
 * neither call it.
 */
const byAlias = {
  qualifier: '{ENV}',
  action: 'lambda:InvokeFunction',
};
const events = ['RUNNABLE', 'RUNNING', 'SUCCEEDED', 'FAILED'];
const queues = ['small', 'timeseries', 'large'].map((queue) =>
  arn('batch', `job-queue/wps-{env}-${queue}`),
);

const calls: readonly Fact[] = [
  {
    says: 'of its API may be answered by the environment’s alias, and by no other stage',
    because: 'every request is answered 500, or another stage calls this environment',
    type: 'aws_lambda_permission',
    where: { principal: 'apigateway.amazonaws.com' },
    count: 1,
    has: {
      ...byAlias,
      source_arn: expect.stringMatching(
        /^\$?\{?aws_api_gateway_rest_api\.api\.execution_arn\}?\/(DEV|SYSTEST|RC|PROD)\/\*$/,
      ),
    },
  },
  ...['changes', 'sweep'].map(
    (rule): Fact => ({
      says: `of the rule ${rule} may be answered by the environment’s alias`,
      because: 'events are never followed, and records never repaired',
      type: 'aws_lambda_permission',
      where: { source_arn: arn('events', `rule/wps-{env}-job-${rule}`) },
      count: 1,
      has: { ...byAlias, principal: 'events.amazonaws.com' },
    }),
  ),
  ...['changes', 'sweep'].map(
    (rule): Fact => ({
      says: `of the rule ${rule} go to the alias that follows jobs, for an hour, then aside`,
      because: 'an event that is not taken at once is lost without a trace',
      type: 'aws_cloudwatch_event_target',
      where: { rule: `wps-{env}-job-${rule}` },
      count: 1,
      has: {
        arn: expect.stringMatching(/:function:[\w-]*job-events[\w-]*:(DEV|SYSTEST|RC|PROD)$/),
        dead_letter_config: { arn: arn('sqs', 'wps-{env}-dead-job-events') },
        retry_policy: { maximum_event_age_in_seconds: 3600, maximum_retry_attempts: 10 },
      },
    }),
  ),
  {
    says: 'that fail are tried twice more within an hour, then put aside',
    because: 'an event that could not be handled is lost without a trace',
    type: 'aws_lambda_function_event_invoke_config',
    where: { qualifier: '{ENV}' },
    count: 1,
    has: {
      maximum_retry_attempts: 2,
      maximum_event_age_in_seconds: 3600,
      destination_config: {
        on_failure: { destination: arn('sqs', 'wps-{env}-dead-job-events') },
      },
    },
  },
  ...[
    ['requests', 'wps'],
    ['job-events', 'job-events'],
  ].map(
    ([name, id]): Fact => ({
      says: `of the alias of ${name} run a version of that function`,
      because: 'requests reach the function that follows jobs, and events the one that answers',
      type: 'aws_lambda_alias',
      where: { function_name: `wps-{env}-${name}` },
      count: 1,
      has: {
        name: '{ENV}',
        function_version: `aws_lambda_function.functions_${id}_function.version`,
      },
    }),
  ),
  {
    says: 'that were put aside are kept for two weeks, encrypted',
    because: 'they are gone before anybody comes back from leave',
    type: 'aws_sqs_queue',
    count: 1,
    has: {
      name: 'wps-{env}-dead-job-events',
      message_retention_seconds: 1_209_600,
      sqs_managed_sse_enabled: true,
    },
  },
  {
    says: 'tell of starts, ends and new attempts in the environment’s own queues',
    because: 'a record learns nothing, or of jobs of another environment',
    type: 'aws_cloudwatch_event_rule',
    where: { name: 'wps-{env}-job-changes' },
    count: 1,
    has: {
      event_pattern: expect.stringContaining(`"status":${JSON.stringify(events)}`),
    },
  },
  ...[
    { path: 'the root', resource: 'aws_api_gateway_rest_api.api.root_resource_id' },
    { path: 'anything below it', resource: 'aws_api_gateway_resource.api_below.id' },
  ].map(
    ({ path, resource }): Fact => ({
      says: `of ${path} reach the alias by POST`,
      because: 'Lambda takes no other method, and every request is answered 500',
      type: 'aws_api_gateway_integration',
      where: { resource_id: resource },
      count: 1,
      has: {
        http_method: 'ANY',
        type: 'AWS_PROXY',
        integration_http_method: 'POST',
        timeout_milliseconds: 29_000,
        uri: `arn:aws:apigateway:ap-southeast-2:lambda:path/2015-03-31/functions/${arn('lambda', 'function:wps-{env}-requests')}:{ENV}/invocations`,
      },
    }),
  ),
  {
    says: 'of every path are routed: there is one route below the root, and it takes all',
    because: 'a protocol’s paths are answered 403 by the gateway',
    type: 'aws_api_gateway_resource',
    count: 1,
    has: {
      parent_id: 'aws_api_gateway_rest_api.api.root_resource_id',
      path_part: '{proxy+}',
    },
  },
  {
    says: 'pass byte for byte, at the region’s own endpoint',
    because: 'outputs and encoded requests arrive broken',
    type: 'aws_api_gateway_rest_api',
    count: 1,
    has: {
      binary_media_types: ['*/*'],
      endpoint_configuration: { types: ['REGIONAL'] },
      disable_execute_api_endpoint: false,
    },
  },
  {
    says: 'are logged by the stage, without their bodies, and counted for the stage as a whole',
    because: 'what they asked is in a log, or figures without a reader are paid for',
    type: 'aws_api_gateway_method_settings',
    count: 1,
    has: {
      method_path: '*/*',
      settings: { logging_level: 'OFF', data_trace_enabled: false, metrics_enabled: false },
    },
  },
  {
    says: 'are bounded as the settings of PROD say',
    because: 'one client takes the functions of an account',
    in: ['RC', 'PROD'],
    type: 'aws_api_gateway_method_settings',
    count: 1,
    has: { settings: { throttling_rate_limit: 100, throttling_burst_limit: 200 } },
  },
];

const trouble: readonly Fact[] = [
  ...[
    { rule: 'failed-jobs', type: 'Batch Job State Change', status: ['FAILED'] },
    { rule: 'blocked-queues', type: 'Batch Job Queue Blocked', status: undefined },
  ].map(
    ({ rule, type, status }): Fact => ({
      says: `of ${rule.replace('-', ' ')} is told by Batch, of the environment’s three queues`,
      because: 'what Batch says of it is written down nowhere',
      type: 'aws_cloudwatch_event_rule',
      where: {
        name: `wps-{env}-${rule}`,
        event_pattern: JSON.stringify({
          source: ['aws.batch'],
          'detail-type': [type],
          detail: { jobQueue: queues, ...(status ? { status } : {}) },
        }),
      },
      count: 1,
      has: {},
    }),
  ),
  ...['failed-jobs', 'blocked-queues'].map(
    (rule): Fact => ({
      says: `of ${rule.replace('-', ' ')} is kept in a log group that EventBridge may write to`,
      because: 'the reason is told and lost',
      type: 'aws_cloudwatch_event_target',
      where: { rule: `wps-{env}-${rule}` },
      count: 1,
      has: { arn: arn('logs', `log-group:/aws/events/wps-{env}-${rule}`) },
    }),
  ),
];

describeFacts('calls', calls);
describeFacts('trouble', trouble);
