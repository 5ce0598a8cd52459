import type { QueueClass } from '../../batch-jobs/api/process-description.ts';
import type { LocalQueue } from './local-job-engine.ts';

/** File of the data folder that holds the WPS endpoint of the service that used the folder last. */
export const endpointFilename = '.endpoint';

/** Days that a job is kept once it has ended. */
export const defaultKeepDays = 30;

/** Jobs that may wait, of all processes. */
export const defaultWaitingJobs = 1_000;

/**
 * How many jobs run at once. Small ones take two cores; the others, one each, are bounded by memory
 * and disk rather than by cores.
 */
const concurrency: Readonly<Record<QueueClass, number>> = { small: 2, timeseries: 1, large: 1 };

/** Queues in which so many jobs may wait together. */
export function queuesFor(waiting: number): Readonly<Record<QueueClass, LocalQueue>> {
  return {
    small: { concurrency: concurrency.small, waiting },
    timeseries: { concurrency: concurrency.timeseries, waiting },
    large: { concurrency: concurrency.large, waiting },
  };
}

/** Jobs that may wait or run, where so many may wait. */
export function unfinishedFor(waiting: number): number {
  return waiting + Object.values(concurrency).reduce((sum, count) => sum + count, 0);
}
