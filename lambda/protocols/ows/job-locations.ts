import type { Job, PublishedOutput } from '../../../batch-jobs/api/job.ts';

/** URL of the WPS endpoint, without `?`. */
export function endpointOf({ baseUrl }: Pick<Job, 'baseUrl'>): string {
  return `${baseUrl}wps`;
}

/** URL of a job's status. Clients replace the literal text `format=XML` to get another format. */
export function statusLocation(
  job: Pick<Job, 'baseUrl' | 'id'>,
  format: 'XML' | 'JSON' = 'XML',
): string {
  return `${endpointOf(job)}/jobStatus?jobId=${job.id}&format=${format}`;
}

/** URL of a published output. Clients use its last segment as the file name. */
export function outputLocation(
  job: Pick<Job, 'baseUrl' | 'id'>,
  { name }: Pick<PublishedOutput, 'name'>,
): string {
  return `${endpointOf(job)}/outputs/${job.id}/${name}`;
}
