import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { Metrics } from './metrics.ts';

/** What the last step of a job's life needs. */
export interface FinishDependencies {
  readonly store: JobStore;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Takes a job that has ended off the list of unfinished ones, and counts it once. */
export async function finishJob(
  stored: StoredJob,
  dependencies: FinishDependencies,
): Promise<void> {
  if (!(await dependencies.store.finish(stored))) return;
  const { process, status, attempt } = stored.job;
  dependencies.log.info('job ended', { process: process.identifier, status, attempt });
  dependencies.metrics.jobEnded(stored.job);
}
