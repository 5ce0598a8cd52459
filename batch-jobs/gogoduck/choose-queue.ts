import type { LiteralInputs, QueueClass } from '../api/process-description.ts';
import { JobError } from './job-error.ts';
import { isPoint, parseSubset, type Subset } from './subset.ts';

const day = 86_400_000;

/** Longest periods of small jobs. */
const smallArea = day;
const smallPoint = 31 * day;

/**
 * Small jobs are tests, an area for up to a day, and a point for up to a month. Longer series of a point have
 * their own queue.
 */
export function chooseQueue(inputs: LiteralInputs): QueueClass {
  if (inputs['TestMode']?.[0] === 'true') return 'small';
  const subset = subsetOf(inputs);
  // A subset that cannot be read fails at once, which is a small job.
  if (!subset) return 'small';
  const length = subset.time ? subset.time.maximum - subset.time.minimum : Number.POSITIVE_INFINITY;
  if (isPoint(subset)) return length <= smallPoint ? 'small' : 'timeseries';
  return length <= smallArea ? 'small' : 'large';
}

function subsetOf(inputs: LiteralInputs): Subset | undefined {
  try {
    return parseSubset(inputs['subset']?.[0] ?? '');
  } catch (error) {
    if (error instanceof JobError) return undefined;
    throw error;
  }
}
