import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type FileLock, tryFileLock } from '../../batch-jobs/api/file-lock.ts';

/** Exclusive use of a data folder by this service. */
export interface DataFolderLock {
  /** Identifies the folder, for as long as it is the same folder. */
  readonly id: string;
  /** Aborted if the folder is missing or was replaced, with the reason. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const lockFile = '.service.lock';

/** How long a service that is about to end may still hold the lock, and the pause between attempts. */
const patienceMilliseconds = 1_000;
const pauseMilliseconds = 50;

/**
 * Reserves a data folder for one service. A second service would mistake running jobs for jobs left by an
 * earlier run, and remove the files that they work with. The lock belongs to the operating system, so it
 * lasts exactly as long as the service: neither a service that is suspended nor a clock that is set loses it.
 *
 * The lock is on a file of the folder, however. If somebody deletes or replaces the folder, the file goes
 * with it, and another service could lock the new folder, so the service checks whether the folder is still
 * the same.
 *
 * @param watchMilliseconds time between these checks
 * @throws if another service has the folder
 */
export async function lockDataFolder(
  folder: string,
  watchMilliseconds = 500,
): Promise<DataFolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, lockFile);
  const lock = await patiently(path);
  if (!lock) throw new Error(`data folder ${folder} is used by another service`);
  const id = await idOf(lock);
  const losing = new AbortController();
  const look = async () => {
    const found = await stat(path).catch((error) => {
      // A folder that cannot be checked now (too many open files) may still exist.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      return 'unknown' as const;
    });
    if (found === 'unknown' || (found && `${found.dev}-${found.ino}` === id)) return;
    clearInterval(timer);
    losing.abort(new Error(`data folder ${folder} was deleted or replaced`));
  };
  const timer = setInterval(look, watchMilliseconds);
  timer.unref();
  return {
    id,
    lost: losing.signal,
    release: async () => {
      clearInterval(timer);
      await lock.release();
    },
  };
}

async function patiently(path: string): Promise<FileLock | undefined> {
  const begun = performance.now();
  for (;;) {
    const lock = await tryFileLock(path);
    if (lock || performance.now() - begun > patienceMilliseconds) return lock;
    await wait(pauseMilliseconds);
  }
}

async function idOf({ file }: FileLock): Promise<string> {
  const { dev, ino } = await file.stat();
  return `${dev}-${ino}`;
}
