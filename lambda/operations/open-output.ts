import type { Readable } from 'node:stream';
import { isFinal, type Job, type PublishedOutput } from '../../batch-jobs/api/job.ts';
import type { ByteRange } from '../../batch-jobs/api/object-store.ts';
import { quoted, ServiceFault } from '../service-fault.ts';
import type { Dependencies } from './dependencies.ts';
import { storedJob } from './find-job.ts';

/** An output ready to send, as a link that is valid for a while or as its content. */
export interface OpenedOutput {
  readonly output: PublishedOutput;
  /** Present if the store signs links. */
  readonly link?: string;
  /** Present if there is no link; of a range, only that part. */
  readonly stream?: Readable;
  /** Bytes of the whole output, even if only a range is read. */
  readonly size: number;
}

/**
 * Finds a published output of a job without opening it.
 *
 * @param name its identifier, or the name at the end of its URL
 * @throws {ServiceFault} `unknown-job`, `expired-job`, `result-not-ready`, or `unknown-output`
 */
export async function findOutput(
  id: string,
  name: string,
  dependencies: Dependencies,
): Promise<PublishedOutput> {
  const { job } = await storedJob(id, dependencies);
  const output = job.outputs.find(
    (published) => published.name === name || published.identifier === name,
  );
  if (output) return output;
  if (!isFinal(job.status)) {
    throw new ServiceFault('result-not-ready', 'The job has not ended yet.', { subject: id });
  }
  const names = quoted(job.outputs.map(({ identifier }) => identifier));
  throw new ServiceFault(
    'unknown-output',
    `The job has no output "${name}"; its outputs are ${names || 'none'}.`,
    { subject: name },
  );
}

/**
 * Opens an output of a job that the caller has found.
 *
 * @param range the part to read if there is no link; if left out, the whole output
 * @param isSmallStreamed whether to send the content instead of a link, because a client that sent a POST may
 *   not follow a link; applies only to outputs small enough to pass through the service
 */
export async function openPublished(
  { id }: Pick<Job, 'id'>,
  output: PublishedOutput,
  isSmallStreamed: boolean,
  dependencies: Dependencies,
  range?: ByteRange,
): Promise<OpenedOutput> {
  const { inlineOutputBytes } = dependencies.configuration.limits;
  return isSmallStreamed && output.size <= inlineOutputBytes
    ? await stream(id, output, dependencies, range)
    : await open(id, output, dependencies, range);
}

async function open(
  id: string,
  output: PublishedOutput,
  dependencies: Dependencies,
  range: ByteRange | undefined,
): Promise<OpenedOutput> {
  const store = await dependencies.store();
  const { size, filename, contentType } = output;
  const seconds = dependencies.configuration.limits.outputLinkSeconds;
  const link = await store.linkOutput(id, output, { filename, contentType, seconds });
  return link === undefined
    ? await stream(id, output, dependencies, range)
    : { output, link, size };
}

async function stream(
  id: string,
  output: PublishedOutput,
  dependencies: Dependencies,
  range: ByteRange | undefined,
): Promise<OpenedOutput> {
  const store = await dependencies.store();
  const opened = await store.openOutput(id, output, range);
  if (!opened) throw new Error(`output ${output.name} of job ${id} is recorded but not stored`);
  return { output, stream: opened.stream, size: output.size };
}
