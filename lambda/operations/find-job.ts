import type { Job, JobInput } from '../../batch-jobs/api/job.ts';
import { isJobId } from '../../batch-jobs/api/job-id.ts';
import { DamagedRecord } from '../../batch-jobs/api/job-record.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import { repairJob } from '../jobs/repair-job.ts';
import { ServiceFault } from '../service-fault.ts';
import type { Caller, Dependencies } from './dependencies.ts';

/**
 * The current state of a job. A record that has not changed for a long time is first compared with what the
 * engine reports.
 *
 * @throws {ServiceFault} `unknown-job`, or `expired-job` when its retention is over
 */
export async function findJob(id: string, dependencies: Dependencies): Promise<Job> {
  const stored = await storedJob(id, dependencies);
  const overdueSeconds = dependencies.configuration.limits.jobOverdueSeconds;
  try {
    const store = await dependencies.store();
    const { job } = await repairJob(stored, { ...dependencies, store, overdueSeconds });
    return job.status === 'accepted' ? await waiting(job, dependencies) : job;
  } catch (error) {
    // The stored record is still the best answer available.
    dependencies.log.error('overdue job was not repaired', {}, error);
    return stored.job;
  }
}

/** A waiting job. If the engine knows why it waits, its message says so. */
async function waiting(job: Job, { engine }: Dependencies): Promise<Job> {
  const { engineJobId, queue } = job;
  if (engineJobId === undefined) return job;
  const ahead = await (await engine()).ahead?.({ engineJobId, queue });
  return ahead === undefined ? job : { ...job, message: waitingMessage(ahead) };
}

function waitingMessage(ahead: number): string {
  if (ahead === 0) return 'The job waits for a free place, and is the next.';
  return `The job waits for a free place: ${ahead} ${ahead === 1 ? 'job is' : 'jobs are'} ahead.`;
}

/**
 * The inputs of a job, with defaults applied.
 *
 * @param id id of an existing job
 */
export async function jobInputs(
  id: string,
  dependencies: Dependencies,
): Promise<readonly JobInput[]> {
  const store = await dependencies.store();
  return await store.inputsToTell(id);
}

/**
 * The stored record of a job. From here on, each log line of the request carries the job's id.
 *
 * @throws {ServiceFault} `unknown-job`, or `expired-job` when its retention is over
 */
export async function storedJob(
  id: string,
  { store, log, caller }: Dependencies,
): Promise<StoredJob> {
  // Any other text is arbitrary input of the client and must not be logged.
  if (isJobId(id)) log.about({ jobId: id });
  const jobs = await store();
  const stored = await readRecord(id, jobs);
  if (stored && maySee(stored.job, caller)) return stored;
  // Do not reveal that the job exists.
  if (stored) throw unknownJob(id);
  throw (await jobs.isExpired(id))
    ? new ServiceFault('expired-job', 'The job and its outputs are no longer kept.', {
        subject: id,
      })
    : unknownJob(id);
}

/** A job without an owner is visible to any caller that knows its id, an owned job only to its owner. */
function maySee({ owner }: Job, caller: Caller): boolean {
  return owner === undefined || owner === caller.owner || caller.listsAllJobs;
}

function unknownJob(id: string): ServiceFault {
  return new ServiceFault('unknown-job', 'There is no such job.', { subject: id });
}

async function readRecord(id: string, store: JobStore): Promise<StoredJob | undefined> {
  try {
    return await store.read(id);
  } catch (error) {
    if (!(error instanceof DamagedRecord)) throw error;
    throw new ServiceFault(
      'internal',
      'The job failed: its record was damaged. Please send the request again.',
      { subject: id, cause: error },
    );
  }
}
