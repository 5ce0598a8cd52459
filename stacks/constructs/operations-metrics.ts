import type { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias/index.js';
import {
  commonDimensions,
  type MetricName,
  metricsNamespace,
} from '../../lambda/configuration/metric-names.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { JobTrouble } from './job-trouble.ts';
import type { WpsApi } from './wps-api.ts';

/** A CloudWatch metric, for alarms and the dashboard. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** How often an EventBridge rule was triggered. */
export function eventsOfRule(rule: string): Metric {
  return {
    namespace: 'AWS/Events',
    metricName: 'TriggeredRules',
    dimensions: { RuleName: rule },
  };
}

export interface MetricSources {
  readonly environment: string;
  readonly wps: LambdaAlias;
  readonly jobEvents: LambdaAlias;
  readonly api: WpsApi;
  readonly trouble: JobTrouble;
  readonly deadLetters: DeadLetters;
}

/** The metrics that describe the state of an environment. */
export function operationsMetrics(sources: MetricSources) {
  const ofAlias = (alias: LambdaAlias, metricName: string): Metric => ({
    namespace: 'AWS/Lambda',
    metricName,
    dimensions: {
      FunctionName: alias.functionName,
      Resource: `${alias.functionName}:${alias.name}`,
    },
  });
  const ofApi = (metricName: string): Metric => ({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensions: { ApiName: sources.api.apiName, Stage: sources.api.stageName },
  });
  /** The metrics that the functions emit through their logs (`lambda/aws/powertools-metrics.ts`). */
  const ofService = (metricName: MetricName): Metric => ({
    namespace: metricsNamespace,
    metricName,
    dimensions: commonDimensions(sources.environment),
  });
  return {
    requests: ofApi('Count'),
    latency: ofApi('Latency'),
    clientErrors: ofApi('4XXError'),
    serverErrors: ofApi('5XXError'),
    wpsErrors: ofAlias(sources.wps, 'Errors'),
    wpsDuration: ofAlias(sources.wps, 'Duration'),
    wpsThrottles: ofAlias(sources.wps, 'Throttles'),
    jobEventsErrors: ofAlias(sources.jobEvents, 'Errors'),
    jobEventsDuration: ofAlias(sources.jobEvents, 'Duration'),
    blockedQueues: eventsOfRule(sources.trouble.blockedRule),
    requestsFailed: ofService('RequestsFailed'),
    jobsEnded: ofService('JobsEnded'),
    jobsFailed: ofService('JobsFailed'),
    jobsWaiting: ofService('JobsWaiting'),
    longestWaitingTime: ofService('LongestWaitingTime'),
    jobWaitingTime: ofService('JobWaitingTime'),
    jobRunningTime: ofService('JobRunningTime'),
    jobCost: ofService('JobCost'),
    submissionsFailed: ofService('SubmissionsFailed'),
    configurationFaults: ofService('ConfigurationFaults'),
    deadLetters: {
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: sources.deadLetters.queueName },
    },
  } as const satisfies Record<string, Metric>;
}

export type OperationsMetrics = ReturnType<typeof operationsMetrics>;
