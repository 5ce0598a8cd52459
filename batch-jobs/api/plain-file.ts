import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { whenFilesCanBeOpened } from './open-files.ts';

/**
 * Opens a file for reading, if it is one. Something else may stand in its place: a FIFO, at which a reader waits
 * without end, a folder, or a link that leads to a file of somebody else.
 *
 * Source: Linux, open(2), `O_NOFOLLOW` and `O_NONBLOCK`.
 *
 * @param links whether a link that stands in its place is followed
 * @returns undefined when something stands there that is no file
 * @throws ENOENT when nothing does
 */
export async function openPlainFile(
  path: string,
  { links }: { readonly links: 'followed' | 'refused' },
): Promise<FileHandle | undefined> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  const flags = O_RDONLY | O_NONBLOCK | (links === 'refused' ? O_NOFOLLOW : 0);
  const file = await whenFilesCanBeOpened(() => open(path, flags)).catch((error) => {
    // ENXIO: a socket.
    if (isCode(error, 'ELOOP') || isCode(error, 'ENXIO')) return undefined;
    throw error;
  });
  if (file && !(await isFile(file))) {
    await file.close();
    return undefined;
  }
  return file;
}

async function isFile(file: FileHandle): Promise<boolean> {
  try {
    return (await file.stat()).isFile();
  } catch (error) {
    await file.close();
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
