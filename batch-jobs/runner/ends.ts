/**
 * How long work that is nearly done may continue after SIGTERM. Reporting how the attempt ended may then take
 * as long again. SIGKILL follows after 30 s, unless the container agent is configured otherwise.
 */
export const stoppingMilliseconds = 10_000;

/** Signals that end a run before its work is done. */
export interface Ends {
  /** The attempt must end (SIGTERM). */
  readonly stopped: AbortSignal;
  /** The run no longer owns the job: it has ended, or another attempt works on it. */
  readonly lost: AbortSignal;
  /** Stopped or lost. Ends work that has only begun. */
  readonly either: AbortSignal;
  /** {@link stoppingMilliseconds} have passed since the stop. */
  readonly late: AbortSignal;
  /** Lost, or late. Ends work that is nearly done. */
  readonly last: AbortSignal;
  /** Call this when the job turns out to be lost. */
  readonly lose: () => void;
}

/** @param stopped not aborted yet */
export function endsOf(stopped: AbortSignal, wait: (milliseconds: number) => Promise<void>): Ends {
  const losing = new AbortController();
  const late = new AbortController();
  stopped.addEventListener('abort', () => {
    wait(stoppingMilliseconds).then(() => late.abort(stopped.reason));
  });
  return {
    stopped,
    lost: losing.signal,
    either: AbortSignal.any([stopped, losing.signal]),
    late: late.signal,
    last: AbortSignal.any([late.signal, losing.signal]),
    lose: () => losing.abort(),
  };
}
