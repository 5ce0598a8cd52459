import { setTimeout as realWait } from 'node:timers/promises';

/** Pauses between tries, in milliseconds: half a minute in total. */
const pauses = [10, 20, 50, 100, 200, 500, 1_000, 2_000, ...Array<number>(9).fill(3_000)];

/**
 * Whether an operation failed because this process, or the machine, has reached its limit of open files and
 * connections.
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
 * Calls a function that opens a file, and waits while no more files can be opened. Others are closed soon,
 * and nothing is wrong with the file.
 *
 * @param open may be called again, so it must have no effect if it fails for this reason
 * @param wait replaced by tests only
 * @throws its last error if the limit persists for half a minute; any other error at once
 */
export async function whenFilesCanBeOpened<T>(
  open: () => Promise<T>,
  wait: (milliseconds: number) => Promise<unknown> = realWait,
): Promise<T> {
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
