import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { whenFilesCanBeOpened } from './open-files.ts';

/**
 * Opens a path for reading if it is a regular file. The path may instead be a FIFO, on which a reader waits
 * forever, a folder, or a link to another person's file.
 *
 * Source: Linux, open(2), `O_NOFOLLOW` and `O_NONBLOCK`.
 *
 * @param links whether to follow a symbolic link at this path
 * @returns undefined if the path is not a regular file
 * @throws ENOENT if the path does not exist
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
  return Reflect.get(Object(error), 'code') === code;
}
