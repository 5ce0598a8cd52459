import { isFinal, type Job } from '../../../batch-jobs/api/job.ts';
import type { ServiceResponse } from '../../http.ts';
import { outputLocation, statusLocation } from '../ows/job-locations.ts';

/** A job's status, as an answer. */
export function statusResponse(job: Job): ServiceResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(statusInfo(job), null, 2),
  };
}

/**
 * A job's status as JSON: `statusInfo` of OGC API - Processes (OGC 18-062r2, clause 7.12), with a
 * link to each output.
 */
export function statusInfo(job: Job) {
  return {
    processID: job.process.identifier,
    type: 'process',
    jobID: job.id,
    status:
      job.status === 'succeeded' ? 'successful' : job.status === 'paused' ? 'running' : job.status,
    message: job.message,
    ...(job.failure ? { exception: job.failure } : {}),
    created: job.createdAt,
    ...(job.startedAt ? { started: job.startedAt } : {}),
    ...(isFinal(job.status) && job.endedAt ? { finished: job.endedAt } : {}),
    updated: job.updatedAt,
    progress: job.percentCompleted,
    links: [
      { href: statusLocation(job, 'JSON'), rel: 'self', type: 'application/json' },
      { href: statusLocation(job), rel: 'alternate', type: 'text/xml' },
      ...job.outputs.map((output) => ({
        href: outputLocation(job, output),
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/results',
        type: output.contentType,
        title: output.identifier,
        length: output.size,
      })),
    ],
  };
}
