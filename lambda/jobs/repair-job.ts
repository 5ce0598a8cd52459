import { ageSeconds } from '../../batch-jobs/api/age-seconds.ts';
import { isFinal, type Job, type JobChange } from '../../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import { type EngineJob, engineJobIdOf, type JobEngine } from './job-engine.ts';
import { reconcile } from './reconcile.ts';

export interface RepairDependencies {
  readonly store: JobStore;
  readonly engine: () => Promise<JobEngine>;
  /** Age of a record's last change after which the engine is asked about the job. */
  readonly overdueSeconds: number;
  /**
   * Age, since its submission if that is known, at which a job that the engine does not know counts as lost.
   * It exceeds the duration of any request and the delay with which an engine lists a job. If left out, a
   * minute.
   */
  readonly unsubmittedSeconds?: number;
  /** What the engine said of many jobs at once; if left out, the engine is asked about each. */
  readonly described?: ReadonlyMap<string, EngineJob>;
  readonly now: () => Date;
  readonly log: Log;
}

/**
 * Brings the record of a job without recent news up to date with the engine: either the report of a change
 * was lost, or the job never reached the engine.
 *
 * A job that never reached the engine is not submitted now: a client learns of its job from a response sent
 * only after the submission, so either no client knows of this job, or its client was told that it failed.
 *
 * A confirmation by the engine counts as news, so that a job that waits for hours is asked about occasionally
 * and not with every look at its status.
 */
export async function repairJob(
  stored: StoredJob,
  dependencies: RepairDependencies,
): Promise<StoredJob> {
  const { job } = stored;
  if (!isOverdue(job, dependencies)) return stored;
  const engine = await dependencies.engine();
  const engineJobId = await engineJobIdOf(job, engine);
  const engineJob =
    engineJobId === undefined ? undefined : await describe(engineJobId, engine, dependencies);
  if (!engineJob) {
    const { unsubmittedSeconds = 60 } = dependencies;
    if (ageSeconds(job.submittedAt ?? job.createdAt, dependencies.now()) < unsubmittedSeconds)
      return stored;
    dependencies.log.warn(
      engineJobId ? 'the engine does not know the job' : 'job was never submitted',
    );
  }
  return await changeUnlessHeardOf(stored, dependencies, reconcile(job, engineJob) ?? {});
}

/** Whether the engine must be asked about a job. */
export function isOverdue(
  job: Job,
  dependencies: Pick<RepairDependencies, 'overdueSeconds' | 'now'>,
): boolean {
  const { overdueSeconds, now } = dependencies;
  return !isFinal(job.status) && ageSeconds(job.updatedAt, now()) >= overdueSeconds;
}

/** A job that was only now found by its name is not part of the joint description. */
async function describe(
  engineJobId: string,
  engine: JobEngine,
  { described }: RepairDependencies,
): Promise<EngineJob | undefined> {
  return described?.get(engineJobId) ?? (await engine.describe(engineJobId));
}

/** Another caller that changed the record meanwhile has later news. */
async function changeUnlessHeardOf(
  stored: StoredJob,
  { store }: RepairDependencies,
  change: JobChange,
): Promise<StoredJob> {
  const { id, updatedAt, engineJobId } = stored.job;
  return await store.update(
    id,
    (now) => (now.updatedAt === updatedAt && now.engineJobId === engineJobId ? change : undefined),
    stored,
  );
}
