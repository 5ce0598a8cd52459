import { describe, expect, it } from 'vitest';
import { selectCurvilinear } from '../../batch-jobs/gogoduck/grid/select-curvilinear.ts';
import { parseSubset } from '../../batch-jobs/gogoduck/subset.ts';

/** A grid turned by 30 degrees, with one cell that has no position. */
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
  return { rows, columns, latitudes, longitudes };
}

describe('cells of a bent grid', () => {
  it('within an area lie in the smallest block that holds them all', () => {
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

  it('are found whether longitudes count from -180 or from 0', () => {
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

  it('nearest to a point is one, unless the point is off the grid', () => {
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

  it('without a position are never meant', () => {
    const empty = grid(1, 1);
    expect(
      selectCurvilinear(empty, parseSubset('LATITUDE,-90,90;LONGITUDE,-180,180')),
    ).toBeUndefined();
    expect(
      selectCurvilinear(empty, parseSubset('LATITUDE,-40,-40;LONGITUDE,150,150')),
    ).toBeUndefined();
  });
});
