import { JobError } from './job-error.ts';
import { didYouMean, nearestNames } from './nearest-names.ts';

/** Along each axis, every n-th position is wanted; default: every position. */
export interface Strides {
  readonly time?: number;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly depth?: number;
}

const axes = ['TIME', 'LATITUDE', 'LONGITUDE', 'DEPTH'] as const;

/**
 * Reads the input `variables`: names or standard names, separated by commas or spaces.
 *
 * @throws {JobError} if there are no names, or one cannot be a name
 */
export function parseVariables(text: string): string[] {
  const names = text.split(/[\s,;]+/).filter((name) => name !== '');
  const [wrong] = names.filter((name) => name.length > 256 || /[/"<>]/.test(name));
  if (names.length > 0 && wrong === undefined) return [...new Set(names)];
  throw new JobError(
    'badRequest',
    `Input "variables" is "${text.slice(0, 60)}"; allowed: names or standard names of variables, as in temperature,salinity.`,
  );
}

/**
 * Reads the input `stride`, as in `TIME,2;LATITUDE,10;LONGITUDE,10`.
 *
 * @throws {JobError} that names the part at fault
 */
export function parseStride(text: string): Strides {
  const strides: Record<string, number> = {};
  for (const part of text.split(';').map((each) => each.trim())) {
    if (part === '') continue;
    const [found = '', value = '', ...more] = part.split(',').map((each) => each.trim());
    const axis = axes.find((each) => each === found.toUpperCase());
    const stride = /^\d{1,6}$/.test(value) ? Number(value) : 0;
    if (!axis || stride < 1 || more.length > 0 || axis.toLowerCase() in strides) {
      throw new JobError(
        'badRequest',
        `Input "stride" has a part "${part.slice(0, 60)}"; allowed: each of ${axes.join(', ')} once, with a whole number from 1, as in TIME,2;LATITUDE,10;LONGITUDE,10.${axis ? '' : didYouMean(nearestNames(found, axes))}`,
      );
    }
    strides[axis.toLowerCase()] = stride;
  }
  return strides;
}
