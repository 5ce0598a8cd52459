import type { Job } from '../../batch-jobs/api/job.ts';
import type { Dependencies } from './dependencies.ts';
import { storedJob } from './find-job.ts';

/**
 * Gives a job other labels, whatever its status.
 *
 * @throws {ServiceFault} `unknown-job`, or `expired-job` when its retention is over
 */
export async function labelJob(
  id: string,
  labels: readonly string[],
  dependencies: Dependencies,
): Promise<Job> {
  const stored = await storedJob(id, dependencies);
  const store = await dependencies.store();
  return (await store.relabel(stored, labels)).job;
}
