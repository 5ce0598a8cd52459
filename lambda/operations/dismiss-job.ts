import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import type { ServiceResponse } from '../http.ts';
import { engineJobIdOf } from '../jobs/job-engine.ts';
import { encodeExecuteResponse } from '../protocols/wps-1.0/encode-execute-response.ts';
import { type OperationParts, xml } from '../service-parts.ts';
import { storedJob } from './stored-job.ts';

/**
 * Dismisses a job: `DELETE jobStatus?jobId=<id>`. WPS 1.0.0 has no such operation; the method and
 * its meaning are those of OGC API - Processes (OGC 18-062r2, clause 11). Whoever knows a job's id
 * may dismiss it.
 *
 * The record ends first, so that the job cannot succeed any more; then the engine ends the run.
 * Dismissing a job that has ended changes nothing.
 */
export async function dismissJob(query: string, parts: OperationParts): Promise<ServiceResponse> {
  const store = await parts.store();
  const stored = await storedJob(query, store, parts.log);
  const { job } = await store.update(
    stored.job.id,
    (now) =>
      isFinal(now.status)
        ? undefined
        : { status: 'dismissed', message: 'The job was dismissed by the client.' },
    stored,
  );
  if (job.status === 'dismissed') await endRun(job, parts);
  return xml(200, encodeExecuteResponse(job));
}

/** The record has ended already; a run that goes on finds that out, and the sweep ends it. */
async function endRun(job: Job, parts: OperationParts): Promise<void> {
  parts.log.info('job dismissed');
  try {
    const engine = await parts.engine();
    const engineJobId = await engineJobIdOf(job, engine);
    if (engineJobId) await engine.terminate(engineJobId, 'dismissed by the client');
  } catch (error) {
    parts.log.error('the run of a dismissed job was not ended', {}, error);
  }
}
