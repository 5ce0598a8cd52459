import type { AlarmSettings } from '../../environments/operations-settings.ts';
import type { Watch } from './alarms.ts';
import type { OperationsMetrics } from './operations-metrics.ts';

/** Everything in an environment that needs a person's attention. */
export function environmentWatches(
  metrics: OperationsMetrics,
  settings: AlarmSettings,
): Record<string, Watch> {
  return {
    'function-errors': {
      metric: metrics.wpsErrors,
      statistic: 'Sum',
      periodMinutes: 5,
      above: 0,
      meaning: 'The function that answers requests broke off. Its log says why; filter by ERROR.',
    },
    'throttled-requests': {
      metric: metrics.wpsThrottles,
      statistic: 'Sum',
      periodMinutes: 5,
      above: 0,
      meaning:
        'Requests were refused because as many are answered at once as are set aside for the environment: handler.concurrency.requests.',
    },
    'job-events-errors': {
      metric: metrics.jobEventsErrors,
      statistic: 'Sum',
      periodMinutes: 15,
      above: 2,
      meaning:
        'The function that follows jobs keeps breaking off; status documents fall behind. Its log says why.',
    },
    'api-5xx': {
      metric: metrics.serverErrors,
      statistic: 'Sum',
      periodMinutes: 5,
      above: 2,
      meaning: 'Clients get server errors. The access log has status and latency of each request.',
    },
    'requests-failed': {
      metric: metrics.requestsFailed,
      statistic: 'Sum',
      periodMinutes: 5,
      above: 0,
      meaning:
        'A request was answered with a fault of the service. The function’s log has its cause; filter by ERROR.',
    },
    'failed-jobs': {
      metric: metrics.jobsFailed,
      statistic: 'Sum',
      periodMinutes: 60,
      above: settings.failedJobsPerHour,
      meaning:
        'More jobs fail than usual. The log group of failed jobs has the reason that Batch gave for each.',
    },
    'jobs-waiting': {
      metric: metrics.longestWaitingTime,
      statistic: 'Maximum',
      periodMinutes: 15,
      above: settings.waitingMinutes * 60,
      meaning:
        'A job waits longer for a machine than it should. Look for blocked queues and for maxVcpus reached; more instance families find capacity sooner.',
    },
    'configuration-faults': {
      metric: metrics.configurationFaults,
      statistic: 'Sum',
      periodMinutes: 5,
      above: 0,
      meaning:
        'The configuration file cannot be used; the last good one stays in force. The function’s log names each fault.',
    },
    'submissions-failed': {
      metric: metrics.submissionsFailed,
      statistic: 'Sum',
      periodMinutes: 5,
      above: 0,
      meaning: 'Batch did not take a job. The function’s log has its answer.',
    },
    'blocked-queues': {
      metric: metrics.blockedQueues,
      statistic: 'Sum',
      periodMinutes: 15,
      above: 0,
      meaning:
        'The first job of a queue waits and no machine is available for it. The log group of blocked queues has the reason: capacity, or a job larger than the queue’s machines.',
    },
    'dead-letters': {
      metric: metrics.deadLetters,
      statistic: 'Maximum',
      periodMinutes: 5,
      above: 0,
      meaning:
        'Job events could not be handled and are in the dead-letter queue. The sweep repairs the records; the messages say what went wrong.',
    },
  };
}
