import type { Job, JobStatus } from '../../../batch-jobs/api/job.ts';
import { expiryOf, type Retention } from '../../../batch-jobs/api/job-expiry.ts';
import { writeDocument } from './write-document.ts';

/** WPS 2.0 names of the states of a job; `Dismissed` comes from its dismiss extension. */
const statusNames: Readonly<Record<JobStatus, string>> = {
  accepted: 'Accepted',
  running: 'Running',
  paused: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  dismissed: 'Dismissed',
};

/** When to ask again: soon if the job has only begun, because most jobs are short. */
const shortestPauseSeconds = 2;
const longestPauseSeconds = 60;

/** `wps:StatusInfo` (OGC 14-065r2, clause 9.5) for the current state of a job. */
export function encodeStatusInfo(job: Job, now: Date, retention: Retention): string {
  const isOver = statusNames[job.status] !== 'Accepted' && statusNames[job.status] !== 'Running';
  return writeDocument('StatusInfo', {
    'wps:JobID': job.id,
    'wps:Status': statusNames[job.status],
    'wps:ExpirationDate': expiryOf(job, retention),
    'wps:EstimatedCompletion': isOver ? undefined : estimatedCompletion(job, now),
    'wps:NextPoll': isOver ? undefined : nextPoll(job, now),
    'wps:PercentCompleted':
      job.status === 'dismissed' || job.status === 'failed'
        ? undefined
        : Math.floor(job.percentCompleted),
  });
}

/**
 * Estimated from the share that is done and the time that it took. If too little is done, there is no
 * estimate, and the element is left out.
 */
function estimatedCompletion(job: Job, now: Date): string | undefined {
  const { startedAt, percentCompleted } = job;
  if (job.status !== 'running' || startedAt === undefined || percentCompleted < 5) return undefined;
  const elapsed = now.getTime() - Date.parse(startedAt);
  if (!(elapsed > 0)) return undefined;
  const left = (elapsed * (100 - percentCompleted)) / percentCompleted;
  return new Date(now.getTime() + left).toISOString();
}

/** After a tenth of the job's age, within limits. */
function nextPoll(job: Job, now: Date): string {
  const ageSeconds = (now.getTime() - Date.parse(job.createdAt)) / 1000;
  const pause = Math.min(longestPauseSeconds, Math.max(shortestPauseSeconds, ageSeconds / 10));
  return new Date(now.getTime() + pause * 1000).toISOString();
}
