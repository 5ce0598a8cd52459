import { untilAborted } from '../../batch-jobs/api/until-aborted.ts';

/** Until when one request may be worked on. */
export interface RequestDeadline {
  /** When the request arrived: at the gateway, where there is one. */
  readonly arrivedAt: Date;
  /**
   * Aborted when nothing new is begun any more and no engine waited for. What is left until
   * {@link answer} is for writing down what became of the job.
   */
  readonly work: AbortSignal;
  /** Aborted when the answer must be sent, complete or not. */
  readonly answer: AbortSignal;
}

/** The share of the time that is kept for writing down what became of a job, and its most. */
const keptShare = 1 / 4;
const keptMilliseconds = 4_000;

/**
 * @param milliseconds from now until the answer must go out
 * @param ended aborts the work, too; left out, only time does
 */
export function requestDeadline(
  arrivedAt: Date,
  milliseconds: number,
  ended?: AbortSignal,
): RequestDeadline {
  const left = Math.max(0, Math.floor(milliseconds));
  const kept = Math.min(keptMilliseconds, Math.floor(left * keptShare));
  const answerAt = performance.now() + left;
  let work: AbortSignal | undefined;
  return {
    arrivedAt,
    // Made when it is first needed: most requests need none.
    get work() {
      const timeLeft = Math.max(0, Math.floor(answerAt - kept - performance.now()));
      work ??= ended
        ? AbortSignal.any([AbortSignal.timeout(timeLeft), ended])
        : AbortSignal.timeout(timeLeft);
      return work;
    },
    answer: AbortSignal.timeout(left),
  };
}

/** Something took longer than the request it belongs to may last. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
  constructor() {
    super('the time for the request has passed');
  }
}

/**
 * What a promise comes to, for as long as there is time. It is not stopped when there is no time left: what
 * hears a signal itself must be given it, too.
 *
 * @param signal aborted when there is no more time
 * @throws {DeadlinePassed}
 */
export async function unlessPassed<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // It may fail later, when its result is no longer of interest.
  work.catch(() => undefined);
  try {
    return await untilAborted(() => work, signal);
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new DeadlinePassed() : error;
  }
}
