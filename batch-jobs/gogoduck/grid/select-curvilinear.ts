import { isPoint, type Subset } from '../subset.ts';
import type { IndexRange } from './index-range.ts';
import { tolerant } from './select-axis.ts';
import { angleBetween, isBetween } from './select-longitudes.ts';

/** Positions of the cells of a curvilinear grid. */
export interface CurvilinearGrid {
  readonly rows: number;
  readonly columns: number;
  /** Row by row; NaN if a cell has no position. */
  readonly latitudes: Float64Array;
  readonly longitudes: Float64Array;
  /** Whether either is stored in single precision. */
  readonly isFloat: boolean;
}

export interface CellRange {
  readonly rows: IndexRange;
  readonly columns: IndexRange;
}

/**
 * The smallest block of rows and columns that contains every cell within the subset, or the nearest cell if
 * the subset is a point. In a curvilinear grid, the block may also contain cells outside the subset.
 */
export function selectCurvilinear(grid: CurvilinearGrid, subset: Subset): CellRange | undefined {
  if (isPoint(subset)) return nearestCell(grid, subset);
  const isInside = insideTest(subset, grid.isFloat);
  let [top, bottom, left, right] = [grid.rows, -1, grid.columns, -1];
  for (let row = 0, cell = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++, cell++) {
      if (!isInside(grid.latitudes[cell] as number, grid.longitudes[cell] as number)) continue;
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
      left = Math.min(left, column);
      right = Math.max(right, column);
    }
  }
  if (bottom === -1) return undefined;
  return {
    rows: { start: top, count: bottom - top + 1 },
    columns: { start: left, count: right - left + 1 },
  };
}

/**
 * Whether a place is in the subset. The bounds are included, even if the precision of the places changed
 * their digits.
 */
export function insideTest({ latitude, longitude }: Subset, isFloat: boolean) {
  const south = tolerant(latitude.minimum, { isFloat }, -1);
  const north = tolerant(latitude.maximum, { isFloat }, 1);
  const west = tolerant(longitude.minimum, { isFloat }, -1);
  const east = tolerant(longitude.maximum, { isFloat }, 1);
  return (at: number, along: number) =>
    at >= south && at <= north && isBetween(along, { minimum: west, maximum: east });
}

function nearestCell(grid: CurvilinearGrid, subset: Subset): CellRange | undefined {
  const { rows, columns, latitudes, longitudes } = grid;
  const target = [subset.latitude.minimum, subset.longitude.minimum] as const;
  const place = (cell: number) =>
    [latitudes[cell] ?? Number.NaN, longitudes[cell] ?? Number.NaN] as const;
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let cell = 0; cell < rows * columns; cell++) {
    const found = distance(place(cell), target);
    if (found < least) [best, least] = [cell, found];
  }
  if (best === -1) return undefined;
  const row = Math.floor(best / columns);
  const column = best % columns;
  // Half the distance to the farthest neighbour, including diagonals. Beyond that, the place is off the grid.
  let reach = 0;
  for (let y = Math.max(row - 1, 0); y <= Math.min(row + 1, rows - 1); y++) {
    for (let x = Math.max(column - 1, 0); x <= Math.min(column + 1, columns - 1); x++) {
      const gap = distance(place(y * columns + x), place(best));
      if (gap > reach) reach = gap;
    }
  }
  if (least > reach / 2 + 1e-9) return undefined;
  return { rows: { start: row, count: 1 }, columns: { start: column, count: 1 } };
}

type Place = readonly [latitude: number, longitude: number];

/** Degrees between neighbouring places, on a plane that is accurate at their latitude. */
function distance([north, east]: Place, [otherNorth, otherEast]: Place): number {
  const across = angleBetween(east, otherEast) * Math.cos((otherNorth * Math.PI) / 180);
  return Math.hypot(north - otherNorth, across);
}
