import type { OwnOutput } from '../api/job.ts';
import type { JobStore } from '../api/job-store.ts';
import { writeStream } from '../api/write-stream.ts';
import { JobFault } from './job-fault.ts';
import type { ReferencedInput } from './materialise-inputs.ts';

/**
 * Copies an output of another job into a file, as an input. The service has checked that the caller may see
 * it, and that it is not too large.
 *
 * @throws {JobFault} if the output is no longer stored
 */
export async function readOwnOutput(
  store: JobStore,
  { jobId, attempt, name }: OwnOutput,
  { identifier, path }: ReferencedInput,
  signal: AbortSignal,
): Promise<void> {
  const opened = await store.openOutput(jobId, { attempt, name });
  if (!opened) {
    throw new JobFault(
      `Input "${identifier}" is the output of a job that is no longer kept; run that job again.`,
      { exitCode: 65, kind: 'invalid-value', subject: identifier },
    );
  }
  await writeStream([opened.stream], path, { signal });
}
