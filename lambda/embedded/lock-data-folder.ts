import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type FileLock, tryFileLock } from '../../batch-jobs/api/file-lock.ts';

/** A data folder that is this service's alone. */
export interface DataFolderLock {
  /** Names the folder, for as long as it is the same one. */
  readonly id: string;
  /** Aborted when the folder is no longer there, or another was put in its place; the reason tells. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

const lockFile = '.service.lock';

/** How long a service that is about to end may still hold the lock, and the pause between looks. */
const patienceMilliseconds = 1_000;
const pauseMilliseconds = 50;

/**
 * Keeps a data folder to one service: a second one would take jobs that run for jobs that were left,
 * and remove what they work with. The lock is the operating system's, so it lasts exactly as long as
 * the service: neither a service that stands still nor a clock that is set loses it.
 *
 * It locks a file of the folder, though. Who deletes or replaces the folder takes the file away, and
 * another service could lock the new one, so the service looks whether it is still the same.
 *
 * @param watchMilliseconds time between these looks
 * @throws when another service has the folder
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
      // A folder that cannot be looked at now (too many open files) may well be there.
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
