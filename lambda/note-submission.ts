import { isFinal } from '../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../batch-jobs/api/job-store.ts';
import type { Log } from '../batch-jobs/api/log.ts';

/**
 * Notes in the record that the engine took the job. That can fail without harm: the job runs, and
 * the engine finds it by its id.
 */
export async function noteSubmission(
  stored: StoredJob,
  engineJobId: string,
  { store, now, log }: { store: JobStore; now: () => Date; log: Log },
): Promise<StoredJob> {
  const { id } = stored.job;
  const submittedAt = now().toISOString();
  try {
    return await store.update(
      id,
      (job) => (isFinal(job.status) || job.engineJobId ? undefined : { engineJobId, submittedAt }),
      stored,
    );
  } catch (error) {
    log.error('submission was not noted', { jobId: id, engineJobId }, error);
    return stored;
  }
}
