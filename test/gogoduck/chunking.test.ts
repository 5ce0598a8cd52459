import { describe, expect, it } from 'vitest';
import {
  chunkOf,
  type Extents,
  stepsPerBlock,
} from '../../batch-jobs/gogoduck/aggregate/chunking.ts';
import type { StepRun } from '../../batch-jobs/gogoduck/aggregate/order-steps.ts';
import { storageInOutput } from '../../batch-jobs/gogoduck/aggregate/storage.ts';
import type { Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';

/** Floats with the time axis first. */
const floats = (...counts: number[]): Extents => ({ counts, timeAxis: 0, cellSize: 4 });

describe('time steps that are gathered into one block', () => {
  it.each<[string, Extents, number]>([
    ['all of a short series', floats(100, 10, 10), 100],
    ['as many as 256 KiB hold', floats(1000, 10, 10), 655],
    ['two of half that size', floats(9, 256, 128), 2],
    ['one of that size', floats(9, 256, 256), 1],
    ['one of more', floats(9, 300, 300), 1],
    ['no more than 4096 of a long series', floats(10_000), 4096],
    ['4096 where there are as many', floats(4096), 4096],
    ['one where cells of other steps are between', { ...floats(10, 99), timeAxis: 1 }, 1],
    ['as many behind a dimension of one', { ...floats(1, 99), timeAxis: 1 }, 99],
    ['one without time', { ...floats(10, 99), timeAxis: -1 }, 1],
    ['all that there are of steps without cells', floats(3, 0), 3],
  ])('time steps that are gathered into one block are %s', (_, extents, steps) => {
    expect(stepsPerBlock(extents)).toBe(steps);
  });
});

describe('a chunk of the result', () => {
  it.each<[string, Extents, number[]]>([
    ['holds the steps of a block', floats(1000, 10, 10), [655, 10, 10]],
    ['holds 1 MiB of a large step, in whole rows', floats(5, 1000, 1000), [1, 262, 1000]],
    ['holds a part of a row that is longer', floats(5, 2, 300_000), [1, 1, 262_144]],
    ['counts the bytes of a cell', { counts: [2000, 2000], timeAxis: -1, cellSize: 8 }, [65, 2000]],
    ['has a cell where there is none', floats(3, 0), [3, 1]],
  ])('a chunk of the result %s', (_, extents, chunk) => {
    expect(chunkOf(extents)).toEqual(chunk);
  });
});

describe('chunks of a source', () => {
  const source = (...shape: number[]): Variable => ({
    name: 'temperature',
    type: 'float',
    dimensions: ['time', 'lat', 'lon'],
    shape,
  });
  const filters = { shuffle: true, deflateLevel: 4 };
  const whole = (count: number) => [{ start: 0, count }];
  /**
   * Whether the stored chunks are copied unchanged. The default selects 4 steps of 64 rows and 64 columns,
   * all of them.
   */
  const isCopied = ({
    shape = [4, 64, 64],
    chunk = [1, 32, 64],
    rows = whole(64),
    runs = [{ file: 0, start: 0, count: 4 }] as readonly StepRun[],
    isAsStored = true,
    stored = filters as { shuffle: boolean; deflateLevel: number | undefined },
  } = {}) =>
    storageInOutput(
      source(...shape),
      { chunk, filters: stored },
      isAsStored,
      floats(...shape),
      [whole(shape[0] ?? 0), rows, whole(shape[2] ?? 0)],
      runs,
    ).copied;

  it('chunks of a source that are wanted whole are copied as they are, from 8 KiB up', () => {
    expect(isCopied()).toBe(true);
    expect(isCopied({ shape: [4, 64, 63], chunk: [1, 32, 63] })).toBe(false);
  });

  it('chunks of a source that reach beyond the end of its rows are not copied unless they begin before it', () => {
    // Rows 64 to 95 of 80 are a chunk at the end; one chunk of 128 rows is larger than all of them.
    expect(isCopied({ shape: [4, 80, 64], rows: [{ start: 32, count: 48 }] })).toBe(true);
    expect(isCopied({ shape: [4, 80, 64], chunk: [1, 128, 64], rows: whole(80) })).toBe(false);
  });

  it.each([
    ['begin within one', [{ start: 16, count: 48 }], false],
    ['begin with one', [{ start: 32, count: 32 }], true],
    ['end within one', [{ start: 0, count: 48 }], false],
    ['are fewer than one has', [{ start: 32, count: 16 }], false],
    [
      'come in two runs',
      [
        { start: 32, count: 32 },
        { start: 0, count: 32 },
      ],
      false,
    ],
  ])('chunks of a source are copied only if rows that %s have them whole', (_, rows, expected) => {
    expect(isCopied({ rows })).toBe(expected);
  });

  it('chunks of a source may end beyond the last row', () => {
    const shape = [4, 48, 64];
    expect(isCopied({ shape, rows: whole(48) })).toBe(true);
    expect(isCopied({ shape, rows: whole(40) })).toBe(false);
  });

  it.each([
    ['begin and end with one', { start: 2, count: 2 }, true],
    ['begin within one', { start: 1, count: 2 }, false],
    ['end within one', { start: 0, count: 3 }, false],
  ])(
    'chunks of a source with two steps are copied only if runs of steps %s',
    (_, run, expected) => {
      const chunk = [2, 32, 64];
      expect(
        isCopied({
          chunk,
          runs: [
            { file: 0, start: 0, count: 4 },
            { file: 1, ...run },
          ],
        }),
      ).toBe(expected);
    },
  );

  it('chunks of a source are compressed again if values change or they are not deflated', () => {
    expect(isCopied({ isAsStored: false })).toBe(false);
    expect(isCopied({ stored: { shuffle: true, deflateLevel: undefined } })).toBe(false);
  });

  it('chunks of a source give the result their level of compression, at least 1, and it is shuffled', () => {
    const compressionOf = (deflateLevel: number | undefined) =>
      storageInOutput(
        source(4, 2, 2),
        { chunk: [1, 2, 2], filters: { shuffle: false, deflateLevel } },
        true,
        floats(4, 2, 2),
        [whole(4), whole(2), whole(2)],
        [{ file: 0, start: 0, count: 4 }],
      ).compression;
    expect(compressionOf(7)).toEqual({ shuffle: true, deflateLevel: 7 });
    expect(compressionOf(0)).toEqual({ shuffle: true, deflateLevel: 1 });
    expect(compressionOf(undefined)).toBeUndefined();
  });
});
