import { createWriteStream } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Dispatcher, request } from 'undici';
import type { IndexedFile } from './file-index.ts';
import { JobError } from './job-error.ts';
import { MirroredStore } from './netcdf/zarr/zarr-store.ts';

/** Number of files fetched at the same time. */
const atOnce = 4;

/**
 * Makes files available on this machine. Remote files are fetched into numbered subfolders of a folder,
 * without holding them in memory. A Zarr store (a URL that ends in `.zarr`) is fetched on demand, when it is
 * read.
 *
 * @param onFile called when a file is started
 * @param publicBuckets buckets that are read with unsigned requests
 * @returns their paths, in the order of the files
 * @throws {JobError} if a file is unavailable: the result would be wrong if it were left out
 */
export async function obtainFiles(
  files: readonly IndexedFile[],
  folder: string,
  client: Dispatcher,
  onFile: (index: number, of: number) => void,
  publicBuckets: readonly string[] = [],
): Promise<string[]> {
  await checkSpace(files, folder);
  const stop = new AbortController();
  const paths: string[] = [];
  const left = files.entries();
  const work = async () => {
    for (const [index, { name, location }] of left) {
      if ('path' in location) {
        paths[index] = location.path;
        continue;
      }
      onFile(index, files.length);
      const path = join(folder, String(index), fileName(name));
      await mkdir(join(folder, String(index)), { recursive: true });
      if (isZarrUrl(location.url)) {
        const isPublic = isPublicUrl(location.url, publicBuckets);
        await MirroredStore.prepare(path, { url: location.url, isPublic });
      } else await fetchFile(name, location.url, path, client, stop.signal);
      paths[index] = path;
    }
  };
  const works = Array.from({ length: atOnce }, () =>
    work().catch((error) => {
      stop.abort();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(works);
  const faults = ended.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  // The fetch that failed says more than those that were stopped because of it.
  if (faults.length > 0) throw faults.find((fault) => fault instanceof JobError) ?? faults[0];
  return paths;
}

async function fetchFile(
  name: string,
  url: string,
  path: string,
  client: Dispatcher,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { statusCode, body } = await request(url, { dispatcher: client, signal });
    if (statusCode !== 200) {
      body.on('error', () => {}).destroy();
      throw new JobError(
        'notThere',
        `File "${name}" is listed for the layer but is unavailable: its server answered ${statusCode}.`,
      );
    }
    await pipeline(body, createWriteStream(path));
  } catch (error) {
    if (error instanceof JobError || signal.aborted) throw error;
    throw new JobError('unavailable', `File "${name}" is currently unavailable.`, { cause: error });
  }
}

/** In S3, only stores are supported. */
export function isZarrUrl(url: string): boolean {
  return url.startsWith('s3:') || /\.zarr\/*$/i.test(new URL(url).pathname);
}

/** Whether the URL is in a bucket that is read with unsigned requests. */
export function isPublicUrl(url: string, publicBuckets: readonly string[]): boolean {
  return url.startsWith('s3:') && publicBuckets.includes(new URL(url).hostname);
}

/** @throws {JobError} before fetching, if the files would not fit */
async function checkSpace(files: readonly IndexedFile[], folder: string): Promise<void> {
  const needed = files.reduce(
    (sum, { location, size }) => sum + ('url' in location ? (size ?? 0) : 0),
    0,
  );
  if (needed === 0) return;
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (needed <= free) return;
  throw new JobError(
    'badRequest',
    `The subset needs ${gibibytes(needed)} of files, and there is room for ${gibibytes(free)}; allowed: a shorter period.`,
  );
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toPrecision(3)} GiB`;
}

/** A name without folders, even if the index contains them. */
function fileName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_') || 'file';
}
