import type { Readable } from 'node:stream';
import type { Job, PublishedOutput } from '../../../batch-jobs/api/job.ts';
import { loadOnce } from '../../../batch-jobs/api/load-once.ts';
import type { ServiceResponse } from '../../http.ts';
import type { Dependencies } from '../../operations/dependencies.ts';
import { findOutput } from '../../operations/open-output.ts';
import { ServiceFault } from '../../service-fault.ts';
import type { OutputPreview } from './output-preview.tsx';
import { words } from './words.ts';

const loadCsvParser = loadOnce(() => import('csv-parse/sync'));

/** The most bytes shown of a text. */
const shownBytes = 4_096;
const shownRows = 12;
/** Larger pictures are only linked. */
const mostPictureBytes = 3_000_000;

/** A picture is shown only if its bytes begin with this signature, regardless of its declared type. */
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Previews of a job's outputs, by identifier; outputs without a preview are left out. */
export async function previewsOf(
  job: Job,
  base: string,
  dependencies: Dependencies,
): Promise<ReadonlyMap<string, OutputPreview>> {
  const previews = await Promise.all(
    job.outputs.map(async (output) => {
      const preview = await previewOf(job, output, base, dependencies).catch((error: unknown) => {
        // The page is useful without the preview.
        dependencies.log.error('an output was not previewed', { output: output.name }, error);
        return undefined;
      });
      return preview ? [[output.identifier, preview] as const] : [];
    }),
  );
  return new Map(previews.flat());
}

async function previewOf(
  job: Job,
  output: PublishedOutput,
  base: string,
  dependencies: Dependencies,
): Promise<OutputPreview | undefined> {
  const type = output.contentType.replace(/;.*/, '').trim().toLowerCase();
  if (type === 'image/png' && output.size <= mostPictureBytes) {
    const title = job.requestedOutputs.find(
      ({ identifier }) => identifier === output.identifier,
    )?.title;
    return {
      kind: 'picture',
      url: `${base}jobs/${job.id}/previews/${encodeURIComponent(output.name)}`,
      alt: words.job.pictureOf(title ?? output.identifier, job.process.title),
    };
  }
  if (!isText(type)) return undefined;
  const bytes = await beginning(job.id, output, shownBytes, dependencies);
  const isCut = output.size > bytes.length;
  const text = wholeCharacters(bytes);
  return type === 'text/csv' ? table(text, isCut) : { kind: 'text', text, isCut };
}

function isText(type: string): boolean {
  return /^text\/|^application\/(json|xml|yaml|[\w.-]+\+(json|xml))$/.test(type);
}

/** The first rows of CSV, without a row that is cut off. */
async function table(text: string, isCut: boolean): Promise<OutputPreview> {
  const { parse } = await loadCsvParser();
  const lines = isCut ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
  const records: string[][] = parse(lines, {
    bom: true,
    relaxColumnCount: true,
    relaxQuotes: true,
    skipEmptyLines: true,
    // The header, and one row more than is shown.
    to: shownRows + 2,
  });
  const [header = [], ...rows] = records;
  return {
    kind: 'table',
    header,
    rows: rows.slice(0, shownRows),
    isCut: isCut || rows.length > shownRows,
  };
}

/** The last character may be incomplete. */
function wholeCharacters(bytes: Buffer): string {
  return new TextDecoder('utf-8').decode(bytes, { stream: true });
}

/** The picture itself, sent by the service: pages only show pictures of their own origin. */
export async function previewPicture(
  jobId: string,
  name: string,
  dependencies: Dependencies,
): Promise<ServiceResponse> {
  const output = await findOutput(jobId, name, dependencies);
  const content = await beginning(jobId, output, mostPictureBytes, dependencies);
  const isPng = content.subarray(0, pngSignature.length).equals(pngSignature);
  if (!isPng || content.length < output.size) {
    throw new ServiceFault('unknown-resource', 'There is no preview of this output.');
  }
  return {
    status: 200,
    headers: {
      'content-type': 'image/png',
      // A finished job's outputs never change.
      'cache-control': 'private, max-age=3600',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    },
    body: content,
  };
}

/** The first bytes of a published output. */
export async function beginning(
  jobId: string,
  output: PublishedOutput,
  bytes: number,
  { store }: Dependencies,
): Promise<Buffer> {
  const opened = await (await store()).openOutput(jobId, output);
  if (!opened) throw new Error(`output ${output.name} of job ${jobId} is recorded but not stored`);
  return await firstOf(opened.stream, bytes);
}

async function firstOf(stream: Readable, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop closes the stream.
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}
