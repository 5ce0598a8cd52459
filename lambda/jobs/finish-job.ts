import type { Job } from '../../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { Metrics } from './metrics.ts';

/** Tells clients that want to know how their jobs get on. */
export interface JobCallbacks {
  /** Writes down that the client of a job is to be told where it stands now. */
  note(job: Job): Promise<void>;
  /** Tells it what is written down; what fails is tried again by {@link tellDue}. */
  tell(job: Pick<Job, 'id'>): Promise<void>;
  tellDue(): Promise<void>;
}

/** What the last step of a job's life needs. */
export interface FinishDependencies {
  readonly store: JobStore;
  /** Left out, clients get no messages. */
  readonly callbacks?: JobCallbacks;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Takes a job that has ended off the list of unfinished ones, counts it once, and tells its client. That the
 * client is to be told is written down before the job leaves the list.
 */
export async function finishJob(
  stored: StoredJob,
  dependencies: FinishDependencies,
): Promise<void> {
  const { store, callbacks, log, metrics } = dependencies;
  if (!(await store.finish(stored, async () => callbacks?.note(stored.job)))) return;
  const { process, status, attempt, owner, costUsd } = stored.job;
  log.info('job ended', { process: process.identifier, status, attempt, owner, costUsd });
  metrics.jobEnded(stored.job);
  if (status === 'succeeded') {
    await store.durations.note(stored.job).catch((error: unknown) => {
      // The next estimate has one run less to stand on.
      log.error('the duration of a job was not kept', {}, error);
    });
  }
  await callbacks?.tell(stored.job);
}
