import type { Log } from '../api/log.ts';
import type { RunRecord } from './run-record.ts';

/**
 * Reads the record at intervals, for a command that reports no progress. A run whose job has ended must stop,
 * for example if the job was dismissed and the engine could not be informed.
 *
 * @param onLost called when the run no longer owns the job
 * @returns a function that ends the watch
 */
export function watchRecord(
  record: Pick<RunRecord, 'isStillOwn'>,
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
  return () => clearInterval(timer);
}
