import { type Job, messagesOf } from '../../../batch-jobs/api/job.ts';
import { statusCode } from './encode-status-info.ts';
import { paths, selfLinks } from './links.ts';

/**
 * The messages of a job's process and the service's own messages on its states, oldest first: what a client
 * would have seen by polling the status. Not part of the standard.
 */
export function encodeLog(job: Job) {
  return {
    jobID: job.id,
    messages: messagesOf(job).map(({ at, status, percentCompleted, text }) => ({
      time: at,
      status: statusCode(status),
      progress: Math.floor(percentCompleted),
      message: text,
    })),
    links: selfLinks(`${job.baseUrl}${paths.log(job.id)}`, 'Messages of the job'),
  };
}
