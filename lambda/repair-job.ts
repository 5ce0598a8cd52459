import { isFinal, type JobChange } from '../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../batch-jobs/api/job-store.ts';
import type { Log } from '../batch-jobs/api/log.ts';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import { engineJobIdOf, type JobEngine } from './job-engine.ts';
import { noteSubmission } from './note-submission.ts';
import { reconcile } from './reconcile.ts';

export interface RepairParts {
  readonly store: JobStore;
  readonly engine: () => Promise<JobEngine>;
  readonly catalogue: readonly ProcessDescription[];
  /** Age of a record's last change after which the engine is asked about the job. */
  readonly overdueSeconds: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** How long after it was asked for a job is still worth starting. */
const startWithinMilliseconds = 60 * 60 * 1000;

/**
 * Brings the record of a job that has not been heard of for long up to date with the engine: the
 * change was lost that would have told, or the job never reached the engine.
 *
 * What the engine confirms counts as heard of, so that a job that waits for hours is asked about
 * once in a while and not with every look at its status.
 */
export async function repairJob(stored: StoredJob, parts: RepairParts): Promise<StoredJob> {
  const { job } = stored;
  const silence = parts.now().getTime() - Date.parse(job.updatedAt);
  if (isFinal(job.status) || silence < parts.overdueSeconds * 1000) return stored;
  const engine = await parts.engine();
  const engineJobId = await engineJobIdOf(job, engine);
  if (engineJobId === undefined) return await startLate(stored, engine, parts);
  const engineJob = await engine.describe(engineJobId);
  return await changeUnlessHeardOf(stored, parts, reconcile(job, engineJob) ?? {});
}

/** A job was written down, and whoever did so ended before the engine was told. */
async function startLate(
  stored: StoredJob,
  engine: JobEngine,
  parts: RepairParts,
): Promise<StoredJob> {
  const { job } = stored;
  const process = parts.catalogue.find(({ identifier }) => identifier === job.process.identifier);
  const age = parts.now().getTime() - Date.parse(job.createdAt);
  // Nobody waits any more for the answer to a request that has no status location.
  if (!process || !job.stored || age > startWithinMilliseconds) {
    const text = 'The job could not be started in time. Please send the request again.';
    return await changeUnlessHeardOf(stored, parts, {
      status: 'failed',
      message: text,
      failure: { code: 'NoApplicableCode', text },
    });
  }
  parts.log.warn('job was never submitted and is now', { jobId: job.id });
  const { engineJobId } = await engine.submit({
    jobId: job.id,
    processIdentifier: process.identifier,
    queue: job.queue,
    requirements: process.job,
  });
  return await noteSubmission(stored, engineJobId, parts);
}

/** Whoever changed the record meanwhile knows better. */
async function changeUnlessHeardOf(
  stored: StoredJob,
  { store }: RepairParts,
  change: JobChange,
): Promise<StoredJob> {
  const { id, updatedAt } = stored.job;
  return await store.update(
    id,
    (now) => (now.updatedAt === updatedAt ? change : undefined),
    stored,
  );
}
