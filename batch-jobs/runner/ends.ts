/**
 * How long what is nearly done may go on after SIGTERM; telling how the attempt ended may then take as
 * long again. SIGKILL comes after 30 s, unless the container agent is configured otherwise.
 */
export const stoppingMilliseconds = 10_000;

/** What ends a run before its work is done. */
export interface Ends {
  /** The attempt is to end (SIGTERM). */
  readonly stopped: AbortSignal;
  /** The job is not the run's any more: it has ended, or another attempt works on it. */
  readonly lost: AbortSignal;
  /** Either: what has only begun ends with it. */
  readonly either: AbortSignal;
  /** The stop was a while ago. */
  readonly late: AbortSignal;
  /** The job is lost, or the stop a while ago: what is nearly done ends with it. */
  readonly last: AbortSignal;
  /** Called by what finds the job lost. */
  readonly lose: () => void;
}

export function endsOf(stopped: AbortSignal, wait: (milliseconds: number) => Promise<void>): Ends {
  const losing = new AbortController();
  const late = new AbortController();
  const onStop = () => {
    wait(stoppingMilliseconds).then(() => late.abort(stopped.reason));
  };
  if (stopped.aborted) onStop();
  else stopped.addEventListener('abort', onStop, { once: true });
  return {
    stopped,
    lost: losing.signal,
    either: AbortSignal.any([stopped, losing.signal]),
    late: late.signal,
    last: AbortSignal.any([late.signal, losing.signal]),
    lose: () => losing.abort(),
  };
}
