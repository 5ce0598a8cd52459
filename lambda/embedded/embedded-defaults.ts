import type { QueueClass } from '../../batch-jobs/api/process-description.ts';
import type { LocalQueue } from './local-job-engine.ts';

/** File of the data folder with the WPS endpoint of the service that used the folder last. */
export const endpointFilename = '.endpoint';

/** Days for which a job is stored after its end. */
export const defaultKeepDays = 30;

/** The most waiting jobs, of all processes. */
export const defaultWaitingJobs = 1_000;

/**
 * How many jobs run at once. Small jobs use two cores. The others use one each and are limited by memory and
 * disk rather than by cores.
 */
const concurrency: Readonly<Record<QueueClass, number>> = { small: 2, timeseries: 1, large: 1 };

/** Queues in which this many jobs may wait together. */
export function queuesFor(waiting: number): Readonly<Record<QueueClass, LocalQueue>> {
  return {
    small: { concurrency: concurrency.small, waiting },
    timeseries: { concurrency: concurrency.timeseries, waiting },
    large: { concurrency: concurrency.large, waiting },
  };
}

/** The number of jobs that may wait or run, given how many may wait. */
export function unfinishedFor(waiting: number): number {
  return waiting + Object.values(concurrency).reduce((sum, count) => sum + count, 0);
}
