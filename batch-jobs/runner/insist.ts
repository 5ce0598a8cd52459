import { setTimeout as wait } from 'node:timers/promises';
import { IllegalTransition } from '../api/job.ts';
import { DamagedRecord } from '../api/job-record.ts';
import { JobNotFound } from '../api/job-store.ts';
import type { Log } from '../api/log.ts';
import { isStorageFull } from '../api/storage-full.ts';
import { JobFault } from './job-fault.ts';

export interface Patience {
  /** How long after the start another try may begin, as of now. */
  readonly milliseconds: () => number;
  /** Waits between two tries. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a clock that is never set. */
  readonly monotonic: () => number;
  readonly log: Log;
}

const firstPauseMilliseconds = 1_000;
const longestPauseMilliseconds = 30_000;

/** The wait for a full disk is shorter, because a disk seldom empties itself and the job's time runs out. */
const storagePatienceMilliseconds = 30_000;

/** Errors that would occur again with every try. */
const hopeless = [JobFault, IllegalTransition, JobNotFound, DamagedRecord];

/** Waits in real time. */
export function realWait(milliseconds: number): Promise<void> {
  return wait(milliseconds);
}

/**
 * Retries work that may fail temporarily, such as calls to a store that does not respond, so that a short
 * outage does not destroy hours of work.
 *
 * @param what for the log
 * @throws the last error; an error that would occur again at once
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
