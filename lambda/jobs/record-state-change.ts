import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { isDone } from './end-dismissed-run.ts';
import { type FinishDependencies, finishJob } from './finish-job.ts';
import type { EngineJob } from './job-engine.ts';
import { readOrSetAside } from './read-or-set-aside.ts';
import { reconcile } from './reconcile.ts';

/**
 * Brings a record up to date with a report of its engine. A report that arrives twice, late or out of order
 * does no harm: if it no longer applies, it changes nothing.
 */
export async function recordStateChange(
  jobId: string,
  engineJob: EngineJob,
  dependencies: FinishDependencies,
): Promise<void> {
  const stored = await readOrSetAside(jobId, dependencies);
  if (stored === 'damaged') return;
  if (!stored) {
    dependencies.log.warn('a job without a record changed its state', { state: engineJob.status });
    return;
  }
  const after = await dependencies.store.update(jobId, (job) => reconcile(job, engineJob), stored);
  // The status document does not yet show what the runner has changed since.
  if (after === stored && isStarted(after.job))
    await dependencies.store.refreshStatusDocument(jobId);
  if (isDone(after.job, engineJob)) await finishJob(after, dependencies);
  else await tellOfProgress(after.job, dependencies);
}

/** A failure here must not fail the event: the record is already true. */
async function tellOfProgress(job: Job, { callbacks, log }: FinishDependencies): Promise<void> {
  if (!callbacks) return;
  try {
    await callbacks.note(job);
    await callbacks.tell(job);
  } catch (error) {
    log.error('the client was not told how its job gets on', {}, error);
  }
}

/** The documents of a job that has ended are written when it is finished. */
function isStarted({ status }: Job): boolean {
  return status !== 'accepted' && !isFinal(status);
}
