import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../batch-jobs/gogoduck/netcdf/blocks.ts';
import { cutChunks } from '../../batch-jobs/gogoduck/netcdf/cut-chunks.ts';
import type { Box, NetcdfFile, Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import { positionsIn, ravelled, unravelled } from '../../batch-jobs/gogoduck/netcdf/positions.ts';
import { product } from '../../batch-jobs/gogoduck/netcdf/product.ts';
import {
  boxesOf,
  countsOf,
  fetchPieces,
  type Pieces,
  readPieces,
} from '../../batch-jobs/gogoduck/netcdf/read-pieces.ts';
import { forEachRow } from '../../batch-jobs/gogoduck/netcdf/rows.ts';
import { ChunkCache, mostCached } from '../../batch-jobs/gogoduck/netcdf/stored-data.ts';
import { bytesOf, sizeOf } from '../../batch-jobs/gogoduck/netcdf/types.ts';

describe('positions in an array', () => {
  it('positions are counted row by row', () => {
    const shape = [2, 3, 4];
    for (let ordinal = 0; ordinal < 24; ordinal++) {
      const position = unravelled(ordinal, shape);
      expect(position).toEqual([
        Math.floor(ordinal / 12),
        Math.floor(ordinal / 4) % 3,
        ordinal % 4,
      ]);
      expect(ravelled(position, shape)).toBe(ordinal);
    }
    expect(ravelled([], [])).toBe(0);
    expect(unravelled(0, [])).toEqual([]);
  });

  it('positions in a box begin at its start', () => {
    expect([...positionsIn([5, 7], [2, 2])]).toEqual([
      [5, 7],
      [5, 8],
      [6, 7],
      [6, 8],
    ]);
    expect([...positionsIn([5, 7], [2, 0])]).toEqual([]);
    expect([...positionsIn([], [])]).toEqual([[]]);
  });
});

describe('blocks of an array', () => {
  const shapes = (shape: readonly number[], cells: number) =>
    [...blocksOf(shape, cells)].map(({ start, count }) => `${start} ${count}`);

  it.each<[string, readonly number[], number, string[]]>([
    ['are the whole array if that fits', [2, 3], 6, ['0,0 2,3']],
    ['are whole rows as far as these fit', [3, 4], 9, ['0,0 2,4', '2,0 1,4']],
    ['are one row if two do not fit', [2, 4], 7, ['0,0 1,4', '1,0 1,4']],
    ['are parts of rows if no row fits', [2, 3], 2, ['0,0 1,2', '0,2 1,1', '1,0 1,2', '1,2 1,1']],
    ['have at least one cell', [2], 0, ['0 1', '1 1']],
    ['are one for a scalar', [], 5, [' ']],
    ['are none for an array without cells', [0, 2], 5, []],
  ])('blocks of an array %s', (_, shape, cells, expected) => {
    expect(shapes(shape, cells)).toEqual(expected);
  });
});

describe('rows that two arrays share', () => {
  const rows = (
    size: readonly number[],
    from: { shape: readonly number[]; start: readonly number[] },
    to: { shape: readonly number[]; start: readonly number[] },
  ) => {
    const found: number[][] = [];
    forEachRow(size, from, to, (...row) => found.push(row));
    return found;
  };

  it.each([
    [
      'are as long as the box where both arrays are wider',
      [2, 2],
      { shape: [4, 5], start: [1, 2] },
      { shape: [3, 3], start: [0, 1] },
      [
        [7, 1, 2],
        [12, 4, 2],
      ],
    ],
    [
      'go on over dimensions that are whole in both',
      [2, 3, 4],
      { shape: [9, 3, 4], start: [5, 0, 0] },
      { shape: [2, 3, 4], start: [0, 0, 0] },
      [[60, 0, 24]],
    ],
    [
      'end where only the source is whole',
      [2, 3],
      { shape: [2, 3], start: [0, 0] },
      { shape: [2, 4], start: [0, 1] },
      [
        [0, 1, 3],
        [3, 5, 3],
      ],
    ],
    [
      'end where only the target is whole',
      [2, 3],
      { shape: [2, 4], start: [0, 1] },
      { shape: [2, 3], start: [0, 0] },
      [
        [1, 0, 3],
        [5, 3, 3],
      ],
    ],
    [
      'are the cell of a scalar',
      [],
      { shape: [], start: [] },
      { shape: [], start: [] },
      [[0, 0, 1]],
    ],
    [
      'are none in an empty box',
      [2, 0],
      { shape: [2, 4], start: [0, 0] },
      { shape: [2, 0], start: [0, 0] },
      [],
    ],
  ])('rows that two arrays share %s', (_, size, from, to, expected) => {
    expect(rows(size, from, to)).toEqual(expected);
  });
});

/** A file of one variable whose cells count up from 0, which notes what was read of it. */
class Counting {
  readonly boxes: Box[] = [];
  readonly variable: Variable;

  constructor(shape: readonly number[], type: 'byte' | 'short' = 'short') {
    this.variable = { name: 'v', type, dimensions: shape.map(String), shape };
  }

  readonly read = (_: Variable, box: Box, target: Uint8Array): void => {
    this.boxes.push(box);
    if (this.variable.type === 'byte') return;
    const cells = [...positionsIn(box.start, box.count)].map((each) =>
      ravelled(each, this.variable.shape),
    );
    target.set(bytesOf(Int16Array.from(cells)));
  };

  get file(): NetcdfFile {
    const fetch = async (...args: Parameters<NetcdfFile['read']>) => this.read(...args);
    return { read: this.read, fetch } as Partial<NetcdfFile> as NetcdfFile;
  }

  async fetched(pieces: readonly Pieces[]): Promise<number[]> {
    const size = product(countsOf(pieces)) * sizeOf(this.variable.type);
    const targets = [new Uint8Array(size), new Uint8Array(size)] as const;
    readPieces(this.file, this.variable, pieces, targets[0]);
    const boxes = this.boxes.splice(0);
    await fetchPieces(this.file, this.variable, pieces, targets[1]);
    expect(this.boxes).toEqual(boxes);
    expect(Buffer.compare(...targets)).toBe(0);
    return [...new Int16Array(targets[0].buffer)];
  }
}

const run = (start: number, count: number) => ({ start, count });

describe('pieces of a variable', () => {
  it('pieces of one run each are read as one box', async () => {
    const counting = new Counting([4, 5]);
    expect(await counting.fetched([[run(1, 2)], [run(2, 2)]])).toEqual([7, 8, 12, 13]);
    expect(counting.boxes).toEqual([{ start: [1, 2], count: [2, 2] }]);
  });

  it('pieces of several runs come in the order of the runs, as if they were adjacent', async () => {
    const counting = new Counting([3, 8]);
    const pieces = [
      [run(0, 1), run(2, 1)],
      [run(6, 2), run(1, 1)],
    ];
    expect(await counting.fetched(pieces)).toEqual([6, 7, 1, 22, 23, 17]);
    // A run that lies before the one before it is read by itself.
    expect(counting.boxes).toEqual([
      { start: [0, 6], count: [3, 2] },
      { start: [0, 1], count: [3, 1] },
    ]);
  });

  it('pieces with at most a hundred cells between them are read together', async () => {
    const near = new Counting([300]);
    expect(await near.fetched([[run(1, 2), run(103, 1), run(104, 1)]])).toEqual([1, 2, 103, 104]);
    expect(near.boxes).toEqual([{ start: [1], count: [104] }]);
    const far = new Counting([300]);
    expect(await far.fetched([[run(1, 2), run(104, 1)]])).toEqual([1, 2, 104]);
    expect(far.boxes).toEqual([
      { start: [1], count: [2] },
      { start: [104], count: [1] },
    ]);
  });

  it('pieces are read together up to eight mebibytes', () => {
    const mebibyte = 1024 * 1024;
    for (const [width, boxes] of [
      [mebibyte, 1],
      [mebibyte + 1, 2],
    ] as const) {
      const counting = new Counting([20, width], 'byte');
      const pieces = [[run(2, 1), run(9, 1)], [run(0, width)]];
      readPieces(counting.file, counting.variable, pieces, new Uint8Array(2 * width));
      expect(counting.boxes).toHaveLength(boxes);
    }
  });

  it('pieces consist of boxes, each with its place in the file and among the pieces', () => {
    expect(boxesOf([[run(4, 2)], [run(7, 1), run(0, 3)]])).toEqual([
      { source: { start: [4, 7], count: [2, 1] }, target: { start: [0, 0], count: [2, 1] } },
      { source: { start: [4, 0], count: [2, 3] }, target: { start: [0, 1], count: [2, 3] } },
    ]);
    expect(countsOf([[run(4, 2)], [run(7, 1), run(0, 3)], []])).toEqual([2, 4, 0]);
  });
});

describe('the chunks of a box', () => {
  const cut = (
    values: Uint8Array,
    box: Box,
    chunk: readonly number[],
    counts: readonly number[],
    cellSize = 1,
  ) =>
    [...cutChunks(values, box, chunk, counts, cellSize)].map(({ ordinal, bytes }) => [
      ordinal,
      ...bytes,
    ]);

  it('the chunks of a box are whole; their cells past the edge are 0', () => {
    const values = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect(cut(values, { start: [2, 0], count: [2, 3] }, [2, 2], [2, 2])).toEqual([
      [2, 1, 2, 4, 5],
      [3, 3, 0, 6, 0],
    ]);
    expect(cut(values, { start: [0], count: [3] }, [2], [2], 2)).toEqual([
      [0, 1, 2, 3, 4],
      [1, 5, 6, 0, 0],
    ]);
  });

  it('a box that is one chunk is not copied', () => {
    const values = Uint8Array.of(1, 2, 3, 4);
    const whole = [...cutChunks(values, { start: [4], count: [4] }, [4], [2], 1)];
    expect(whole).toHaveLength(1);
    expect(whole[0]?.bytes).toBe(values);
    expect(whole[0]?.ordinal).toBe(1);
  });

  it('a box that begins inside a chunk has no chunks', () => {
    expect(() => cut(new Uint8Array(2), { start: [1], count: [2] }, [2], [2])).toThrow(
      'begin inside a chunk',
    );
  });
});

describe('the cache of inflated chunks', () => {
  it('the cache of chunks keeps 72 MiB, and forgets the chunk that was asked for longest ago', () => {
    expect(mostCached).toBe(72 * 1024 * 1024);
    const cache = new ChunkCache();
    const third = mostCached / 3;
    const made: string[] = [];
    const get = (key: string, size = third) =>
      cache.get(key, size, () => {
        made.push(key);
        return new Uint8Array(size);
      });
    for (const key of ['a', 'b', 'c']) get(key);
    for (const key of ['a', 'b', 'c', 'a']) get(key);
    expect(made.splice(0)).toEqual(['a', 'b', 'c']);
    // Now b is the oldest.
    get('d');
    for (const key of ['c', 'a', 'd']) get(key);
    expect(made.splice(0)).toEqual(['d']);
    get('b');
    expect(made.splice(0)).toEqual(['b']);
    // One byte more than there is room for.
    get('e', third + 1);
    get('f', third - 1);
    expect(made.splice(0)).toEqual(['e', 'f']);
    for (const key of ['f', 'e', 'b']) get(key, 1);
    expect(made.splice(0)).toEqual([]);
    get('d', 1);
    expect(made.splice(0)).toEqual(['d']);
  });
});
