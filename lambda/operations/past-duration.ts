import type { PastDuration } from '../../batch-jobs/api/past-durations.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * How long the latest jobs of a process took, regardless of who sent them.
 *
 * @returns undefined where that is not known
 */
export async function pastDuration(
  process: string,
  { store, log }: Dependencies,
): Promise<PastDuration | undefined> {
  try {
    return await (await store()).durations.of(process);
  } catch (error) {
    // An answer is of use without it.
    log.error('past durations were not read', { process }, error);
    return undefined;
  }
}
