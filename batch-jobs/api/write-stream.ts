import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { whenFilesCanBeOpened } from './open-files.ts';

/**
 * Writes a stream to a file, through optional transforms. After a failure the caller may remove the file: it
 * is closed, so a pending open cannot create it again.
 */
export async function writeStream(
  streams: readonly [Readable, ...Transform[]],
  path: string,
  { mode, ...options }: { readonly signal?: AbortSignal; readonly mode?: number } = {},
): Promise<void> {
  const handle = await whenFilesCanBeOpened(() => open(path, 'w', mode));
  const file = handle.createWriteStream();
  try {
    await pipeline([...streams, file], options);
  } catch (error) {
    if (!file.closed) await once(file, 'close');
    throw error;
  }
}
