import type { Range } from '../subset.ts';
import { hullOf, type IndexRange } from './index-range.ts';

/** Positions along one dimension, rising or falling. */
export interface Axis extends Precision {
  readonly values: Float64Array;
}

export interface Precision {
  /** Whether the values are stored in single precision. */
  readonly isFloat: boolean;
}

/** Whether positions rise or fall throughout. A missing position (NaN) does neither. */
export function isMonotonic({ values }: Axis): boolean {
  const sign = Math.sign((values[1] ?? 0) - (values[0] ?? 0));
  for (let index = 1; index < values.length; index++) {
    const step = (values[index] ?? Number.NaN) - (values[index - 1] ?? Number.NaN);
    if (Math.sign(step) !== sign || sign === 0) return false;
  }
  return true;
}

/** The run of positions within a range; for a range without width, the nearest position. */
export function selectRange(
  axis: Axis,
  range: Range,
  unknownSpacing: number,
): IndexRange | undefined {
  if (range.minimum === range.maximum) {
    return nearest(axis, unknownSpacing, (value) => Math.abs(value - range.minimum));
  }
  const minimum = tolerant(range.minimum, axis, -1);
  const maximum = tolerant(range.maximum, axis, 1);
  return hullOf(axis.values.length, (index) => {
    const value = axis.values[index] ?? Number.NaN;
    return value >= minimum && value <= maximum;
  });
}

/**
 * The nearest position, unless the distance reaches beyond the edge of its cell: a place off the grid has no
 * cell.
 *
 * @param unknownSpacing width of a cell, if there is only one, so that the axis has no spacing
 */
export function nearest(
  axis: Axis,
  unknownSpacing: number,
  distance: (value: number) => number,
): IndexRange | undefined {
  let best = 0;
  const distances = axis.values.map(distance);
  for (let index = 1; index < distances.length; index++) {
    if ((distances[index] as number) < (distances[best] as number)) best = index;
  }
  const halfCell = spacingAt(axis, best, unknownSpacing) / 2;
  const allowed = halfCell + tolerance(axis, axis.values[best] ?? 0);
  return (distances[best] ?? Number.NaN) <= allowed ? { start: best, count: 1 } : undefined;
}

/** Distance to the farther neighbour. */
function spacingAt({ values }: Axis, index: number, unknownSpacing: number): number {
  const here = values[index] ?? Number.NaN;
  const gaps = [values[index - 1], values[index + 1]].flatMap((value) =>
    value === undefined ? [] : [Math.abs(value - here)],
  );
  return gaps.length > 0 ? Math.max(...gaps) : unknownSpacing;
}

/**
 * Widens a bound slightly, so that a bound that is a position of the axis includes it, even if the axis's
 * precision changed its digits.
 */
export function tolerant(bound: number, axis: Precision, towards: -1 | 1): number {
  return bound + towards * tolerance(axis, bound);
}

function tolerance({ isFloat }: Precision, near: number): number {
  return isFloat ? Math.max(Math.abs(near), 1) * 2 ** -23 : 1e-9;
}
