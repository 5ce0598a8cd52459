import type { Job, JobFailure } from '../../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { isStorageFull } from '../../batch-jobs/api/storage-full.ts';
import { ServiceFault } from '../service-fault.ts';
import { finishJob } from './finish-job.ts';
import { EngineBusy, type JobEngine } from './job-engine.ts';
import type { Metrics } from './metrics.ts';
import { noteSubmission } from './note-submission.ts';
import type { RequestDeadline } from './request-deadline.ts';
import { tooManyJobs } from './too-many-jobs.ts';

interface SubmitDependencies {
  readonly engine: () => Promise<JobEngine>;
  readonly deadline: RequestDeadline;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Submits a job to the engine. If that fails, or takes longer than the request has time, the record ends as
 * failed, so that clients do not wait for a job that will never run. If the engine accepted the job
 * nevertheless, its runner finds nothing to do.
 *
 * @throws {ServiceFault} if the job does not run
 */
export async function submitJob(
  created: StoredJob,
  process: ProcessDescription,
  store: JobStore,
  dependencies: SubmitDependencies,
): Promise<Job> {
  const { job } = created;
  try {
    const engineJobId = await handOver(job, process, dependencies);
    return (await noteSubmission(created, engineJobId, { ...dependencies, store })).job;
  } catch (error) {
    const fault = busyOrFailed(error);
    dependencies.log.error('job not submitted', {}, error);
    const kind = fault.kind === 'storage-full' ? fault.kind : 'internal';
    const after = await fail(job, { kind, text: fault.message }, store, dependencies);
    // If a run claimed the job and failed, the record says why.
    if (!after || (after.status === 'failed' && after.claim === undefined)) throw fault;
    // Only a job that was submitted can have moved on.
    dependencies.log.warn('job runs though its submission failed');
    return after;
  }
}

async function handOver(
  job: Job,
  process: ProcessDescription,
  dependencies: SubmitDependencies,
): Promise<string> {
  const engine = await dependencies.engine();
  try {
    const { engineJobId } = await engine.submit({
      jobId: job.id,
      processIdentifier: process.identifier,
      queue: job.queue,
      requirements: process.job,
      owner: job.owner,
    });
    return engineJobId;
  } catch (error) {
    if (error instanceof EngineBusy) throw error;
    // Perhaps only the answer was lost.
    const engineJobId = await engine.find(job).catch(() => undefined);
    if (engineJobId === undefined) throw error;
    dependencies.log.warn('job was submitted though its submission failed');
    return engineJobId;
  }
}

/**
 * Ends the record as failed, unless the job already runs. A failed job is finished at once, so that it does
 * not count as waiting. If either step fails too, a sweep finds the job.
 */
async function fail(
  job: Job,
  failure: JobFailure,
  store: JobStore,
  { metrics, log }: SubmitDependencies,
): Promise<Job | undefined> {
  try {
    const stored = await store.update(job.id, (now) =>
      now.status === 'accepted' ? { status: 'failed', failure } : undefined,
    );
    if (stored.job.status === 'failed') {
      await finishJob(stored, { store, metrics, log }).catch((error) => {
        log.error('a job that was not submitted was not finished', {}, error);
      });
    }
    return stored.job;
  } catch (error) {
    log.error('a job that was not submitted did not end', {}, error);
    return undefined;
  }
}

function busyOrFailed(error: unknown): ServiceFault {
  if (error instanceof EngineBusy) {
    return tooManyJobs(error);
  }
  if (isStorageFull(error)) {
    return new ServiceFault(
      'storage-full',
      'There is not enough storage for the job. Please send the request again later.',
      { cause: error },
    );
  }
  return new ServiceFault(
    'internal',
    'The job could not be submitted. Please send the request again.',
    { cause: error },
  );
}
