import type { Job, JobStatus } from '../../../batch-jobs/api/job.ts';
import { writeDocument } from './write-document.ts';

/** States of a job as WPS 2.0 names them; `Dismissed` is that of its dismiss extension. */
const statusNames: Readonly<Record<JobStatus, string>> = {
  accepted: 'Accepted',
  running: 'Running',
  paused: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  dismissed: 'Dismissed',
};

/** When to ask again: sooner where the job has only begun, for most jobs are short. */
const shortestPauseSeconds = 2;
const longestPauseSeconds = 60;

/** `wps:StatusInfo` (OGC 14-065r2, clause 9.5) of a job as it is now. */
export function encodeStatusInfo(job: Job, now: Date): string {
  const isOver = statusNames[job.status] !== 'Accepted' && statusNames[job.status] !== 'Running';
  return writeDocument('StatusInfo', {
    'wps:JobID': job.id,
    'wps:Status': statusNames[job.status],
    'wps:ExpirationDate': job.expiresAt,
    'wps:EstimatedCompletion': isOver ? undefined : estimatedCompletion(job, now),
    'wps:NextPoll': isOver ? undefined : nextPoll(job, now),
    'wps:PercentCompleted':
      job.status === 'dismissed' || job.status === 'failed'
        ? undefined
        : Math.floor(job.percentCompleted),
  });
}

/**
 * From the share that is done and the time that it took. Too little done tells nothing, and then the
 * element is left out.
 */
function estimatedCompletion(job: Job, now: Date): string | undefined {
  const { startedAt, percentCompleted } = job;
  if (job.status !== 'running' || startedAt === undefined || percentCompleted < 5) return undefined;
  const elapsed = now.getTime() - Date.parse(startedAt);
  if (!(elapsed > 0)) return undefined;
  const left = (elapsed * (100 - percentCompleted)) / percentCompleted;
  return new Date(now.getTime() + left).toISOString();
}

/** After a tenth of the job's age, within bounds. */
function nextPoll(job: Job, now: Date): string {
  const ageSeconds = (now.getTime() - Date.parse(job.createdAt)) / 1000;
  const pause = Math.min(longestPauseSeconds, Math.max(shortestPauseSeconds, ageSeconds / 10));
  return new Date(now.getTime() + pause * 1000).toISOString();
}
