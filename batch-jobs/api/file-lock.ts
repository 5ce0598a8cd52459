import { type FileHandle, open } from 'node:fs/promises';
import { loadOnce } from './load-once.ts';
import { whenFilesCanBeOpened } from './open-files.ts';

/** A lock on a part of a file. It ends with the process that holds it, however that ends. */
export interface FileLock {
  /** The locked file; writing to it does not release the lock. */
  readonly file: FileHandle;
  release(): Promise<void>;
}

/** Compiled code, which images of processes lack: their store is S3. */
const loadExtensions = loadOnce(() => import('fs-native-extensions'));

/**
 * Takes a lock of the operating system. No clock and no process id is involved: a lock is free as soon
 * as its holder is gone, and cannot be lost before.
 *
 * Two locks in one process exclude each other as those of two processes do. The lock is advisory: it
 * binds only those that ask for it.
 *
 * Source: Linux, fcntl(2), "Open file description locks"; macOS, flock(2), which locks the whole file
 * whatever part is asked for.
 *
 * @param path the file to lock, which is created if it is not there; it must never be deleted or
 *   replaced while it is in use
 * @param offset the byte that stands for what is locked
 * @returns undefined when another holds it
 */
export async function tryFileLock(path: string, offset = 0): Promise<FileLock | undefined> {
  const { tryLock } = await loadExtensions();
  const file = await whenFilesCanBeOpened(() => open(path, 'a+', 0o600));
  try {
    if (tryLock(file.fd, offset, 1)) return { file, release: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  return undefined;
}
