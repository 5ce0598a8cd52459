import { DamagedRecord } from '../../batch-jobs/api/job-record.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';

/**
 * Reads the record of a job. A damaged record affects only its own job: it is set aside, logged once, and not
 * looked at again.
 */
export async function readOrSetAside(
  jobId: string,
  { store, log }: { readonly store: JobStore; readonly log: Log },
): Promise<StoredJob | 'damaged' | undefined> {
  try {
    return await store.read(jobId);
  } catch (error) {
    if (!(error instanceof DamagedRecord)) throw error;
    log.error('the record of a job was damaged; the job is lost', { jobId }, error);
    await store.setAside(jobId);
    return 'damaged';
  }
}
