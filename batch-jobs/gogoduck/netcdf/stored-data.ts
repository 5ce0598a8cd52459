import { inflateSync } from 'node:zlib';
import { countLargeBuffer } from './collect-garbage.ts';
import type { ChunkGrid, StoredChunk } from './hdf5-format/chunk-index.ts';
import type { FileBytes } from './hdf5-format/file-bytes.ts';
import type { Box } from './netcdf-file.ts';
import { positionsIn, ravelled } from './positions.ts';
import { product } from './product.ts';
import { Refusal } from './refusal.ts';
import { forEachRow } from './rows.ts';
import { unshuffleInto } from './shuffle.ts';

/** Filters applied to a dataset's chunks. All other filters are left to the HDF5 library. */
export interface StoredFilters {
  readonly shuffle: boolean;
  /** Undefined for chunks that are not deflated. */
  readonly deflateLevel: number | undefined;
}

/**
 * Maximum size of the cache of inflated chunks, in bytes, so that a chunk that spans several bands is
 * inflated once.
 */
export const mostCached = 72 * 1024 * 1024;

/** Largest supported chunk, in bytes; chunks of real files have at most a tenth of it. */
const largestChunk = 256 * 1024 * 1024;

/** The most recently used inflated chunks of one file. */
export class ChunkCache {
  readonly #chunks = new Map<string, Uint8Array>();
  #size = 0;

  /** @param size of the chunk, to make room for it if it is not cached */
  get(key: string, size: number, make: () => Uint8Array): Uint8Array {
    const known = this.#chunks.get(key);
    this.#chunks.delete(key);
    if (known) {
      this.#chunks.set(key, known);
      return known;
    }
    for (const [oldest, { length }] of this.#chunks) {
      if (this.#size + size <= mostCached) break;
      this.#chunks.delete(oldest);
      this.#size -= length;
    }
    const made = make();
    this.#chunks.set(key, made);
    this.#size += made.length;
    return made;
  }
}

/**
 * The chunks of a dataset, read without the HDF5 library. In WebAssembly, the library inflates much more
 * slowly than Node.js, and repeats it for each part of a chunk that is larger than its cache.
 */
export class StoredChunks {
  readonly grid: ChunkGrid;
  readonly filters: StoredFilters;
  readonly #name: string;
  readonly #file: FileBytes;
  readonly #chunks: ReadonlyMap<number, StoredChunk>;
  readonly #cache: ChunkCache;

  constructor(
    name: string,
    file: FileBytes,
    { grid, chunks }: { grid: ChunkGrid; chunks: ReadonlyMap<number, StoredChunk> },
    filters: StoredFilters,
    cache: ChunkCache,
  ) {
    this.#name = name;
    this.#file = file;
    this.grid = grid;
    this.#chunks = chunks;
    this.filters = filters;
    this.#cache = cache;
  }

  /**
   * A chunk as it is stored.
   *
   * @param position among the chunks, along each dimension
   * @returns undefined for a chunk that was never written, or that skipped a filter
   */
  stored(position: readonly number[]): Uint8Array | undefined {
    const { counts } = this.grid;
    if (position.some((at, axis) => at >= (counts[axis] ?? 0))) return undefined;
    const chunk = this.#chunks.get(ravelled(position, counts));
    if (chunk?.skipped !== 0) return undefined;
    return this.#file.read(chunk.address, chunk.size);
  }

  /**
   * Reads a box, row by row, into `target`.
   *
   * @param readOther reads parts that are not in a readable chunk, because it was never written or skipped a
   *   filter
   * @throws if a chunk cannot be inflated
   */
  read({ start, count }: Box, target: Uint8Array, readOther: (box: Box) => Uint8Array): void {
    const { chunk, counts, cellSize } = this.grid;
    const end = start.map((at, axis) => at + (count[axis] ?? 0));
    const first = start.map((at, axis) => Math.floor(at / (chunk[axis] ?? 1)));
    const spans = end.map((at, axis) => Math.ceil(at / (chunk[axis] ?? 1)) - (first[axis] ?? 0));
    for (const position of positionsIn(first, spans)) {
      const origin = position.map((index, axis) => index * (chunk[axis] ?? 1));
      const from = origin.map((at, axis) => Math.max(at, start[axis] ?? 0));
      const size = origin.map(
        (at, axis) => Math.min(at + (chunk[axis] ?? 1), end[axis] ?? 0) - (from[axis] ?? 0),
      );
      const to = { shape: count, start: from.map((at, axis) => at - (start[axis] ?? 0)) };
      const ordinal = ravelled(position, counts);
      if (this.#chunks.get(ordinal)?.skipped !== 0) {
        const bytes = readOther({ start: from, count: size });
        const whole = { shape: size, start: size.map(() => 0) };
        forEachRow(size, whole, to, (source, at, cells) => {
          target.set(bytes.subarray(source * cellSize, (source + cells) * cellSize), at * cellSize);
        });
        continue;
      }
      const bytes = this.#inflated(ordinal);
      const within = { shape: chunk, start: from.map((at, axis) => at - (origin[axis] ?? 0)) };
      forEachRow(size, within, to, (source, at, cells) => {
        const row = target.subarray(at * cellSize, (at + cells) * cellSize);
        if (this.filters.shuffle) unshuffleInto(row, bytes, cellSize, source, cells);
        else row.set(bytes.subarray(source * cellSize, (source + cells) * cellSize));
      });
    }
  }

  /** A chunk's bytes after inflating. */
  #inflated(ordinal: number): Uint8Array {
    const { chunk, cellSize } = this.grid;
    const size = product(chunk) * cellSize;
    return this.#cache.get(`${this.#name} ${ordinal}`, size, () => {
      if (size > largestChunk) {
        throw new Refusal(
          `has chunks of ${size} bytes in ${this.#name}; allowed: at most ${largestChunk}.`,
        );
      }
      const { address, size: storedSize } = this.#chunks.get(ordinal) as StoredChunk;
      const stored = this.#file.read(address, storedSize);
      const bytes =
        this.filters.deflateLevel === undefined
          ? stored
          : inflateSync(stored, { chunkSize: Math.max(size + 1, 64), maxOutputLength: size });
      countLargeBuffer(size);
      if (bytes.length !== size) throw new Error(`a chunk of ${this.#name} has another size`);
      return bytes;
    });
  }
}

/**
 * Reads a box of a dataset whose cells are all stored in one place.
 *
 * @param address of its first cell
 */
export function readContiguous(
  file: FileBytes,
  address: number,
  shape: readonly number[],
  cellSize: number,
  { start, count }: Box,
  target: Uint8Array,
): void {
  const whole = { shape, start };
  const box = { shape: count, start: count.map(() => 0) };
  forEachRow(count, whole, box, (source, to, cells) => {
    const bytes = file.read(address + source * cellSize, cells * cellSize);
    target.set(bytes, to * cellSize);
  });
}
