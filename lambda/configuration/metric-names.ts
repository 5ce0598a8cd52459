/**
 * Names of the service's own metrics in CloudWatch. The functions tell them
 * (`lambda/aws/powertools-metrics.ts`); an environment's alarms and dashboard watch them.
 */

/** Namespace of all. */
export const metricsNamespace = 'WPS';

/** Dimensions that every figure has; some have more. */
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
