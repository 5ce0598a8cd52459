import { describe, expect, it } from 'vitest';
import {
  attachChunks,
  deflatePlaceholder,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/attach-chunks.ts';
import {
  type ChunkGrid,
  chunkIndex,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/chunk-index.ts';
import { FileBytes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/file-bytes.ts';
import {
  messageTypes,
  ObjectHeader,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/object-header.ts';
import { filtersOf } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-form.ts';
import { readLayout } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-layout.ts';
import { bytesOf, headerOf, inFile, message, noAddress, summed } from './hdf5-bytes.ts';

describe('where the chunks of a dataset are', () => {
  const grid: ChunkGrid = { counts: [3, 2], chunk: [4, 5], cellSize: 2 };
  const shape = [10, 9];
  const layoutOf = (root: number | bigint, lengths = [4, 5, 2], kind = 2, version = 3, rank = 3) =>
    bytesOf(
      [version, 1],
      [kind, 1],
      [rank, 1],
      [root, 8],
      ...lengths.map((each) => [each, 4] as const),
    );
  const stored = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ address: 1000 + at, size: 50 + at, skipped: 0 }));
  const read = (file: Buffer, layout: Buffer, of: readonly number[] = shape) =>
    inFile(file, (bytes) =>
      readLayout(bytes, headerOf(message(messageTypes.dataLayout, layout)), of),
    );

  it('an index is read as it was written, of any number of chunks', () => {
    for (const rows of [1, 32, 33, 64, 65, 2_100]) {
      const of = { ...grid, counts: [rows, 2] };
      const chunks = stored(rows * 2);
      const { bytes, root } = chunkIndex(chunks, of, 16);
      const layout = read(bytesOf(Buffer.alloc(16), bytes), layoutOf(root), [rows * 4 - 1, 9]);
      expect(layout).toEqual({
        kind: 'chunked',
        grid: of,
        chunks: new Map(chunks.map((chunk, ordinal) => [ordinal, chunk])),
      });
    }
  });

  it('nodes of an index name their neighbours on the same level', () => {
    const { bytes, root } = chunkIndex(stored(130), { ...grid, counts: [65, 2] }, 16);
    const size = bytes.length / 4;
    const node = (at: number) => BigInt(16 + at * size);
    const neighbours = [0, 1, 2, 3].map((at) => [
      bytes.readBigUInt64LE(at * size + 8),
      bytes.readBigUInt64LE(at * size + 16),
    ]);
    expect(neighbours).toEqual([
      [noAddress, node(1)],
      [node(0), node(2)],
      [node(1), noAddress],
      [noAddress, noAddress],
    ]);
    expect(BigInt(root)).toBe(node(3));
    // Of each node, the number of children, and the last of them.
    expect([0, 1, 2, 3].map((at) => bytes.readUInt16LE(at * size + 6))).toEqual([64, 64, 2, 3]);
  });

  it('chunks past the edge of a dataset do not count, and those that lie between are a fault', () => {
    const { bytes, root } = chunkIndex(stored(6), grid, 0);
    const found = read(bytes, layoutOf(root), [8, 9]);
    expect(found?.kind === 'chunked' && [...found.chunks.keys()]).toEqual([0, 1, 2, 3]);
    expect(() => read(bytes, layoutOf(root, [3, 5, 2]))).toThrow('a chunk has no place');
  });

  it('a dataset without an index has no chunks', () => {
    expect(read(Buffer.alloc(8), layoutOf(noAddress))).toMatchObject({ chunks: new Map() });
  });

  it.each<[string, Buffer]>([
    ['another version', layoutOf(0, [4, 5, 2], 2, 4)],
    ['another kind', layoutOf(0, [4, 5, 2], 0)],
    ['another number of dimensions', layoutOf(0, [4, 5, 2, 1], 2, 3, 4)],
    ['chunks without cells', layoutOf(noAddress, [4, 0, 2])],
    ['all in one place that is not there yet', bytesOf([3, 1], [1, 1], [noAddress, 8], [180, 8])],
  ])('a dataset of %s is left to the library', (_, layout) => {
    expect(read(Buffer.alloc(8), layout)).toBeUndefined();
  });

  it('a dataset may be all in one place', () => {
    expect(read(Buffer.alloc(8), bytesOf([3, 1], [1, 1], [96, 8], [180, 8]))).toEqual({
      kind: 'contiguous',
      address: 96,
      size: 180,
    });
  });

  it('an index of another kind is a fault, and one of more than six levels', () => {
    const { bytes, root } = chunkIndex(stored(6), grid, 0);
    const changed = (at: number, value: number) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(value, at);
      return copy;
    };
    expect(() => read(changed(0, 0), layoutOf(root))).toThrow('no index of chunks at 0');
    expect(() => read(changed(4, 0), layoutOf(root))).toThrow('no index of chunks at 0');
    expect(() => read(changed(5, 6), layoutOf(root))).toThrow('no index of chunks at 0');
    // Each level is one below the one above.
    const deep = Array.from({ length: 6 }, (_, at) =>
      bytesOf(
        'TREE',
        [1, 1],
        [5 - at, 1],
        [1, 2],
        [0, 16],
        [50, 4],
        [0, 4 + 24],
        [at === 5 ? 7000 : 64 * (at + 1), 8],
      ),
    );
    expect(read(bytesOf(...deep), layoutOf(0))).toMatchObject({
      chunks: new Map([[0, { address: 7000, size: 50, skipped: 0 }]]),
    });
    const skipping = bytesOf(deep[0] as Buffer, deep[2] as Buffer);
    expect(() => read(skipping, layoutOf(0))).toThrow('no index of chunks at 64');
  });

  it('filters that a chunk skipped are known', () => {
    const node = bytesOf('TREE', [1, 1], [0, 1], [1, 2], [0, 16], [50, 4], [3, 4], [0, 24], [7, 8]);
    expect(read(node, layoutOf(0))).toMatchObject({
      chunks: new Map([[0, { address: 7, size: 50, skipped: 3 }]]),
    });
  });

  it('chunks are attached to a dataset that is as expected, and to no other', () => {
    const pipeline = Buffer.alloc(2 + 24);
    pipeline.writeUInt8(2);
    const fileOf = (layout: Buffer, filters: Buffer) => {
      const next = (type: number, body: Buffer) =>
        bytesOf([type, 1], [body.length, 2], [0, 1], body);
      const own = bytesOf(next(8, layout), next(11, filters));
      return summed(bytesOf('OHDR', [2, 1], [0, 1], [own.length, 1], own));
    };
    const attach = (layout: Buffer, filters: Buffer, shuffle: boolean) =>
      inFile(fileOf(layout, filters), (bytes, file) => {
        const compression = { shuffle, deflateLevel: 7 };
        const index = attachChunks(bytes, file, 0, stored(6), grid, compression, 4096);
        const header = new ObjectHeader(new FileBytes(file), 0);
        return { index, header };
      });
    const { index, header } = attach(layoutOf(noAddress), pipeline, true);
    expect(filtersOf(header)).toEqual([
      { id: 2, name: '', values: [2] },
      { id: 1, name: '', values: [7] },
    ]);
    const { bytes, root } = chunkIndex(stored(6), grid, 4096);
    expect(index).toEqual(bytes);
    expect(header.message(messageTypes.dataLayout).readBigUInt64LE(3)).toBe(BigInt(root));
    expect(filtersOf(attach(layoutOf(0), pipeline.subarray(0, 12), false).header)).toEqual([
      { id: 1, name: '', values: [7] },
    ]);
    expect(deflatePlaceholder).toEqual([0, 0, 0, 0]);
    for (const layout of [
      layoutOf(0, [4, 5, 2], 2, 4),
      layoutOf(0, [4, 5, 2], 1),
      layoutOf(0, [4, 5, 2], 2, 3, 2),
      layoutOf(0, [4, 6, 2]),
      layoutOf(0, [4, 5, 4]),
    ]) {
      expect(() => attach(layout, pipeline, true)).toThrow('not laid out in the chunks expected');
    }
    const otherVersion = Buffer.from(pipeline);
    otherVersion.writeUInt8(1);
    for (const filters of [otherVersion, pipeline.subarray(0, 21)]) {
      expect(() => attach(layoutOf(0), filters, true)).toThrow('no room for its filters');
    }
  });
});
