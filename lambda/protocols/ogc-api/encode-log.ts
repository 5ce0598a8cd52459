import { type Job, messagesOf } from '../../../batch-jobs/api/job.ts';
import { statusCode } from './encode-status-info.ts';
import { paths, selfLinks } from './links.ts';

/**
 * What a job's process has said, with the service's own words on its states, oldest first: what a client
 * polling its status would have seen. Beyond the standard.
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
