import { isJobId } from '../../batch-jobs/api/job-id.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import type { RequestLog } from '../jobs/request-log.ts';
import { OwsException } from '../protocols/ows/ows-exception.ts';
import { statusParameters } from './status-parameters.ts';

/**
 * The job that a status URL names, and that the request is about.
 *
 * @throws {OwsException} when it names none, or one that is not there
 */
export async function storedJob(
  query: string,
  store: JobStore,
  log: RequestLog,
): Promise<StoredJob> {
  const id = statusParameters(query).get('jobid');
  if (!id) {
    throw new OwsException('MissingParameterValue', 'Parameter "jobId" is missing.', {
      locator: 'jobId',
    });
  }
  // Any other text is only what the client sent.
  if (isJobId(id)) log.about({ jobId: id });
  const stored = await store.read(id);
  if (stored) return stored;
  throw new OwsException('InvalidParameterValue', 'There is no such job.', {
    locator: 'jobId',
    httpStatus: 404,
  });
}
