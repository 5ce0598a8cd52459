import type { Plane } from './read-field.ts';

/** The corners of the cells of a curvilinear grid: one row and one column more than there are cells. */
export interface Corners {
  readonly longitudes: Float64Array;
  readonly latitudes: Float64Array;
  /** Longitude and latitude of the centre of all corners. */
  readonly middle: readonly [number, number];
}

type Vector = readonly [number, number, number];
const radians = Math.PI / 180;
/** Half the size of a cell if its size is unknown, in radians. */
const unknownHalf = 0.0005;

/**
 * Computes each corner as the centre of the surrounding cells, on the sphere, so that poles and the date line
 * need no special treatment. Cells at the edge are as large as their neighbours.
 */
export function cornersOf({ rows, columns, latitudes, longitudes }: Plane): Corners {
  const corners = {
    longitudes: new Float64Array((rows + 1) * (columns + 1)),
    latitudes: new Float64Array((rows + 1) * (columns + 1)),
  };
  let sum: Vector = [0, 0, 0];
  for (let row = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      let around: Vector = [0, 0, 0];
      for (const [up, left] of [
        [1, 1],
        [1, 0],
        [0, 1],
        [0, 0],
      ] as const) {
        const centre = centreOf(row - up, column - left);
        if (!Number.isNaN(centre[0])) around = plus(around, centre);
      }
      const [x, y, z] = around;
      const at = row * (columns + 1) + column;
      const length = Math.hypot(x, y, z) || Number.NaN;
      corners.longitudes[at] = Math.atan2(y, x) / radians + (length - length);
      corners.latitudes[at] = Math.asin(Math.min(Math.max(z / length, -1), 1)) / radians;
      if (!Number.isNaN(length)) sum = plus(sum, [x / length, y / length, z / length]);
    }
  }
  const [x, y, z] = sum;
  const middle = [Math.atan2(y, x) / radians, Math.atan2(z, Math.hypot(x, y)) / radians] as const;
  return { ...corners, middle };

  /** The centre of a cell. Beyond the edge, the centres are extrapolated from the neighbours. */
  function centreOf(row: number, column: number): Vector {
    const [inRow, inColumn] = [within(row, rows), within(column, columns)];
    if (inRow !== row) {
      const own = centreOf(inRow, column);
      if (rows > 1) return plus(own, minus(own, centreOf(row < 0 ? 1 : rows - 2, column)));
      return plus(own, times(across(inColumn), row < 0 ? 1 : -1));
    }
    if (inColumn !== column) {
      const own = centreOf(row, inColumn);
      if (columns > 1) return plus(own, minus(own, centreOf(row, column < 0 ? 1 : columns - 2)));
      const along = rows > 1 ? minus(centreOf(1, 0), centreOf(0, 0)) : across(0);
      return plus(own, times(cross(own, along), column < 0 ? -1 : 1));
    }
    return vectorOf(latitudes[row * columns + column], longitudes[row * columns + column]);
  }

  /** The vector from one row to the next if there is only one row. */
  function across(column: number): Vector {
    const own = centreOf(0, column);
    if (columns === 1) {
      const [x, y, z] = own;
      const east: Vector = times([-y, x, 0], unknownHalf / (Math.hypot(x, y) || 1));
      return cross([x, y, z], east);
    }
    const from = Math.min(column, columns - 2);
    return cross(own, minus(centreOf(0, from + 1), centreOf(0, from)));
  }
}

function vectorOf(latitude = Number.NaN, longitude = Number.NaN): Vector {
  const [north, east] = [latitude * radians, longitude * radians];
  return [
    Math.cos(north) * Math.cos(east),
    Math.cos(north) * Math.sin(east),
    Math.sin(north) + 0 * east,
  ];
}

function within(at: number, size: number): number {
  return Math.min(Math.max(at, 0), size - 1);
}

function plus(a: Vector, b: Vector): Vector {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function times(a: Vector, factor: number): Vector {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
