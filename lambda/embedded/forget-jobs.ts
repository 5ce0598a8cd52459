import type { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { isFinal } from '../../batch-jobs/api/job.ts';
import { isJobId } from '../../batch-jobs/api/job-id.ts';
import { DamagedRecord } from '../../batch-jobs/api/job-record.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';

export interface ForgetOptions {
  readonly objects: FileObjectStore;
  readonly store: JobStore;
  /** Days that a job is kept once it has ended. */
  readonly keepDays: number;
  /** Age at which what has no record is a leftover: no request lasts so long. */
  readonly leftoverSeconds: number;
  readonly now: () => Date;
  readonly log: Log;
  /** Ends it between two jobs. */
  readonly signal: AbortSignal;
}

const day = 24 * 60 * 60 * 1000;

/**
 * Removes what the data folder need not keep: jobs that ended long ago, of which only their ids stay,
 * and what was left of jobs that could not be written down. One after the other, so that requests do
 * not wait, however many there are.
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
  { objects, store, keepDays, leftoverSeconds, now }: ForgetOptions,
): Promise<boolean> {
  const keptSince = now().getTime() - keepDays * day;
  const job = await store.read(id).catch((error) => {
    if (error instanceof DamagedRecord) return 'damaged' as const;
    throw error;
  });
  if (job === undefined) {
    // Of a job that could not be written down, or that was removed in part.
    if (changedAt.getTime() >= now().getTime() - leftoverSeconds * 1000) return false;
    if (await store.unfinished.has(id)) return false;
  } else if (job === 'damaged') {
    if (changedAt.getTime() >= keptSince) return false;
    await store.expire(id);
  } else {
    const { status, endedAt, updatedAt } = job.job;
    if (!isFinal(status) || Date.parse(endedAt ?? updatedAt) >= keptSince) return false;
    if (await store.unfinished.has(id)) return false;
    await store.expire(id);
  }
  await objects.removeFolder(`jobs/${id}`);
  return true;
}
