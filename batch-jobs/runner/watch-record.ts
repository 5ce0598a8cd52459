import type { Log } from '../api/log.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Looks at the record now and then, for a command that says nothing: a run whose job has ended
 * (dismissed, and the engine could not be told) must not go on.
 *
 * @param onLost told when the job is not the run's any more
 * @returns ends it
 */
export function watchRecord(
  record: RunRecord,
  log: Log,
  intervalMilliseconds: number,
  onLost: () => void,
): () => void {
  const look = async () => {
    try {
      if (!(await record.isStillOwn())) onLost();
    } catch (error) {
      log.warn('the record was not looked at', { reason: String(error) });
    }
  };
  const timer = setInterval(look, intervalMilliseconds);
  timer.unref();
  return () => clearInterval(timer);
}
