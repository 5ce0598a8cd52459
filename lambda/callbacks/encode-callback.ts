import type { Job } from '../../batch-jobs/api/job.ts';
import type { Retention } from '../../batch-jobs/api/job-expiry.ts';
import { encodeResults } from '../protocols/ogc-api/encode-results.ts';
import { statusInfo } from '../protocols/ogc-api/encode-status-info.ts';
import type { CallbackEvent } from './callbacks.ts';

/** The results of a job that succeeded, otherwise its status (OGC 18-062r2, clause 12). */
export function encodeCallback(job: Job, event: CallbackEvent, retention: Retention): string {
  return event === 'success'
    ? encodeResults(job)
    : JSON.stringify(statusInfo(job, retention), null, 2);
}
