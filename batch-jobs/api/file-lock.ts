import { type FileHandle, open } from 'node:fs/promises';
import { loadOnce } from './load-once.ts';
import { whenFilesCanBeOpened } from './open-files.ts';

/** A lock on part of a file. It ends with the process that holds it, however that process ends. */
export interface FileLock {
  /** The locked file; writing to it does not release the lock. */
  readonly file: FileHandle;
  release(): Promise<void>;
}

/** A native module. Images of processes do not contain it because their store is S3. */
const loadExtensions = loadOnce(() => import('fs-native-extensions'));

/**
 * Takes an operating system lock. It involves no clock and no process ID: a lock becomes free as soon as its
 * holder is gone, and cannot be lost before.
 *
 * Two locks in one process exclude each other in the same way as locks in two processes. The lock is
 * advisory: it binds only those that ask for it.
 *
 * Source: Linux, fcntl(2), "Open file description locks"; macOS, flock(2), which locks the whole file
 * regardless of the requested range.
 *
 * @param path the file to lock, created if it does not exist; it must never be deleted or replaced while it
 *   is in use
 * @param offset the byte that represents the locked resource
 * @returns undefined if another holder has the lock
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
