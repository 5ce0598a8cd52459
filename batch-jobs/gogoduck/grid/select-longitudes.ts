import type { Range } from '../subset.ts';
import { type IndexRange, runsOf, totalCount } from './index-range.ts';
import { type Axis, nearest, tolerant } from './select-axis.ts';

/** A run of columns, and what is added to their longitudes so that those of all runs rise (or fall). */
export interface LongitudeRange extends IndexRange {
  /** A multiple of 360 degrees. */
  readonly shift: number;
}

const circle = 360;

/**
 * The columns within a range of longitudes, whether the grid counts from -180 to 180 or from 0 to
 * 360. A range may cross the seam of the grid: it then has two runs, and the longitudes of both are
 * shifted into the range asked for.
 */
export function selectLongitudes(
  axis: Axis,
  range: Range,
  unknownSpacing: number,
): LongitudeRange[] {
  const { values } = axis;
  if (range.minimum === range.maximum) {
    const column = nearest(axis, unknownSpacing, (value) => angleBetween(value, range.minimum));
    return column ? [{ ...column, shift: 0 }] : [];
  }
  const west = tolerant(range.minimum, axis, -1);
  const width = tolerant(range.maximum, axis, 1) - west;
  const isWanted = (longitude: number) => positive(longitude - west) <= width;
  const runs = runsOf(values.length, (index) => isWanted(values[index] ?? Number.NaN));
  // All columns: the grid may stay as it is. One run: so may its longitudes.
  if (totalCount(runs) === values.length) {
    return [{ start: 0, count: values.length, shift: 0 }];
  }
  if (runs.length <= 1) return runs.map((run) => ({ ...run, shift: 0 }));
  const rises = (values[1] ?? 0) > (values[0] ?? 0);
  return runs
    .map((run) => {
      const first = values[run.start] ?? Number.NaN;
      // Adding 0 turns -0 into 0.
      const shift = Math.round((west + positive(first - west) - first) / circle) * circle + 0;
      return { ...run, shift, at: first + shift };
    })
    .sort((a, b) => (rises ? a.at - b.at : b.at - a.at))
    .map(({ start, count, shift }) => ({ start, count, shift }));
}

/** Degrees between two longitudes, the short way round. */
export function angleBetween(one: number, other: number): number {
  const angle = positive(one - other);
  return Math.min(angle, circle - angle);
}

/** Whether a longitude lies in a range, counted from wherever. */
export function isBetween(longitude: number, { minimum, maximum }: Range): boolean {
  return positive(longitude - minimum) <= maximum - minimum;
}

/** The same angle, from 0 up to 360 degrees. */
function positive(angle: number): number {
  return ((angle % circle) + circle) % circle;
}
