import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type DatasetLibrary, Hdf5Dataset } from '../../batch-jobs/gogoduck/netcdf/hdf5-dataset.ts';
import { chunkIndex } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/chunk-index.ts';
import { FileBytes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/file-bytes.ts';
import {
  type HeaderMessage,
  messageTypes,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/object-header.ts';
import { shuffle } from '../../batch-jobs/gogoduck/netcdf/shuffle.ts';
import { ChunkCache } from '../../batch-jobs/gogoduck/netcdf/stored-data.ts';

const folder = mkdtempSync(join(tmpdir(), 'hdf5-dataset-'));
const open: number[] = [];
afterAll(() => {
  for (const file of open) closeSync(file);
  rmSync(folder, { recursive: true });
});

function fileOf(bytes: Uint8Array): FileBytes {
  const path = join(folder, `${open.length}`);
  writeFileSync(path, bytes);
  const file = openSync(path, 'r');
  open.push(file);
  return new FileBytes(file);
}

const word = (value: number, size: number) => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntLE(value, 0, Math.min(size, 6));
  return bytes;
};
const noAddress = Buffer.alloc(8, 255);
const whole = (size: number, bits = 0x08, precision = size * 8): HeaderMessage => ({
  type: messageTypes.datatype,
  shared: false,
  body: Buffer.concat([
    Buffer.from([0x10, bits, 0, 0]),
    word(size, 4),
    word(0, 2),
    word(precision, 2),
  ]),
});
const texts = (size: number): HeaderMessage => ({
  type: messageTypes.datatype,
  shared: false,
  body: Buffer.concat([Buffer.from([0x13, 0, 0, 0]), word(size, 4)]),
});
const space = (...shape: number[]): HeaderMessage => ({
  type: messageTypes.dataspace,
  shared: false,
  body: Buffer.concat([
    Buffer.from([2, shape.length, 0, shape.length > 0 ? 1 : 0]),
    ...shape.map((length) => word(length, 8)),
  ]),
});
const contiguous = (address: number, size: number): HeaderMessage => ({
  type: messageTypes.dataLayout,
  shared: false,
  body: Buffer.concat([Buffer.from([3, 1]), word(address, 8), word(size, 8)]),
});
const chunked = (root: number | undefined, ...lengths: number[]): HeaderMessage => ({
  type: messageTypes.dataLayout,
  shared: false,
  body: Buffer.concat([
    Buffer.from([3, 2, lengths.length]),
    root === undefined ? noAddress : word(root, 8),
    ...lengths.map((length) => word(length, 4)),
  ]),
});
const filters = (...found: [id: number, value: number][]): HeaderMessage => ({
  type: messageTypes.filterPipeline,
  shared: false,
  body: Buffer.concat([
    Buffer.from([2, found.length]),
    ...found.flatMap(([id, value]) => [word(id, 2), word(0, 2), word(1, 2), word(value, 4)]),
  ]),
});

/** A library that answers with bytes of 9, and notes what it is asked for. */
class Library implements DatasetLibrary {
  readonly asked: string[] = [];
  readonly #metadata: object;

  constructor(metadata: object = {}) {
    this.#metadata = metadata;
  }

  metadata(name: string): ReturnType<DatasetLibrary['metadata']> {
    this.asked.push(`metadata of ${name}`);
    return this.#metadata as ReturnType<DatasetLibrary['metadata']>;
  }

  filters(name: string): ReturnType<DatasetLibrary['filters']> {
    this.asked.push(`filters of ${name}`);
    return [];
  }

  read(name: string, start: readonly number[], count: readonly number[], target: Uint8Array): void {
    this.asked.push(`${name} from ${start}, ${count}`);
    target.fill(9);
  }

  readStrings(name: string, start: readonly number[], count: readonly number[]): string[] {
    this.asked.push(`texts of ${name} from ${start}, ${count}`);
    return ['text'];
  }
}

function dataset(bytes: Uint8Array, messages: readonly HeaderMessage[], library = new Library()) {
  const header = {
    messages,
    message: (type: number) => {
      const found = messages.find((each) => each.type === type);
      if (!found) throw new Error('no message');
      return found.body;
    },
  };
  const made = new Hdf5Dataset(() => library, fileOf(bytes), header, new ChunkCache(), 'v');
  const read = (start: number[], count: number[], size = 2) => {
    const cells = count.reduce((product, length) => product * length, 1);
    const target = new Uint8Array(cells * size);
    made.read({ start, count }, target, () => Uint8Array.from({ length: size }, () => 7));
    return [...target];
  };
  return { made, read, asked: library.asked };
}

/** Bytes that count from 0. */
const counting = (length: number) => Uint8Array.from({ length }, (_, at) => at);

describe('a dataset that is read without the HDF5 library', () => {
  it('a dataset in one place is read where it is', () => {
    const { read, asked, made } = dataset(counting(20), [whole(2), space(2, 3), contiguous(4, 12)]);
    expect(read([0, 1], [2, 2])).toEqual([6, 7, 8, 9, 12, 13, 14, 15]);
    expect(made.chunks).toBeUndefined();
    expect([made.type, made.shape, asked]).toEqual(['short', [2, 3], []]);
  });

  it('single bytes have no order', () => {
    const { read, asked } = dataset(counting(9), [whole(1, 0x09), space(4), contiguous(2, 4)]);
    expect(read([1], [2], 1)).toEqual([3, 4]);
    expect(asked).toEqual([]);
  });

  it.each([
    ['not compressed', [], false, false],
    ['deflated', [filters([1, 4])], true, false],
    ['shuffled and deflated', [filters([2, 2], [1, 4])], true, true],
  ] as const)(
    'chunks that are %s are read, one that was never written by the library',
    (_, own, isDeflated, isShuffled) => {
      // Two rows of two chunks, each of one row of two cells; the last has a cell past the edge.
      const cells = [0, 1, 2].map((at) => Uint8Array.of(10 + at, 0, 20 + at, 0));
      const stored = cells.map((each) => {
        const arranged = isShuffled ? shuffle(each, 2) : each;
        return isDeflated ? deflateSync(arranged) : arranged;
      });
      let address = 0;
      const chunks = stored.map((bytes) => {
        const chunk = { address, size: bytes.length, skipped: 0 };
        address += bytes.length;
        return chunk;
      });
      const grid = { counts: [2, 2], chunk: [1, 2], cellSize: 2 };
      const index = chunkIndex(chunks, grid, address);
      const { read, asked, made } = dataset(Buffer.concat([...stored, index.bytes]), [
        whole(2),
        space(2, 3),
        chunked(index.root, 1, 2, 2),
        ...own,
      ]);
      expect(read([0, 0], [2, 3])).toEqual([10, 0, 20, 0, 11, 0, 12, 0, 22, 0, 9, 9]);
      expect(asked).toEqual(['v from 1,2, 1,1']);
      expect(made.chunks?.stored([0, 1])).toEqual(Buffer.from(stored[1] ?? []));
      // Its place is read once.
      expect(made.chunks).toBe(made.chunks);
      expect(made.chunks?.stored([1, 1])).toBeUndefined();
      expect(made.chunks?.stored([0, 2])).toBeUndefined();
      expect(made.chunks?.stored([2, 0])).toBeUndefined();
      expect(read([0, 1], [1, 2])).toEqual([20, 0, 11, 0]);
    },
  );

  it('a chunk that skipped a filter is read by the library and not copied', () => {
    const cells = Uint8Array.of(1, 2, 3, 4);
    const node = chunkIndex(
      [{ address: 0, size: 4, skipped: 0 }],
      { counts: [1], chunk: [2], cellSize: 2 },
      4,
    );
    // The mask of its filters follows the size in the key.
    node.bytes.writeUInt32LE(1, 24 + 4);
    const { read, asked, made } = dataset(Buffer.concat([cells, node.bytes]), [
      whole(2),
      space(2),
      chunked(node.root, 2, 2),
      filters([1, 4]),
    ]);
    expect(read([0], [2])).toEqual([9, 9, 9, 9]);
    expect(asked).toEqual(['v from 0, 2']);
    expect(made.chunks?.stored([0])).toBeUndefined();
  });

  it('a chunk whose bytes are too few or too many is a fault', () => {
    for (const length of [2, 6]) {
      const stored = deflateSync(new Uint8Array(length));
      const chunk = { address: 0, size: stored.length, skipped: 0 };
      const index = chunkIndex([chunk], { counts: [1], chunk: [2], cellSize: 2 }, stored.length);
      const { read } = dataset(Buffer.concat([stored, index.bytes]), [
        whole(2),
        space(2),
        chunked(index.root, 2, 2),
        filters([1, 4]),
      ]);
      expect(() => read([0], [2])).toThrow();
    }
  });

  it('a chunk has at most 256 MiB', () => {
    const limit = 256 * 1024 * 1024;
    const of = (cells: number) => {
      const index = chunkIndex(
        [{ address: 0, size: 1, skipped: 0 }],
        { counts: [1], chunk: [cells], cellSize: 1 },
        8,
      );
      return dataset(Buffer.concat([new Uint8Array(8), index.bytes]), [
        whole(1),
        space(cells),
        chunked(index.root, cells, 1),
        filters([1, 4]),
      ]);
    };
    expect(() => of(limit + 1).read([0], [1], 1)).toThrow(
      'has chunks of 268435457 bytes in v; allowed: at most 268435456.',
    );
    // A chunk of the largest size is read, and here turns out to be damaged.
    expect(() => of(limit).read([0], [1], 1)).toThrow(/header|unexpected end/);
  });

  it('cells past the end of a dataset are filled', () => {
    const { read } = dataset(counting(20), [whole(2), space(2, 3), contiguous(4, 12)]);
    expect(read([1, 2], [2, 2])).toEqual([14, 15, 7, 7, 7, 7, 7, 7]);
    expect(read([0, 2], [2, 2])).toEqual([8, 9, 7, 7, 14, 15, 7, 7]);
    expect(read([2, 0], [1, 2])).toEqual([7, 7, 7, 7]);
    expect(read([5, 0], [1, 1])).toEqual([7, 7]);
  });
});

describe('a dataset that is left to the HDF5 library', () => {
  it.each<[string, readonly HeaderMessage[]]>([
    ['has no dimensions', [whole(2), space(), contiguous(4, 2)]],
    ['has the most significant byte first', [whole(2, 0x09), space(2, 3), contiguous(4, 12)]],
    ['has a place of another size', [whole(2), space(2, 3), contiguous(4, 14)]],
    ['has chunks of other cells', [whole(2), space(2, 3), chunked(undefined, 1, 3, 4)]],
    ['has another filter', [whole(2), space(2, 3), chunked(undefined, 1, 3, 2), filters([3, 0])]],
    [
      'has shuffled cells of another size',
      [whole(2), space(2, 3), chunked(undefined, 1, 3, 2), filters([2, 4], [1, 1])],
    ],
    ['has no layout', [whole(2), space(2, 3)]],
    [
      'is nowhere yet',
      [
        whole(2),
        space(2, 3),
        {
          ...contiguous(0, 12),
          body: Buffer.concat([Buffer.from([3, 1]), noAddress, word(12, 8)]),
        },
      ],
    ],
  ])('a dataset that %s is read by the library', (what, messages) => {
    const { read, asked, made } = dataset(counting(20), messages);
    const [start, count] = what.includes('no dimensions')
      ? [[], []]
      : [
          [0, 0],
          [1, 1],
        ];
    expect(read(start, count)).toEqual([9, 9]);
    expect(asked).toEqual([`v from ${start}, ${count}`]);
    expect(made.chunks).toBeUndefined();
  });

  it('what the header does not say in a known way is asked of the library', () => {
    const library = new Library({
      type: 0,
      size: 2,
      signed: true,
      vlen: false,
      littleEndian: true,
      shape: [3],
    });
    const { made, asked } = dataset(counting(20), [whole(2, 0x08, 12), space(2, 3)], library);
    expect([made.type, made.shape]).toEqual(['short', [3]]);
    const shared = { ...filters([1, 4]), shared: true };
    const other = dataset(counting(20), [whole(2), space(2, 3), contiguous(4, 12), shared]);
    expect(other.made.filters).toEqual([]);
    expect([asked, other.asked]).toEqual([['metadata of v'], ['filters of v']]);
  });
});

describe('texts of a dataset', () => {
  const mebibyte = 1024 * 1024;
  const most = 64 * mebibyte;

  it('texts of a fixed length are at most 64 MiB at a time', () => {
    const { made, asked } = dataset(counting(8), [texts(mebibyte), space(65)]);
    expect(made.type).toBe('string');
    expect(() => made.readStrings({ start: [0], count: [65] })).toThrow(
      'has texts of 68157440 bytes in v; allowed: at most 67108864 at a time step.',
    );
    expect(asked).toEqual([]);
    expect(made.readStrings({ start: [3], count: [2] })).toHaveLength(2);
    expect(asked).toEqual(['v from 3, 2']);
  });

  const anyLength = new Library({ type: 3, size: 16, signed: false, vlen: true, shape: [3] });
  /** Texts of any length are stored as their lengths and addresses, 16 bytes each. */
  const references = (...lengths: number[]) =>
    Buffer.concat(lengths.map((length) => Buffer.concat([word(length, 4), Buffer.alloc(12)])));
  const grid = { counts: [3], chunk: [1], cellSize: 16 };
  const inOnePlace = (bytes: Buffer) => dataset(bytes, [contiguous(0, 48)], anyLength).made;
  const inChunks = (bytes: Buffer) => {
    const chunks = [0, 1, 2].map((at) => ({ address: at * 16, size: 16, skipped: 0 }));
    const index = chunkIndex(chunks, grid, bytes.length);
    const messages = [chunked(index.root, 1, 16)];
    return dataset(Buffer.concat([bytes, index.bytes]), messages, anyLength).made;
  };

  it.each([
    ['in one place', inOnePlace],
    ['in chunks', inChunks],
  ])('texts of any length are at most 64 MiB at a time, %s', (_, made) => {
    const all = { start: [0], count: [3] };
    expect(made(references(1, most - 3, 2)).readStrings(all)).toEqual(['text']);
    expect(() => made(references(1, most - 3, 3)).readStrings(all)).toThrow(
      `has texts of ${most + 1} bytes in v`,
    );
    const last = { start: [1], count: [2] };
    expect(made(references(2, most - 3, 3)).readStrings(last)).toEqual(['text']);
  });

  it('texts of any length whose place is not known are left to the library', () => {
    const { made } = dataset(counting(8), [], anyLength);
    expect(made.readStrings({ start: [0], count: [3] })).toEqual(['text']);
  });
});
