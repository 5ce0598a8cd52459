import { setTimeout as wait } from 'node:timers/promises';

/** Pauses between tries, in milliseconds: half a minute in all. */
const pauses = [10, 20, 50, 100, 200, 500, 1_000, 2_000, ...Array<number>(9).fill(3_000)];

/**
 * Whether something failed because this process, or the machine, has as many files and connections open as it may.
 *
 * Source: Linux, open(2) and socket(2), `EMFILE` and `ENFILE`.
 */
export function isTooManyOpenFiles(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'EMFILE' || error.code === 'ENFILE')
  );
}

/**
 * Does what opens a file, and waits while no more can be opened: others are closed soon, and nothing is wrong with
 * the file.
 *
 * @param open is called again, so it must have done nothing when it fails so
 * @throws what it threw last when there is no room for half a minute; anything else at once
 */
export async function whenFilesCanBeOpened<T>(open: () => Promise<T>): Promise<T> {
  for (const pause of pauses) {
    try {
      return await open();
    } catch (error) {
      if (!isTooManyOpenFiles(error)) throw error;
    }
    await wait(pause);
  }
  return await open();
}
