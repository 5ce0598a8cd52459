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

/** Fewer say nothing of the next one. */
const leastRuns = 3;
const mostRuns = 20;

/**
 * How long jobs of a process took lately, in milliseconds: the shortest and the longest.
 *
 * @returns undefined where too few have run to say, or the reader sees no others
 */
export async function pastDuration(
  process: string,
  dependencies: Dependencies,
): Promise<{ readonly minimum: number; readonly maximum: number } | undefined> {
  if (!dependencies.caller.listsAllJobs) return undefined;
  const filter = { processes: [process], statuses: ['succeeded'] as const };
  const { jobs } = await listJobs(filter, { limit: mostRuns }, dependencies);
  const lengths = jobs.flatMap(({ startedAt, endedAt }) =>
    startedAt && endedAt ? [Date.parse(endedAt) - Date.parse(startedAt)] : [],
  );
  if (lengths.length < leastRuns) return undefined;
  return { minimum: Math.min(...lengths), maximum: Math.max(...lengths) };
}
