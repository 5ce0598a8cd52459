import { describe, expect, it } from 'vitest';
import {
  insideTest,
  selectCurvilinear,
} from '../../batch-jobs/gogoduck/grid/select-curvilinear.ts';
import { parseSubset } from '../../batch-jobs/gogoduck/subset.ts';

/** A grid rotated by 30 degrees. One cell has no position. */
function grid(rows: number, columns: number, east = 150) {
  const turn = Math.PI / 6;
  const latitudes = new Float64Array(rows * columns);
  const longitudes = new Float64Array(rows * columns);
  for (let cell = 0; cell < rows * columns; cell++) {
    const [y, x] = [Math.floor(cell / columns), cell % columns];
    latitudes[cell] = -40 + y * Math.cos(turn) - x * Math.sin(turn);
    longitudes[cell] = east + y * Math.sin(turn) + x * Math.cos(turn);
  }
  latitudes[0] = Number.NaN;
  return { rows, columns, latitudes, longitudes, isFloat: false };
}

describe('cells of a bent grid', () => {
  it('cells of a bent grid within an area are in the smallest block that contains them all', () => {
    const bent = grid(20, 20);
    const subset = parseSubset('LATITUDE,-38,-35;LONGITUDE,158,162');
    const cells = selectCurvilinear(bent, subset);
    const inside: [number, number][] = [];
    for (let cell = 0; cell < 400; cell++) {
      const [north = 0, east = 0] = [bent.latitudes[cell], bent.longitudes[cell]];
      if (north >= -38 && north <= -35 && east >= 158 && east <= 162) {
        inside.push([Math.floor(cell / 20), cell % 20]);
      }
    }
    const rows = inside.map(([row]) => row);
    const columns = inside.map(([, column]) => column);
    expect(cells).toEqual({
      rows: { start: Math.min(...rows), count: Math.max(...rows) - Math.min(...rows) + 1 },
      columns: {
        start: Math.min(...columns),
        count: Math.max(...columns) - Math.min(...columns) + 1,
      },
    });
  });

  it.each([
    [0, 0],
    [3, 2],
    [0, 2],
    [3, 0],
  ])(
    'a single cell of a bent grid in an area is a block of its own: row %i, column %i',
    (row, column) => {
      const bent = grid(4, 3);
      bent.latitudes[0] = -40;
      const [north = 0, east = 0] = [
        bent.latitudes[row * 3 + column],
        bent.longitudes[row * 3 + column],
      ];
      const area = `LATITUDE,${north - 0.1},${north + 0.1};LONGITUDE,${east - 0.1},${east + 0.1}`;
      expect(selectCurvilinear(bent, parseSubset(area))).toEqual({
        rows: { start: row, count: 1 },
        columns: { start: column, count: 1 },
      });
    },
  );

  it('cells of a bent grid are found whether longitudes count from -180 or from 0', () => {
    const here = selectCurvilinear(
      grid(5, 5, -170),
      parseSubset('LATITUDE,-40,-37;LONGITUDE,-170,-166'),
    );
    const there = selectCurvilinear(
      grid(5, 5, -170),
      parseSubset('LATITUDE,-40,-37;LONGITUDE,190,194'),
    );
    expect(here).toBeDefined();
    expect(there).toEqual(here);
  });

  it('a point has one nearest cell of a bent grid, unless it is off the grid', () => {
    const bent = grid(20, 20);
    const cell = 7 * 20 + 11;
    const [north, east] = [(bent.latitudes[cell] ?? 0) + 0.1, (bent.longitudes[cell] ?? 0) - 0.2];
    const at = (y: number, x: number) =>
      selectCurvilinear(bent, parseSubset(`LATITUDE,${y},${y};LONGITUDE,${x},${x}`));
    expect(at(north, east)).toEqual({
      rows: { start: 7, count: 1 },
      columns: { start: 11, count: 1 },
    });
    expect(at(-60, 150)).toBeUndefined();
    expect(at(-41, 148)).toBeUndefined();
  });

  it('cells of a bent grid reach half way to their farthest neighbour, including diagonals', () => {
    // Rows are 3 degrees apart and columns 4, so diagonals are 5.
    const square = {
      rows: 2,
      columns: 2,
      latitudes: Float64Array.of(0, 0, 3, 3),
      longitudes: Float64Array.of(0, 4, 0, 4),
      isFloat: false,
    };
    const at = (y: number, x = 0) =>
      selectCurvilinear(square, parseSubset(`LATITUDE,${y},${y};LONGITUDE,${x},${x}`));
    const cell = { rows: { start: 0, count: 1 }, columns: { start: 0, count: 1 } };
    expect(at(-2.5 - 0.9e-9)).toEqual(cell);
    expect(at(-2.5 - 1.1e-9)).toBeUndefined();
    // Of two that are equally near, the first.
    expect(at(0, 2)).toEqual(cell);
  });

  it('cells of a bent grid reach half way to a neighbour on either side, also across the date line', () => {
    const near = (latitudes: number[], longitudes: number[], y: number, x: number) =>
      [
        [latitudes.length, 1],
        [1, latitudes.length],
      ].map(([rows = 0, columns = 0]) => {
        const grid = {
          rows,
          columns,
          latitudes: Float64Array.from(latitudes),
          longitudes: Float64Array.from(longitudes),
          isFloat: false,
        };
        const found = selectCurvilinear(
          grid,
          parseSubset(`LATITUDE,${y},${y};LONGITUDE,${x},${x}`),
        );
        return found && found.rows.start + found.columns.start;
      });
    expect(near([0, 10, 11], [0, 0, 0], 5.1, 0)).toEqual([1, 1]);
    expect(near([11, 10, 0], [0, 0, 0], 5.1, 0)).toEqual([1, 1]);
    // The cell after the next is no neighbour.
    expect(near([0, 10, 11], [0, 0, 0], 11.6, 0)).toEqual([undefined, undefined]);
    expect(near([11, 10, 0], [0, 0, 0], 11.6, 0)).toEqual([undefined, undefined]);
    expect(near([0, 0, 0], [160, 170, -179], 0, 180)).toEqual([2, 2]);
  });

  it.each([
    [true, 'single', 2 ** -23],
    [false, 'double', undefined],
  ])(
    'a place is inside up to a bound, and beyond it by the rounding of its precision (float: %s, %s)',
    (isFloat, _, ofNumber) => {
      const isInside = insideTest(parseSubset('LATITUDE,30,40;LONGITUDE,110,120'), isFloat);
      const beyond = (bound: number, sign: number, part: number) =>
        bound + sign * part * (ofNumber === undefined ? 1e-9 : bound * ofNumber);
      for (const [bound, sign] of [
        [30, -1],
        [40, 1],
      ] as const) {
        expect(isInside(beyond(bound, sign, 0.9), 115)).toBe(true);
        expect(isInside(beyond(bound, sign, 1.1), 115)).toBe(false);
      }
      for (const [bound, sign] of [
        [110, -1],
        [120, 1],
      ] as const) {
        expect(isInside(35, beyond(bound, sign, 0.9))).toBe(true);
        expect(isInside(35, beyond(bound, sign, 1.1))).toBe(false);
      }
    },
  );

  it.each([true, false])(
    'cells of a bent grid on the bounds belong to the subset; kept as floats: %s',
    (isFloat) => {
      const kept = (value: number) => (isFloat ? Math.fround(value) : value);
      const cells = Array.from({ length: 121 }, (_, cell) => [Math.floor(cell / 11), cell % 11]);
      const regular = {
        rows: 11,
        columns: 11,
        latitudes: Float64Array.from(cells, ([row = 0]) => kept(-33.18 - 0.1 * row)),
        longitudes: Float64Array.from(cells, ([, column = 0]) => kept(114.82 + 0.1 * column)),
        isFloat,
      };
      const select = (text: string) => selectCurvilinear(regular, parseSubset(text));
      expect(select('LATITUDE,-33.48,-33.18;LONGITUDE,114.82,115.12')).toEqual({
        rows: { start: 0, count: 4 },
        columns: { start: 0, count: 4 },
      });
      // A cell is outside when it differs by much more than rounding.
      expect(select('LATITUDE,-33.4799,-33.1801;LONGITUDE,114.8201,115.1199')).toEqual({
        rows: { start: 1, count: 2 },
        columns: { start: 1, count: 2 },
      });
    },
  );

  it('the nearest cell of a bent grid is found by great circle, whose degrees narrow towards the poles', () => {
    // One cell is 1.5 degrees to the east, another 1 degree to the south. The middle one is far away.
    const nearestAt = (latitude: number) =>
      selectCurvilinear(
        {
          rows: 1,
          columns: 3,
          latitudes: Float64Array.of(latitude, latitude - 9, latitude - 1),
          longitudes: Float64Array.of(1.5, 0, 0),
          isFloat: false,
        },
        parseSubset(`LATITUDE,${latitude},${latitude};LONGITUDE,0,0`),
      )?.columns.start;
    // At 60 degrees of latitude, 1.5 degrees of longitude are as long as 0.75 degrees of latitude.
    expect(nearestAt(60)).toBe(0);
    expect(nearestAt(49)).toBe(0);
    expect(nearestAt(47)).toBe(2);
    expect(nearestAt(0)).toBe(2);
  });

  it('cells of a bent grid without a position are never selected', () => {
    const empty = grid(1, 1);
    expect(
      selectCurvilinear(empty, parseSubset('LATITUDE,-90,90;LONGITUDE,-180,180')),
    ).toBeUndefined();
    expect(
      selectCurvilinear(empty, parseSubset('LATITUDE,-40,-40;LONGITUDE,150,150')),
    ).toBeUndefined();
  });
});
