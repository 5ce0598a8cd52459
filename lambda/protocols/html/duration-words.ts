import type { PastDuration } from '../../../batch-jobs/api/past-durations.ts';
import { readableDuration } from '../../readable.ts';
import { words } from './words.ts';

/** How long a job of the process takes, based on past jobs; or a text that this is unknown. */
export function durationWords(duration: PastDuration | undefined): string {
  const text = words.estimate;
  if (!duration) return text.durationUnknown;
  const { minimum, maximum, runs } = duration;
  const [from, to] = [readableDuration(minimum * 1000), readableDuration(maximum * 1000)];
  return from === to ? text.durationAbout(from, runs) : text.durationRange(from, to, runs);
}
