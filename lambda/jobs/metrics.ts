import type { Job } from '../../batch-jobs/api/job.ts';

/**
 * What operators watch. Each figure belongs to one environment; no figure names a job or a
 * client. docs/operations.md says which alarm reads which.
 */
export interface Metrics {
  /**
   * A request was answered.
   *
   * @param operation such as `Execute` or `jobStatus`; `none` for what could not be read
   * @param outcome `refused` is the client's fault, `failed` the service's
   */
  request(operation: string, outcome: 'ok' | 'refused' | 'busy' | 'failed'): void;
  /** The engine took a job, or did not; how long it took to say so. */
  submission(outcome: 'ok' | 'busy' | 'failed', milliseconds: number): void;
  /** A job has ended: told once of each. */
  jobEnded(job: Job): void;
  /**
   * How many jobs wait for their first start, and for how long the one that has waited longest: told
   * by each sweep, so that a job is missed while it waits and not when it has ended.
   */
  jobsWaiting(jobs: number, longestSeconds: number): void;
  /** A configuration could not be read, or a new one not be taken. */
  configurationFault(): void;
}

/** Metrics that are not recorded: the embedded mode has no operator to read them. */
export const noMetrics: Metrics = {
  request: () => undefined,
  submission: () => undefined,
  jobEnded: () => undefined,
  jobsWaiting: () => undefined,
  configurationFault: () => undefined,
};
