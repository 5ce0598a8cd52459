import { ageSeconds } from '../../batch-jobs/api/age-seconds.ts';
import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { type EngineJob, engineJobIdOf, isEnded } from './job-engine.ts';
import type { RepairDependencies } from './repair-job.ts';

/**
 * Ends the run of a dismissed job if it continues: the caller that dismissed the job could not reach the
 * engine, or dismissed it before the submission arrived.
 *
 * @returns whether the run is over, so that the job needs no further attention
 */
export async function endDismissedRun(
  job: Job,
  dependencies: RepairDependencies,
): Promise<boolean> {
  if (job.status !== 'dismissed') return true;
  const engine = await dependencies.engine();
  const engineJobId = await engineJobIdOf(job, engine);
  if (engineJobId === undefined) return isLongAgo(job, dependencies);
  const run = await engine.describe(engineJobId);
  if (!run || isEnded(run)) return true;
  dependencies.log.info('the run of a dismissed job goes on and is ended');
  await engine.terminate(engineJobId, 'dismissed by the client');
  return false;
}

/** Whether a job needs no further attention, given what the engine reports of it. */
export function isDone(job: Job, told: EngineJob): boolean {
  if (job.status !== 'dismissed') return isFinal(job.status);
  const own = job.claim ?? job.engineJobId ?? told.engineJobId;
  return told.engineJobId === own && isEnded(told);
}

/** A submission may have been on its way, and engines list submitted jobs with a short delay. */
function isLongAgo({ updatedAt }: Job, { now, overdueSeconds }: RepairDependencies): boolean {
  return ageSeconds(updatedAt, now()) > overdueSeconds;
}
