import type { Job, PublishedOutput } from '../../../batch-jobs/api/job.ts';

/** URL of the WPS endpoint, without `?`. */
export function endpointOf({ baseUrl }: Pick<Job, 'baseUrl'>): string {
  return `${baseUrl}wps`;
}

/** URL of a job's status. Clients replace the literal text `format=XML` to get another form. */
export function statusLocation(
  job: Pick<Job, 'baseUrl' | 'id'>,
  format: 'XML' | 'JSON' = 'XML',
): string {
  return `${endpointOf(job)}/jobStatus?jobId=${job.id}&format=${format}`;
}

/** URL of a published output. Its last part is what clients save it as. */
export function outputLocation(
  job: Pick<Job, 'baseUrl' | 'id'>,
  { name }: Pick<PublishedOutput, 'name'>,
): string {
  return `${endpointOf(job)}/outputs/${job.id}/${name}`;
}
