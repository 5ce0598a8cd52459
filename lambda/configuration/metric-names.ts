/**
 * Names of the service's own metrics in CloudWatch. The functions report them
 * (`lambda/aws/powertools-metrics.ts`); an environment's alarms and dashboard watch them.
 */

/** Namespace of all metrics. */
export const metricsNamespace = 'WPS';

/** Dimensions of every metric; some metrics have more. */
export function commonDimensions(environment: string) {
  return { service: 'wps', environment } as const;
}

export type MetricName =
  | 'Requests'
  | 'RequestsFailed'
  | 'Submissions'
  | 'SubmissionsFailed'
  | 'SubmissionTime'
  | 'JobsEnded'
  | 'JobsFailed'
  | 'JobWaitingTime'
  | 'JobRunningTime'
  | 'JobCost'
  | 'JobsWaiting'
  | 'LongestWaitingTime'
  | 'ConfigurationFaults';
