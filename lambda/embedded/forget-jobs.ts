import type { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { expiryOf, type Retention } from '../../batch-jobs/api/job-expiry.ts';
import { isJobId } from '../../batch-jobs/api/job-id.ts';
import { DamagedRecord } from '../../batch-jobs/api/job-record.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';

export interface ForgetOptions {
  readonly objects: FileObjectStore;
  readonly store: JobStore;
  readonly retention: Required<Retention>;
  /** Age at which data without a record counts as a leftover: no request lasts that long. */
  readonly leftoverSeconds: number;
  readonly now: () => Date;
  readonly log: Log;
  /** Ends the work between two jobs. */
  readonly signal: AbortSignal;
}

const day = 24 * 60 * 60 * 1000;

/**
 * Removes from the data folder jobs that ended long ago, except for their ids, and remains of jobs that could
 * not be stored. Removes one job after the other, so that requests do not wait, however many jobs there are.
 */
export async function forgetJobs(options: ForgetOptions): Promise<void> {
  const { objects, log, signal } = options;
  let forgotten = 0;
  for await (const { name, changedAt } of objects.folders('jobs')) {
    if (signal.aborted) break;
    if (!isJobId(name)) continue;
    try {
      if (await forget(name, changedAt, options)) forgotten++;
    } catch (error) {
      log.error('an old job was not removed', { jobId: name }, error);
    }
  }
  if (forgotten > 0) log.info('old jobs were removed', { jobs: forgotten });
}

async function forget(
  id: string,
  changedAt: Date,
  { objects, store, retention, leftoverSeconds, now }: ForgetOptions,
): Promise<boolean> {
  const job = await store.read(id).catch((error) => {
    if (error instanceof DamagedRecord) return 'damaged' as const;
    throw error;
  });
  if (job === undefined) {
    // Remains of a job that could not be stored, or that was partly removed.
    if (changedAt.getTime() >= now().getTime() - leftoverSeconds * 1000) return false;
    if (await store.unfinished.has(id)) return false;
  } else if (job === 'damaged') {
    if (changedAt.getTime() >= now().getTime() - retention.retentionDays * day) return false;
    await store.expire(id);
  } else {
    const expiry = expiryOf(job.job, retention);
    if (expiry === undefined || Date.parse(expiry) >= now().getTime()) return false;
    if (await store.unfinished.has(id)) return false;
    await store.expire(id);
  }
  await objects.removeFolder(`jobs/${id}`);
  return true;
}
