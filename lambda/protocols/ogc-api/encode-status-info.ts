import { isFinal, type Job, type JobStatus } from '../../../batch-jobs/api/job.ts';
import { expiryOf, type Retention } from '../../../batch-jobs/api/job-expiry.ts';
import { type ProblemDetails, problem } from './encode-fault.ts';
import { type Link, mediaTypes, paths, relations, selfLinks } from './links.ts';
import { resultsType } from './results-type.ts';

/** Status codes of the standard (`statusCode.yaml`), which has no code for a job between two attempts. */
const statusCodes: Readonly<Record<JobStatus, string>> = {
  accepted: 'accepted',
  running: 'running',
  paused: 'running',
  succeeded: 'successful',
  failed: 'failed',
  dismissed: 'dismissed',
};

export function statusCode(status: JobStatus): string {
  return statusCodes[status];
}

/** `statusInfo.yaml` (OGC 18-062r2, clause 7.12): a job's status, whatever protocol started the job. */
export function statusInfo(job: Job, retention: Retention) {
  const expires = expiryOf(job, retention);
  return {
    processID: job.process.identifier,
    type: 'process',
    jobID: job.id,
    status: statusCode(job.status),
    message: job.message,
    ...(job.failure ? { exception: failureOf(job) } : {}),
    created: job.createdAt,
    ...(job.startedAt === undefined ? {} : { started: job.startedAt }),
    ...(isFinal(job.status) && job.endedAt !== undefined ? { finished: job.endedAt } : {}),
    updated: job.updatedAt,
    ...(expires === undefined ? {} : { expires }),
    progress: Math.floor(job.percentCompleted),
    ...(job.labels && job.labels.length > 0 ? { labels: job.labels } : {}),
    ...(job.warnings && job.warnings.length > 0 ? { warnings: job.warnings } : {}),
    ...costOf(job),
    links: jobLinks(job),
  };
}

/** Only for jobs with an owner: the status of any other job is visible to everybody who knows its id. */
function costOf({ owner, costUsd }: Job): { readonly estimatedCostUsd?: number } {
  return owner === undefined || costUsd === undefined ? {} : { estimatedCostUsd: costUsd };
}

/** Why a job failed, for its status and its results. */
export function failureOf(job: Job): ProblemDetails {
  const { kind, text } = job.failure ?? { kind: 'internal' as const, text: job.message };
  return problem({ kind, message: text });
}

/** Headers of responses about a job: when it expires (RFC 8594). */
export function jobHeaders(job: Job, retention: Retention): Readonly<Record<string, string>> {
  const expires = expiryOf(job, retention);
  return expires === undefined ? {} : { sunset: new Date(expires).toUTCString() };
}

/** Where a client can follow the job (`monitor`, OGC 18-062r2, clause 7.11.4). */
export function monitorLink({ baseUrl, id }: Job): Link {
  return {
    href: `${baseUrl}${paths.job(id)}`,
    rel: 'monitor',
    type: mediaTypes.json,
    title: 'Status of the job',
  };
}

function jobLinks(job: Job): readonly Link[] {
  const { baseUrl, id } = job;
  const links: Link[] = [
    ...selfLinks(`${baseUrl}${paths.job(id)}`, 'Status of the job'),
    {
      href: `${baseUrl}wps/jobStatus?jobId=${id}&format=XML`,
      rel: 'alternate',
      type: mediaTypes.xml,
      title: 'Status of the job as WPS 1.0.0 tells it',
    },
  ];
  if (!isFinal(job.status)) links.push(monitorLink(job));
  if (job.status === 'succeeded') {
    links.push({
      href: `${baseUrl}${paths.results(id)}`,
      rel: relations.results,
      type: resultsType(job),
      title: 'Results of the job',
    });
  }
  if (job.status === 'failed') {
    links.push({
      href: `${baseUrl}${paths.results(id)}`,
      rel: 'http://www.opengis.net/def/rel/ogc/1.0/exceptions',
      type: mediaTypes.problem,
      title: 'Why the job failed',
    });
  }
  links.push(
    {
      href: `${baseUrl}${paths.inputs(id)}`,
      rel: 'related',
      type: mediaTypes.json,
      title: 'Inputs of the job',
    },
    {
      href: `${baseUrl}${paths.log(id)}`,
      rel: 'related',
      type: mediaTypes.json,
      title: 'Messages of the job',
    },
  );
  return links;
}
