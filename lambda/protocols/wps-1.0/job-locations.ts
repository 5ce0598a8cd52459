import type { Job, PublishedOutput } from '../../../batch-jobs/api/job.ts';

/** URL of a job's status. Clients replace the literal text `format=XML` to get another form. */
export function statusLocation(
  { endpoint, id }: Pick<Job, 'endpoint' | 'id'>,
  format: 'XML' | 'JSON' = 'XML',
): string {
  return `${endpoint}jobStatus?jobId=${id}&format=${format}`;
}

/** URL of a published output. Its last part is what clients save it as. */
export function outputLocation(
  { endpoint, id }: Pick<Job, 'endpoint' | 'id'>,
  { name }: Pick<PublishedOutput, 'name'>,
): string {
  return `${endpoint}outputs/${id}/${name}`;
}
