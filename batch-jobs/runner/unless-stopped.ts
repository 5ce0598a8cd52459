import { stoppingMilliseconds } from './run-record.ts';

/** What ends a run before its work is done. */
export interface Ends {
  /** The attempt is to end (SIGTERM). */
  readonly stopped: AbortSignal;
  /** The job is not the run's any more: it has ended, or another attempt works on it. */
  readonly lost: AbortSignal;
  /** Either. */
  readonly either: AbortSignal;
  /** Called by what finds the job lost. */
  readonly lose: () => void;
}

export function endsOf(stopped: AbortSignal): Ends {
  const losing = new AbortController();
  return {
    stopped,
    lost: losing.signal,
    either: AbortSignal.any([stopped, losing.signal]),
    lose: () => losing.abort(),
  };
}

/** What is nearly done gets a little longer after a stop than what has only begun. */
export async function unlessStopped<T>(
  work: Promise<T>,
  { stopped, lost }: Ends,
  wait: (milliseconds: number) => Promise<void>,
): Promise<T> {
  const done = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    on(lost, done.signal, () => reject(lost.reason));
    on(stopped, done.signal, () => {
      wait(stoppingMilliseconds).then(() => reject(stopped.reason));
    });
  });
  try {
    return await Promise.race([work, ended]);
  } finally {
    done.abort();
  }
}

/** Hears also what has been told before, as while the command's last progress was written. */
function on(signal: AbortSignal, until: AbortSignal, then: () => void): void {
  if (signal.aborted) then();
  else signal.addEventListener('abort', then, { signal: until });
}
