import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { InlineValue, Job, PublishedOutput, RequestedOutput } from '../api/job.ts';
import { whenFilesCanBeOpened } from '../api/open-files.ts';
import { readableFileName, safeFileName } from '../api/safe-file-name.ts';
import { JobFault } from './job-fault.ts';

/** Uploads a file as an output of the attempt. Returns its size in bytes and its SHA-256. */
export type Publish = (
  name: string,
  path: string,
  contentType: string,
) => Promise<Pick<PublishedOutput, 'attempt' | 'size' | 'sha256'>>;

/**
 * Uploads the command's file for each requested output.
 *
 * @param folder contains one file per output, named by its identifier
 * @param inlineLimit largest value in bytes that is stored in the record itself
 * @throws {JobFault} if an output is missing
 */
export async function publishOutputs(
  job: Job,
  folder: string,
  publish: Publish,
  inlineLimit: number,
): Promise<PublishedOutput[]> {
  const published: PublishedOutput[] = [];
  for (const output of job.requestedOutputs) {
    const path = await ownFile(join(folder, output.identifier), folder);
    if (path === undefined) {
      throw new JobFault(`The process ended without leaving its output "${output.identifier}".`);
    }
    const name = `${safeFileName(output.identifier)}${output.extension}`;
    const contentType = output.mimeType ?? 'text/plain';
    const stored = await publish(name, path, contentType);
    const inline = await inlineValue(output, path, stored.size, inlineLimit);
    published.push({
      identifier: output.identifier,
      name,
      contentType,
      ...stored,
      filename: await chosenFilename(
        join(folder, `${output.identifier}.filename`),
        folder,
        name,
        output.extension,
      ),
      ...(inline ? { inline } : {}),
    });
  }
  return published;
}

/** Small values that were requested as values. Literals and bounding boxes are always inline. */
async function inlineValue(
  output: RequestedOutput,
  path: string,
  size: number,
  limit: number,
): Promise<PublishedOutput['inline']> {
  if (output.kind !== 'complex') {
    if (size > limit) {
      throw new JobFault(
        `The process left ${size} bytes for its output "${output.identifier}", which is a value; allowed: ${limit}.`,
      );
    }
    return { text: (await read(path)).toString().trim() };
  }
  if (output.transmission === 'reference' || size > limit) return undefined;
  return inlineOf(await read(path));
}

/** As text only if the text represents the same bytes. */
function inlineOf(content: Buffer): InlineValue {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content) };
  } catch {
    return { base64: content.toString('base64') };
  }
}

/** Maximum size of a file that contains a file name, in bytes. */
const longestWish = 4 * 1024;

/** A command may write `<output>.filename` beside an output, with the name to save it as. */
async function chosenFilename(
  wishPath: string,
  folder: string,
  name: string,
  extension: string,
): Promise<string> {
  const path = await ownFile(wishPath, folder);
  const isShort = path !== undefined && (await stat(path)).size <= longestWish;
  return (isShort && readableFileName((await read(path)).toString(), extension)) || name;
}

/**
 * A file that the command created. It may be a link, but only within the attempt's folder: the runner can
 * read files that the command must not (`/proc/self/environ` has the way to its credentials), and would wait
 * on a FIFO forever.
 *
 * @returns its real path; undefined if there is no such file
 */
async function ownFile(path: string, folder: string): Promise<string | undefined> {
  try {
    const [own, found] = await Promise.all([realpath(join(folder, '..')), realpath(path)]);
    return found.startsWith(`${own}${sep}`) && (await stat(found)).isFile() ? found : undefined;
  } catch {
    return undefined;
  }
}

async function read(path: string): Promise<Buffer> {
  return await whenFilesCanBeOpened(() => readFile(path));
}
