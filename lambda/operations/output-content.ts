import type { Job, PublishedOutput } from '../../batch-jobs/api/job.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Limits } from '../configuration/configuration.ts';
import type { ServiceResponse } from '../http.ts';

/**
 * An output itself: a redirect to a short-lived link where the store signs such links, the content
 * where it does not.
 */
export async function outputContent(
  { id }: Job,
  output: PublishedOutput,
  store: JobStore,
  limits: Pick<Limits, 'outputLinkSeconds'>,
): Promise<ServiceResponse> {
  const link = await store.linkOutput(id, output, {
    filename: output.filename,
    contentType: output.contentType,
    seconds: limits.outputLinkSeconds,
  });
  if (link) return { status: 303, headers: { location: link }, body: '' };
  return await streamedOutput(id, output, store);
}

/** The content of an output, as it lies in the store. */
export async function streamedOutput(
  id: string,
  output: PublishedOutput,
  store: JobStore,
): Promise<ServiceResponse> {
  const opened = await store.openOutput(id, output);
  if (!opened) throw new Error(`output ${output.name} of job ${id} is recorded but not stored`);
  return {
    status: 200,
    headers: outputHeaders({ ...output, size: opened.size }),
    body: opened.stream,
  };
}

/** What is said of an output before its content. */
export function outputHeaders({ contentType, size, filename }: PublishedOutput) {
  return {
    'content-type': contentType,
    'content-length': String(size),
    // The runner leaves only letters, digits, `.`, `_` and `-` in the name.
    'content-disposition': `attachment; filename="${filename}"`,
  };
}
