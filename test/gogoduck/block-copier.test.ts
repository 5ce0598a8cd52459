import { describe, expect, it } from 'vitest';
import {
  BlockCopier,
  type Origin,
  Scratch,
} from '../../batch-jobs/gogoduck/aggregate/block-copier.ts';
import type { OutputVariable } from '../../batch-jobs/gogoduck/aggregate/define-output.ts';
import type { Box, NetcdfFile, Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import type { NetcdfSink, Values } from '../../batch-jobs/gogoduck/netcdf/netcdf-sink.ts';
import { positionsIn, ravelled } from '../../batch-jobs/gogoduck/netcdf/positions.ts';
import { product } from '../../batch-jobs/gogoduck/netcdf/product.ts';
import type { Pieces } from '../../batch-jobs/gogoduck/netcdf/read-pieces.ts';
import type { StoredChunks } from '../../batch-jobs/gogoduck/netcdf/stored-data.ts';
import { bytesOf, type NetcdfType, sizeOf } from '../../batch-jobs/gogoduck/netcdf/types.ts';

/** A sink that keeps what is written. */
class Kept implements NetcdfSink {
  readonly writes: { readonly box: Box; readonly values: readonly (number | string)[] }[] = [];
  readonly stored: { readonly position: readonly number[]; readonly bytes: string }[] = [];
  readonly #type: NetcdfType;

  constructor(type: NetcdfType) {
    this.#type = type;
  }

  async write(_: string, { start, count }: Box, values: Values): Promise<void> {
    const box = { start: [...start], count: [...count] };
    if (!(values instanceof Uint8Array)) {
      this.writes.push({ box, values: [...values] });
      return;
    }
    // Of bytes, only their number counts here.
    const numbers =
      this.#type === 'short' ? [...new Int16Array(values.slice().buffer)] : [values.length];
    this.writes.push({ box, values: numbers });
  }

  async writeStored(_: string, position: readonly number[], bytes: Uint8Array): Promise<void> {
    this.stored.push({ position: [...position], bytes: Buffer.from(bytes).toString() });
  }

  async close(): Promise<void> {}
  async abandon(): Promise<void> {}
}

interface Made {
  readonly counts: readonly number[];
  readonly pieces: readonly Pieces[];
  readonly shape: readonly number[];
  readonly chunk?: readonly number[];
  readonly timeAxis?: number;
  readonly type?: NetcdfType;
  readonly copied?: boolean;
  readonly shuffle?: boolean;
  readonly isCompressed?: boolean;
}

function made({
  counts,
  pieces,
  shape,
  chunk = counts,
  timeAxis = 0,
  type = 'short',
  copied = false,
  shuffle = false,
  isCompressed = true,
}: Made) {
  const variable: Variable = { name: 'v', type, dimensions: shape.map(String), shape };
  const reads: Box[] = [];
  const fetch = async (_: Variable, box: Box, target: Uint8Array) => {
    reads.push(box);
    if (type !== 'short') return;
    const cells = [...positionsIn(box.start, box.count)].map((each) => ravelled(each, shape));
    target.set(bytesOf(Int16Array.from(cells)));
  };
  const readStrings = (_: Variable, { start, count }: Box) =>
    [...positionsIn(start, count)].map((each) => String(ravelled(each, shape)));
  const file = (chunks?: StoredChunks) =>
    ({ fetch, readStrings, chunks: () => chunks }) as Partial<NetcdfFile> as NetcdfFile;
  const output: OutputVariable = {
    source: variable,
    treatment: { kind: 'as-stored' },
    copied,
    extents: { counts, timeAxis, cellSize: sizeOf(type) },
    definition: {
      ...{ name: 'v', type, dimensions: variable.dimensions, attributes: new Map(), chunk },
      ...(isCompressed ? { compression: { shuffle, deflateLevel: 4 } } : {}),
    },
  };
  const sink = new Kept(type);
  const copier = new BlockCopier(output, pieces, sink, new Scratch());
  const origin = (chunks?: StoredChunks, decode?: Origin['decode']): Origin => ({
    file: file(chunks),
    variable,
    decode,
  });
  return { copier, sink, reads, origin };
}

const run = (start: number, count: number) => ({ start, count });
const at = (...start: number[]) => ({ of: (...count: number[]) => ({ start, count }) });

describe('time steps that are copied', () => {
  it('time steps are gathered into blocks across files, and the last block is written at the end', async () => {
    // Each step has 64 KiB, so a block has four.
    const width = 32 * 1024;
    const { copier, sink, origin } = made({
      counts: [7, width],
      pieces: [[run(0, 7)], [run(0, width)]],
      shape: [9, width],
      type: 'byte',
    });
    const half = made({
      counts: [9, 2 * width],
      pieces: [[run(0, 9)], [run(0, 2 * width)]],
      shape: [9, 2 * width],
      type: 'byte',
    });
    await half.copier.append(half.origin(), 0, 3);
    await half.copier.append(half.origin(), 1, 6);
    await half.copier.flush();
    expect(half.sink.writes).toEqual([
      { box: at(0, 0).of(4, 2 * width), values: [8 * width] },
      { box: at(4, 0).of(4, 2 * width), values: [8 * width] },
      { box: at(8, 0).of(1, 2 * width), values: [2 * width] },
    ]);
    expect(half.reads.map(({ start, count }) => [start[0], count[0]])).toEqual([
      [0, 3],
      [1, 1],
      [2, 4],
      [6, 1],
    ]);
    await copier.append(origin(), 2, 7);
    await copier.flush();
    await copier.flush();
    expect(sink.writes).toEqual([{ box: at(0, 0).of(7, width), values: [7 * width] }]);
    await copier.flush();
    expect(sink.writes).toHaveLength(1);
  });

  it('time steps are cut, joined where there are several runs, and converted', async () => {
    const { copier, sink, origin } = made({
      counts: [2, 3],
      pieces: [[run(0, 9)], [run(3, 1), run(0, 2)]],
      shape: [3, 4],
    });
    await copier.append(origin(), 1, 1);
    const negative = (stored: Uint8Array, target: Uint8Array) => {
      target.set(bytesOf(new Int16Array(stored.slice().buffer).map((each) => -each)));
    };
    await copier.append(origin(undefined, negative), 0, 1);
    await copier.flush();
    expect(sink.writes).toEqual([
      { box: at(0, 0).of(2, 3), values: [7, 4, 5, -3, -0, -1].map((each) => each + 0) },
    ]);
  });

  it('what has no time is written once', async () => {
    const { copier, sink, origin } = made({
      counts: [2, 2],
      pieces: [[run(1, 2)], [run(0, 2)]],
      shape: [3, 2],
      timeAxis: -1,
    });
    await copier.append(origin(), 0, 1);
    await copier.flush();
    expect(sink.writes).toEqual([{ box: at(0, 0).of(2, 2), values: [2, 3, 4, 5] }]);
  });

  it('texts are written run by run', async () => {
    const { copier, sink, origin } = made({
      counts: [3, 2],
      pieces: [[run(0, 3)], [run(2, 1), run(0, 1)]],
      shape: [3, 3],
      type: 'string',
    });
    await copier.append(origin(), 1, 1);
    await copier.append(origin(), 0, 2);
    expect(sink.writes).toEqual([
      { box: at(0, 0).of(1, 1), values: ['5'] },
      { box: at(0, 1).of(1, 1), values: ['3'] },
      { box: at(1, 0).of(2, 1), values: ['2', '5'] },
      { box: at(1, 1).of(2, 1), values: ['0', '3'] },
    ]);
  });
});

describe('a time step of more than eight mebibytes', () => {
  const mebibyte = 1024 * 1024;

  it('a step of eight mebibytes is read at once, and a larger one in bands that end with a chunk', async () => {
    const boxes = async (rows: number, chunkRows: number) => {
      const { copier, sink, reads, origin } = made({
        counts: [2, rows, mebibyte],
        pieces: [[run(0, 2)], [run(5, rows)], [run(0, mebibyte)]],
        shape: [2, rows + 5, mebibyte],
        chunk: [1, chunkRows, mebibyte],
        type: 'byte',
      });
      await copier.append(origin(), 1, 1);
      await copier.append(origin(), 0, 1);
      await copier.flush();
      expect(sink.writes.map(({ values }) => values[0])).toEqual(
        sink.writes.map(({ box }) => product(box.count)),
      );
      return [
        reads.map(({ start, count }) => [start[0], start[1], count[1]].join()),
        sink.writes.map(({ box: { start, count } }) => [start[0], start[1], count[1]].join()),
      ];
    };
    expect(await boxes(8, 3)).toEqual([
      ['1,5,8', '0,5,8'],
      ['0,0,8', '1,0,8'],
    ]);
    expect(await boxes(11, 3)).toEqual([
      ['1,5,6', '1,11,5', '0,5,6', '0,11,5'],
      ['0,0,6', '0,6,5', '1,0,6', '1,6,5'],
    ]);
    expect(await boxes(12, 3)).toEqual([
      ['1,5,6', '1,11,6', '0,5,6', '0,11,6'],
      ['0,0,6', '0,6,6', '1,0,6', '1,6,6'],
    ]);
    expect(await boxes(10, 9)).toEqual([
      ['1,5,9', '1,14,1', '0,5,9', '0,14,1'],
      ['0,0,9', '0,9,1', '1,0,9', '1,9,1'],
    ]);
  });

  it('bands are cut out of several runs', async () => {
    const width = 2 * mebibyte;
    const { copier, reads, origin } = made({
      counts: [1, 1, 6, width],
      pieces: [[run(0, 1)], [run(3, 1)], [run(7, 3), run(0, 3)], [run(0, width)]],
      shape: [1, 4, 10, width],
      chunk: [1, 1, 1, width],
      type: 'byte',
    });
    await copier.append(origin(), 0, 1);
    // Four rows fit a band: three of the first run and one of the second.
    expect(reads.map(({ start, count }) => [start[2], count[2]])).toEqual([
      [7, 3],
      [0, 1],
      [1, 2],
    ]);
  });
});

describe('chunks that are copied as they are stored', () => {
  const chunks = (
    { chunk = [2, 2], shuffle = false, isDeflated = true, deflateLevel = 9 } = {},
    absent: readonly string[] = [],
  ) =>
    ({
      grid: { chunk, counts: [9, 9], cellSize: 2 },
      filters: { shuffle, deflateLevel: isDeflated ? deflateLevel : undefined },
      stored: (position: readonly number[]) =>
        absent.includes(position.join()) ? undefined : Buffer.from(`chunk ${position}`),
    }) as Partial<StoredChunks> as StoredChunks;
  const whole = (more: Partial<Made> = {}) =>
    made({
      counts: [4, 3],
      pieces: [[run(0, 4)], [run(2, 3)]],
      shape: [6, 5],
      chunk: [2, 2],
      copied: true,
      ...more,
    });
  const all = [
    { position: [0, 0], bytes: 'chunk 1,1' },
    { position: [0, 1], bytes: 'chunk 1,2' },
    { position: [1, 0], bytes: 'chunk 0,1' },
    { position: [1, 1], bytes: 'chunk 0,2' },
  ];

  it('chunks go to their places in the result', async () => {
    const { copier, sink, origin, reads } = whole();
    await copier.append(origin(chunks()), 2, 2);
    await copier.append(origin(chunks()), 0, 2);
    await copier.flush();
    expect(sink).toMatchObject({ stored: all, writes: [] });
    expect(reads).toEqual([]);
  });

  it('a chunk that is not stored is read, up to the edge of the data', async () => {
    const { copier, sink, origin } = whole();
    await copier.append(origin(chunks({}, ['1,2'])), 2, 2);
    expect(sink.stored).toEqual(all.slice(0, 1));
    expect(sink.writes).toEqual([{ box: at(0, 2).of(2, 1), values: [14, 19] }]);
  });

  it.each<[string, Partial<Made>, StoredChunks | undefined]>([
    ['none are known', {}, undefined],
    ['they have another shape', {}, chunks({ chunk: [2, 3] })],
    ['they are not deflated', {}, chunks({ isDeflated: false })],
    ['they are shuffled, and those of the result are not', {}, chunks({ shuffle: true })],
    ['it is not known how those of the result are', { isCompressed: false }, chunks()],
    ['those of the result are shuffled, and they are not', { shuffle: true }, chunks()],
  ])('all cells are read if %s', async (_, more, stored) => {
    const { copier, sink, origin } = whole(more);
    await copier.append(origin(stored), 0, 2);
    expect(sink.stored).toEqual([]);
    expect(sink.writes).toEqual([
      { box: at(0, 0).of(2, 2), values: [2, 3, 7, 8] },
      { box: at(0, 2).of(2, 1), values: [4, 9] },
    ]);
  });

  it('chunks are copied at any level, but not if their cells are converted', async () => {
    const shuffled = whole({ shuffle: true });
    await shuffled.copier.append(shuffled.origin(chunks({ shuffle: true, deflateLevel: 1 })), 2, 2);
    expect(shuffled.sink.stored).toEqual(all.slice(0, 2));
    const { copier, sink, origin } = whole();
    const zero = (_: Uint8Array, target: Uint8Array) => {
      target.fill(0);
    };
    await copier.append(origin(chunks(), zero), 0, 2);
    expect(sink.stored).toEqual([]);
    expect(sink.writes.map(({ values }) => values)).toEqual([
      [0, 0, 0, 0],
      [0, 0],
    ]);
  });
});

describe('the memory that copiers share', () => {
  it('the memory that copiers share grows as needed', () => {
    const scratch = new Scratch();
    const first = scratch.bytes(8);
    expect(scratch.bytes(4).buffer).toBe(first.buffer);
    expect(scratch.bytes(4)).toHaveLength(4);
    expect(scratch.bytes(8).buffer).toBe(first.buffer);
    expect(scratch.bytes(9)).toHaveLength(9);
    expect(scratch.bytes(9).buffer).not.toBe(first.buffer);
  });
});
