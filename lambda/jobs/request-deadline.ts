import { untilAborted } from '../../batch-jobs/api/until-aborted.ts';

/** How long one request may be worked on. */
export interface RequestDeadline {
  /** When the request arrived, at the gateway if there is one. */
  readonly arrivedAt: Date;
  /**
   * Aborted when nothing new may begin and no engine is waited for. The time from then until {@link answer}
   * is for recording what became of the job.
   */
  readonly work: AbortSignal;
  /** Aborted when the response must be sent, complete or not. */
  readonly answer: AbortSignal;
}

/** The share of the time reserved for recording what became of a job, and its upper limit. */
const keptShare = 1 / 4;
const keptMilliseconds = 4_000;

/**
 * @param milliseconds from now until the response must be sent
 * @param ended also aborts the work; if left out, only time does
 */
export function requestDeadline(
  arrivedAt: Date,
  milliseconds: number,
  ended?: AbortSignal,
): RequestDeadline {
  const left = Math.max(0, Math.floor(milliseconds));
  const kept = Math.min(keptMilliseconds, Math.floor(left * keptShare));
  const answerAt = elapsedMilliseconds() + left;
  let work: AbortSignal | undefined;
  return {
    arrivedAt,
    // Created on first use: most requests need no signal.
    get work() {
      const timeLeft = Math.max(0, Math.floor(answerAt - kept - elapsedMilliseconds()));
      work ??= ended
        ? AbortSignal.any([AbortSignal.timeout(timeLeft), ended])
        : AbortSignal.timeout(timeLeft);
      return work;
    },
    answer: AbortSignal.timeout(left),
  };
}

/** Since the process started. The first look at `performance` would load ten modules of Node.js. */
function elapsedMilliseconds(): number {
  return process.uptime() * 1000;
}

/** A step took longer than its request may last. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed';
  constructor() {
    super('the time for the request has passed');
  }
}

/**
 * The result of a promise, if it arrives while there is time. The work itself does not stop when time runs
 * out: pass the signal to anything that can listen to it.
 *
 * @param signal aborted when there is no more time
 * @throws {DeadlinePassed}
 */
export async function unlessPassed<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  // The work may fail later, when its result no longer matters.
  work.catch(() => undefined);
  try {
    return await untilAborted(() => work, signal);
  } catch (error) {
    throw signal.aborted && error === signal.reason ? new DeadlinePassed() : error;
  }
}
