import { expect } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { describeFacts, environmentNames, type Fact } from './facts.ts';

const topic = 'arn:aws:sns:ap-southeast-2:123456789012:wps-{env}-alarms';
const service = { service: 'wps', environment: '{ENV}' };
const api = { ApiName: 'wps-{env}-api', Stage: '{ENV}' };
const rule = { RuleName: 'wps-{env}-blocked-queues' };
const deadLetters = { QueueName: 'wps-{env}-dead-job-events' };
/** CloudWatch counts an alias's errors in addition to those of the whole function. */
const ofAlias = (name: string) => ({
  FunctionName: `wps-{env}-${name}`,
  Resource: `wps-{env}-${name}:{ENV}`,
});

interface Alarm {
  readonly name: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
  readonly statistic: 'Sum' | 'Maximum';
  readonly minutes: number;
  readonly above: number;
  readonly else: string;
}

const alarms: readonly Alarm[] = [
  {
    name: 'function-errors',
    metric: 'AWS/Lambda Errors',
    dimensions: ofAlias('requests'),
    statistic: 'Sum',
    minutes: 5,
    above: 0,
    else: 'a function that breaks off is found by its users',
  },
  {
    name: 'throttled-requests',
    metric: 'AWS/Lambda Throttles',
    dimensions: ofAlias('requests'),
    statistic: 'Sum',
    minutes: 5,
    above: 0,
    else: 'users are turned away, and no one knows that too little is set aside',
  },
  {
    name: 'job-events-errors',
    metric: 'AWS/Lambda Errors',
    dimensions: ofAlias('job-events'),
    statistic: 'Sum',
    minutes: 15,
    above: 2,
    else: 'records fall behind, or one event that is tried again wakes somebody',
  },
  {
    name: 'api-5xx',
    metric: 'AWS/ApiGateway 5XXError',
    dimensions: api,
    statistic: 'Sum',
    minutes: 5,
    above: 2,
    else: 'clients get server errors that the function knows nothing of',
  },
  {
    name: 'requests-failed',
    metric: 'WPS RequestsFailed',
    dimensions: service,
    statistic: 'Sum',
    minutes: 5,
    above: 0,
    else: 'faults of the service hide behind answers that Lambda calls good',
  },
  {
    name: 'failed-jobs',
    metric: 'WPS JobsFailed',
    dimensions: service,
    statistic: 'Sum',
    minutes: 60,
    above: 3,
    else: 'a broken process fails every job unnoticed',
  },
  {
    name: 'jobs-waiting',
    metric: 'WPS LongestWaitingTime',
    dimensions: service,
    statistic: 'Maximum',
    minutes: 15,
    // The metric is in seconds and the setting in minutes.
    above: 30 * 60,
    else: 'jobs wait for hours, or every job that waits a minute wakes somebody',
  },
  {
    name: 'configuration-faults',
    metric: 'WPS ConfigurationFaults',
    dimensions: service,
    statistic: 'Sum',
    minutes: 5,
    above: 0,
    else: 'a file that cannot be used goes unnoticed until the last good one is forgotten',
  },
  {
    name: 'submissions-failed',
    metric: 'WPS SubmissionsFailed',
    dimensions: service,
    statistic: 'Sum',
    minutes: 5,
    above: 0,
    else: 'Batch takes no job, and users are told to try again',
  },
  {
    name: 'blocked-queues',
    metric: 'AWS/Events TriggeredRules',
    dimensions: rule,
    statistic: 'Sum',
    minutes: 15,
    above: 0,
    else: 'a queue stands still',
  },
  {
    name: 'dead-letters',
    metric: 'AWS/SQS ApproximateNumberOfMessagesVisible',
    dimensions: deadLetters,
    statistic: 'Maximum',
    minutes: 5,
    above: 0,
    else: 'events that could not be followed stay unread',
  },
];
const factsOf = ({ above, minutes, ...alarm }: Alarm): Fact['has'] => {
  const [namespace, metric_name] = alarm.metric.split(' ');
  return {
    namespace,
    metric_name,
    dimensions: alarm.dimensions,
    statistic: alarm.statistic,
    period: minutes * 60,
    evaluation_periods: 1,
    comparison_operator: 'GreaterThanThreshold',
    threshold: above,
    treat_missing_data: 'notBreaching',
    alarm_actions: [topic],
    ok_actions: [topic],
  };
};
const none = { statistic: 'Sum', above: 0 } as const;

describeFacts('an alarm', [
  ...alarms.map((alarm): Fact => {
    return {
      says: `${alarm.name} goes off above ${alarm.above} of ${alarm.metric} within ${alarm.minutes} minutes, and tells when it is over`,
      because: alarm.else,
      type: 'aws_cloudwatch_metric_alarm',
      where: { alarm_name: `wps-{env}-${alarm.name}` },
      count: 1,
      has: factsOf(alarm),
    };
  }),
  {
    says: 'canary goes off when one of two runs finds a fault, or when there is no run',
    because: 'without it, users would be the first to notice that the service does not answer',
    in: ['RC', 'PROD'],
    type: 'aws_cloudwatch_metric_alarm',
    where: { alarm_name: 'wps-{env}-canary' },
    count: 1,
    has: {
      ...factsOf({
        ...none,
        name: 'canary',
        metric: 'AWS/Lambda Errors',
        dimensions: { FunctionName: 'wps-{env}-canary' },
        minutes: 30,
        else: '',
      }),
      treat_missing_data: 'breaching',
    },
  },
  {
    says: 'failed-image-builds of SHARED goes off at the first failure within an hour',
    because: 'machines start from ever older images, and no one knows why',
    in: ['SHARED'],
    type: 'aws_cloudwatch_metric_alarm',
    count: 1,
    has: {
      ...factsOf({
        ...none,
        name: 'failed-image-builds',
        metric: 'AWS/Events TriggeredRules',
        dimensions: { RuleName: 'wps-failed-image-builds' },
        minutes: 60,
        else: '',
      }),
      alarm_actions: ['arn:aws:sns:ap-southeast-2:123456789012:wps-alarms'],
      ok_actions: ['arn:aws:sns:ap-southeast-2:123456789012:wps-alarms'],
    },
  },
  {
    says: 'is one of these, each with a meaning that says where to look',
    because: 'a person is woken by what no one can act upon',
    in: ['DEV', 'SYSTEST'],
    type: 'aws_cloudwatch_metric_alarm',
    count: alarms.length,
    has: { alarm_description: expect.stringMatching(/^.{40,}\.$/) },
  },
  {
    says: 'is one of these, or that of the canary, where there is one',
    because: 'a person is woken by what no one can act upon',
    in: ['RC', 'PROD'],
    type: 'aws_cloudwatch_metric_alarm',
    count: alarms.length + 1,
    has: { alarm_description: expect.stringMatching(/^.{40,}\.$/), alarm_actions: [topic] },
  },
]);

const monthly: Readonly<Record<string, string>> = {
  DEV: '150.0',
  SYSTEST: '200.0',
  RC: '300.0',
  PROD: '1000.0',
};
const notification = (notification_type: string, threshold: number) => ({
  notification_type,
  threshold,
  threshold_type: 'PERCENTAGE',
  comparison_operator: 'GREATER_THAN',
  subscriber_sns_topic_arns: [topic],
});

describeFacts('the budget', [
  ...environmentNames.map(
    (name): Fact => ({
      says: `of ${name} counts this environment alone, and tells at 80 % spent and 100 % forecast`,
      because: 'it counts the whole account, or tells when the money is gone',
      in: [name],
      type: 'aws_budgets_budget',
      count: 1,
      has: {
        budget_type: 'COST',
        time_unit: 'MONTHLY',
        limit_amount: monthly[name],
        limit_unit: 'USD',
        cost_filter: [{ name: 'TagKeyValue', values: ['user:Environment\u0024{ENV}'] }],
        notification: [notification('ACTUAL', 80), notification('FORECASTED', 100)],
      },
    }),
  ),
]);

describeFacts(
  'the topic of alarms',
  [
    {
      says: 'has the address of the settings subscribed to it',
      because: 'alarms notify no one',
      in: ['DEV'],
      type: 'aws_sns_topic_subscription',
      count: 1,
      has: {
        topic_arn: topic,
        protocol: 'email',
        endpoint: 'operations@example.org',
      },
    },
    {
      says: 'waits for no more failed jobs, and no longer, than the settings say',
      because: 'the settings mean nothing',
      in: ['DEV'],
      type: 'aws_cloudwatch_metric_alarm',
      where: { alarm_name: 'wps-dev-jobs-waiting' },
      count: 1,
      has: { threshold: 420 },
    },
    {
      says: 'hears of as many failed jobs in an hour as the settings allow',
      because: 'the settings mean nothing',
      in: ['DEV'],
      type: 'aws_cloudwatch_metric_alarm',
      where: { alarm_name: 'wps-dev-failed-jobs' },
      count: 1,
      has: { threshold: 9, period: 3600 },
    },
    {
      says: 'of SHARED has the address of SHARED’s settings subscribed to it',
      because: 'failed builds of images notify no one',
      in: ['SHARED'],
      type: 'aws_sns_topic_subscription',
      count: 1,
      has: {
        topic_arn: 'arn:aws:sns:ap-southeast-2:123456789012:wps-alarms',
        protocol: 'email',
        endpoint: 'images@example.org',
      },
    },
  ],
  {
    shared: { ...(installationData.shared as object), alarms: { email: 'images@example.org' } },
    environments: [
      {
        ...dev,
        alarms: { email: 'operations@example.org', waitingMinutes: 7, failedJobsPerHour: 9 },
      },
    ],
  },
);
