import type { Readable } from 'node:stream';
import { isFinal, type Job, type PublishedOutput } from '../../batch-jobs/api/job.ts';
import type { ByteRange } from '../../batch-jobs/api/object-store.ts';
import type { Dependencies } from './dependencies.ts';
import { storedJob } from './find-job.ts';
import { quoted, ServiceFault } from './service-fault.ts';

/** An output, ready to be sent: by a link that opens it for a while, or as its content. */
export interface OpenedOutput {
  readonly output: PublishedOutput;
  /** Where the store signs such links. */
  readonly link?: string;
  /** Where there is no link; of a range, that alone. */
  readonly stream?: Readable;
  /** Bytes of the output, whatever is read of it. */
  readonly size: number;
}

/**
 * A published output of a job, found but not opened.
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
 * @param range what of it is read where there is no link; left out, all
 * @param isSmallStreamed a client that sent a POST may not follow a link; only what is too large to
 *   pass through the service leaves it no choice
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
