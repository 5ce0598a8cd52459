import type { PastDuration } from '../../batch-jobs/api/past-durations.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * How long the latest jobs of a process took, of any sender.
 *
 * @returns undefined if unknown
 */
export async function pastDuration(
  process: string,
  { store, log }: Dependencies,
): Promise<PastDuration | undefined> {
  try {
    return await (await store()).durations.of(process);
  } catch (error) {
    // The response is useful without it.
    log.error('past durations were not read', { process }, error);
    return undefined;
  }
}
