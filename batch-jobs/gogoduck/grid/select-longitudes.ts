import type { Range } from '../subset.ts';
import { type IndexRange, runsOf } from './index-range.ts';
import { type Axis, isMonotonic, nearest, tolerant } from './select-axis.ts';

/** A run of columns, and the degrees to add to their longitudes so that those of all runs rise (or fall). */
export interface LongitudeRange extends IndexRange {
  /** A multiple of 360 degrees. */
  readonly shift: number;
}

const circle = 360;

/**
 * The columns within a range of longitudes, whether the grid counts from -180 to 180 or from 0 to 360. If a
 * range crosses the seam of the grid, there are two runs, and the longitudes of both are shifted into the
 * requested range.
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
  const east = tolerant(range.maximum, axis, 1);
  const wanted = new Set<number>();
  for (const [index, value] of values.entries()) {
    if (positive(value - west) <= east - west) wanted.add(index);
  }
  for (const index of repeatedColumns(axis, [...wanted], { west, east })) wanted.delete(index);
  const runs = runsOf(values.length, (index) => wanted.has(index));
  // If there is one run, its longitudes need no shift.
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

/**
 * Finds columns of a meridian that the grid contains twice, such as 0 and 360. Of each pair, it returns the
 * column whose longitude is outside the requested range; if both are outside, the later one. If both are
 * inside, as with -180 to 180, both are kept.
 */
function repeatedColumns(
  axis: Axis,
  wanted: readonly number[],
  { west, east }: { west: number; east: number },
): number[] {
  const { values } = axis;
  const at = (index: number) => values[index] as number;
  const isAsAsked = (index: number) => at(index) >= west && at(index) <= east;
  const around = wanted.toSorted((a, b) => positive(at(a) - west) - positive(at(b) - west));
  const near = 2 * (tolerant(circle, axis, 1) - circle);
  const repeated: number[] = [];
  for (const [order, index] of around.entries()) {
    const next = around.at((order + 1) % around.length) as number;
    if (index === next || angleBetween(at(index), at(next)) > near) continue;
    if (isAsAsked(index) && isAsAsked(next)) continue;
    if (isAsAsked(index)) repeated.push(next);
    else repeated.push(isAsAsked(next) ? index : Math.max(index, next));
  }
  return repeated;
}

/**
 * Longitudes that continue across the date line: for a grid with 170, 180, -170, they are 170, 180, 190.
 * Longitudes that already rise or fall, or that do neither even then, are returned unchanged.
 */
export function unwrapped(values: Float64Array): Float64Array {
  const axis = { values, isFloat: false };
  if (values.length < 2 || isMonotonic(axis)) return values;
  const turned = values.slice();
  for (let index = 1; index < turned.length; index++) {
    const step = (turned[index] as number) - (turned[index - 1] as number);
    turned[index] = (turned[index] as number) - circle * Math.round(step / circle);
  }
  const width = Math.abs((turned.at(-1) as number) - (turned[0] as number));
  const goesOn = isMonotonic({ ...axis, values: turned }) && width <= circle + 1e-3;
  if (!goesOn) return values;
  // Falling longitudes also begin beyond the date line, so that they do not go below -180.
  const lowest = Math.min(turned[0] as number, turned.at(-1) as number);
  return lowest < -circle / 2 ? turned.map((value) => value + circle) : turned;
}

/**
 * Runs of columns, each with the degrees that make the longitudes continue from one run to the next.
 *
 * @param stored the longitudes in the file
 * @param axis the same, {@link unwrapped}
 */
export function withUnwrapping(
  runs: readonly LongitudeRange[],
  stored: Float64Array,
  axis: Float64Array,
): LongitudeRange[] {
  const turns = (column: number) =>
    Math.round(((axis[column] ?? 0) - (stored[column] ?? 0)) / circle) * circle;
  return runs.flatMap(({ start, count, shift }) => {
    const parts: LongitudeRange[] = [];
    for (let column = start; column < start + count; column++) {
      const last = parts.at(-1);
      const own = shift + turns(column);
      if (last?.shift === own) parts[parts.length - 1] = { ...last, count: last.count + 1 };
      else parts.push({ start: column, count: 1, shift: own });
    }
    return parts;
  });
}

/** Degrees between two longitudes, the short way round. */
export function angleBetween(one: number, other: number): number {
  const angle = positive(one - other);
  return Math.min(angle, circle - angle);
}

/** Whether a longitude is in a range, in whatever turn either is counted. */
export function isBetween(longitude: number, { minimum, maximum }: Range): boolean {
  return positive(longitude - minimum) <= maximum - minimum;
}

/** The same angle, from 0 up to 360 degrees. */
function positive(angle: number): number {
  return ((angle % circle) + circle) % circle;
}
