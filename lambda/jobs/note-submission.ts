import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import { type RequestDeadline, unlessPassed } from './request-deadline.ts';

interface NoteDependencies {
  readonly store: JobStore;
  readonly deadline: RequestDeadline;
  readonly log: Log;
}

/**
 * Records that the engine accepted the job. A failure, or an end of the wait, does no harm: the job runs, and
 * the engine finds it by its id.
 */
export async function noteSubmission(
  stored: StoredJob,
  engineJobId: string,
  { store, deadline, log }: NoteDependencies,
): Promise<StoredJob> {
  try {
    return await unlessPassed(deadline.work, store.noteSubmission(stored, engineJobId));
  } catch (error) {
    log.error('submission was not noted', { engineJobId }, error);
    return stored;
  }
}
