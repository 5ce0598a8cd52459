import { setTimeout as wait } from 'node:timers/promises';
import { IllegalTransition } from '../api/job.ts';
import { DamagedRecord } from '../api/job-record.ts';
import { JobNotFound } from '../api/job-store.ts';
import type { Log } from '../api/log.ts';
import { isStorageFull } from '../api/storage-full.ts';
import { JobFault } from './job-fault.ts';

export interface Patience {
  /** How long after the beginning another try may begin, as things stand now. */
  readonly milliseconds: () => number;
  /** Waits between two tries. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that is never set. */
  readonly monotonic: () => number;
  readonly log: Log;
}

const firstPauseMilliseconds = 1_000;
const longestPauseMilliseconds = 30_000;

/** A full disk is waited for less long: it seldom empties itself, and the time of the job passes. */
const storagePatienceMilliseconds = 30_000;

/** What is so now stays so. */
const hopeless = [JobFault, IllegalTransition, JobNotFound, DamagedRecord];

/** Waits on the clock. */
export function realWait(milliseconds: number): Promise<void> {
  return wait(milliseconds);
}

/**
 * Tries what may fail for a while (a store that does not answer) again and again: hours of work are
 * not thrown away because of a bad minute.
 *
 * @param what for the log
 * @throws what the last try threw; at once what would fail the same way again
 */
export async function insist<T>(
  what: string,
  work: () => Promise<T>,
  { milliseconds, wait, monotonic, log }: Patience,
): Promise<T> {
  const begun = monotonic();
  for (
    let pause = firstPauseMilliseconds;
    ;
    pause = Math.min(2 * pause, longestPauseMilliseconds)
  ) {
    try {
      return await work();
    } catch (error) {
      if (hopeless.some((kind) => error instanceof kind)) throw error;
      const patience = isStorageFull(error)
        ? Math.min(storagePatienceMilliseconds, milliseconds())
        : milliseconds();
      if (monotonic() + pause - begun > patience) throw error;
      log.warn(`${what} failed and is tried again`, { reason: String(error) });
    }
    await wait(pause);
  }
}
