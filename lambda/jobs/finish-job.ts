import type { Job } from '../../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { Metrics } from './metrics.ts';

/** Notifies clients that subscribed to news of their jobs. */
export interface JobCallbacks {
  /** Stores the fact that the client of a job must be notified of its current status. */
  note(job: Job): Promise<void>;
  /** Sends the stored notifications; {@link tellDue} retries those that fail. */
  tell(job: Pick<Job, 'id'>): Promise<void>;
  tellDue(): Promise<void>;
}

/** The dependencies of a job's last step. */
export interface FinishDependencies {
  readonly store: JobStore;
  /** If left out, clients get no notifications. */
  readonly callbacks?: JobCallbacks;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Takes a job that has ended off the list of unfinished jobs, counts it once, and notifies its client. The
 * pending notification is stored before the job leaves the list.
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
      // The next estimate is based on one run less.
      log.error('the duration of a job was not kept', {}, error);
    });
  }
  await callbacks?.tell(stored.job);
}
