import type { Job } from '../../batch-jobs/api/job.ts';
import type { Dependencies } from './dependencies.ts';
import { dismissJob } from './dismiss-job.ts';
import { storedJob } from './find-job.ts';

/**
 * Dismisses a job; if it has ended, removes its outputs and sets its status to dismissed. A second call
 * changes nothing.
 *
 * @throws {ServiceFault} `unknown-job`, or `expired-job` when its retention is over
 */
export async function removeJob(id: string, dependencies: Dependencies): Promise<Job> {
  const job = await dismissJob(id, dependencies);
  const store = await dependencies.store();
  const stored = await storedJob(job.id, dependencies);
  dependencies.log.info('job removed', { status: stored.job.status });
  return (await store.remove(stored)).job;
}
