import type { Job } from '../../batch-jobs/api/job.ts';

/**
 * The metrics that operators watch. Each value belongs to one environment and names no job or client.
 * docs/operations.md says which alarm reads which metric.
 */
export interface Metrics {
  /**
   * A request was answered.
   *
   * @param operation such as `Execute` or `jobStatus`; `none` for a request that could not be read
   * @param outcome `refused` for a fault of the client, `failed` for a fault of the service
   */
  request(operation: string, outcome: 'ok' | 'refused' | 'busy' | 'failed'): void;
  /** The engine accepted or refused a job, and took this long to answer. */
  submission(outcome: 'ok' | 'busy' | 'failed', milliseconds: number): void;
  /** A job has ended; reported once per job. */
  jobEnded(job: Job): void;
  /**
   * How many jobs wait for their first start, and how long the oldest of them has waited. Each sweep reports
   * this, so that operators notice a job while it waits and not after it has ended.
   */
  jobsWaiting(jobs: number, longestSeconds: number): void;
  /** A configuration could not be read, or a new configuration could not be applied. */
  configurationFault(): void;
}

/** Discards metrics: the embedded mode has no operator to read them. */
export const noMetrics: Metrics = {
  request: () => undefined,
  submission: () => undefined,
  jobEnded: () => undefined,
  jobsWaiting: () => undefined,
  configurationFault: () => undefined,
};
