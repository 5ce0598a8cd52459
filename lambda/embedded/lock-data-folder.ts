import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../batch-jobs/api/log.ts';

/** A lock that was not renewed for so long is one of a service that was killed. */
const staleMilliseconds = 3_000;
const renewMilliseconds = 1_000;

/**
 * Keeps a data folder to one service: a second one would take jobs that run for jobs that were left,
 * and clear the folders that they work in.
 *
 * @returns lets go of the folder
 * @throws when another service has it, after a wait for one that was killed
 */
export async function lockDataFolder(folder: string, log: Log): Promise<() => Promise<void>> {
  const { default: lockfile } = await import('proper-lockfile');
  await mkdir(folder, { recursive: true });
  try {
    return await lockfile.lock(folder, {
      lockfilePath: join(folder, 'service.lock'),
      realpath: false,
      stale: staleMilliseconds,
      update: renewMilliseconds,
      retries: { retries: 8, factor: 1, minTimeout: 500 },
      onCompromised: (error) => log.error('the lock of the data folder was lost', {}, error),
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
    throw new Error(`data folder ${folder} is used by another service`, { cause: error });
  }
}
