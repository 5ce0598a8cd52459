import type { Job } from '../../../batch-jobs/api/job.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { listJobs } from '../../operations/list-jobs.ts';

/** The newest jobs that the reader may list. */
export async function recentJobs(
  limit: number,
  dependencies: Dependencies,
): Promise<readonly Job[]> {
  const { jobs } = await listJobs({}, { limit }, dependencies);
  return jobs;
}
