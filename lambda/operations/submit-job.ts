import type { Job } from '../../batch-jobs/api/job.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { EngineBusy } from '../job-engine.ts';
import type { ServiceParts } from '../service-parts.ts';
import { OwsException } from '../wps/ows-exception.ts';

/**
 * Hands a job to the engine. When that fails the record ends as failed, so that no one waits for a
 * job that will never run.
 *
 * @throws {OwsException} when the engine did not take it
 */
export async function submitJob(
  created: StoredJob,
  process: ProcessDescription,
  store: JobStore,
  parts: ServiceParts,
): Promise<Job> {
  const { job } = created;
  try {
    const engine = await parts.engine();
    const { engineJobId } = await engine.submit({
      jobId: job.id,
      processIdentifier: process.identifier,
      queue: job.queue,
      requirements: process.job,
    });
    const submittedAt = parts.now().toISOString();
    const stored = await store.update(
      job.id,
      (now) => (now.status === 'dismissed' ? undefined : { engineJobId, submittedAt }),
      created,
    );
    return stored.job;
  } catch (error) {
    const exception = busyOrFailed(error);
    parts.log.error('job not submitted', { jobId: job.id }, error);
    await store.update(job.id, (now) =>
      now.status === 'accepted'
        ? {
            status: 'failed',
            message: exception.message,
            failure: { code: 'NoApplicableCode', text: exception.message },
          }
        : undefined,
    );
    throw exception;
  }
}

function busyOrFailed(error: unknown): OwsException {
  if (error instanceof EngineBusy) {
    return new OwsException(
      'ServerBusy',
      'Too many jobs wait already. Please send the request again later.',
      { cause: error },
    );
  }
  return new OwsException(
    'NoApplicableCode',
    'The job could not be submitted. Please send the request again.',
    { cause: error },
  );
}
