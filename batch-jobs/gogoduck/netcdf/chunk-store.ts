import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { attachChunks } from './hdf5-format/attach-chunks.ts';
import type { ChunkGrid, StoredChunk } from './hdf5-format/chunk-index.ts';
import { setEndOfFile } from './hdf5-format/superblock.ts';
import { product } from './positions.ts';
import { shuffle } from './shuffle.ts';

const compress = promisify(deflate);

/** Chunks being compressed at once: as many as Node.js has threads for it, and as memory has room for. */
const atOnce = 4;

/** A dataset whose chunks are compressed and stored here. */
export interface ChunkedDataset {
  /** Address of its object header. */
  readonly header: number;
  readonly grid: ChunkGrid;
}

/**
 * Compresses chunks in Node.js's own threads and appends them to an HDF5 file that no one else has
 * open; at the end it tells the datasets where they are.
 *
 * The HDF5 library could do this itself, but in WebAssembly it has one thread, half the speed, and
 * no shuffle filter beside deflate.
 */
export class ChunkStore {
  readonly #file: FileHandle;
  readonly #deflateLevel: number;
  readonly #stored = new Map<ChunkedDataset, StoredChunk[]>();
  readonly #underWay = new Set<Promise<void>>();
  #failure: unknown;
  #end: number;

  private constructor(file: FileHandle, end: number, deflateLevel: number) {
    this.#file = file;
    this.#end = end;
    this.#deflateLevel = deflateLevel;
  }

  static async open(path: string, deflateLevel: number): Promise<ChunkStore> {
    const file = await open(path, 'r+');
    const { size } = await file.stat();
    return new ChunkStore(file, size, deflateLevel);
  }

  /**
   * Takes one chunk.
   *
   * @param ordinal of the chunk in its dataset, row by row
   * @param bytes all its cells; they may be changed once this has returned, but not before
   */
  async add(dataset: ChunkedDataset, ordinal: number, bytes: Uint8Array): Promise<void> {
    const { cellSize } = dataset.grid;
    const cells = cellSize > 1 ? shuffle(bytes, cellSize) : bytes.slice();
    const storing = this.#store(dataset, ordinal, cells).catch((error) => {
      this.#failure ??= error;
    });
    this.#underWay.add(storing);
    storing.finally(() => this.#underWay.delete(storing));
    while (this.#underWay.size >= atOnce) await Promise.race(this.#underWay);
    if (this.#failure) throw this.#failure;
  }

  /** Waits for all chunks, tells the datasets of them and closes the file. */
  async close(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure) throw this.#failure;
    for (const [dataset, chunks] of this.#stored) {
      const { header, grid } = dataset;
      const expected = product(grid.counts);
      const found = chunks.reduce((count) => count + 1, 0);
      if (found !== expected) throw new Error(`${found} of ${expected} chunks were written`);
      const { fd } = this.#file;
      const index = attachChunks(fd, header, chunks, grid, this.#deflateLevel, this.#end);
      await this.#append(index);
    }
    setEndOfFile(this.#file.fd, this.#end);
    await this.#file.close();
  }

  /** Closes the file, which stays unfinished. */
  async abandon(): Promise<void> {
    await Promise.all(this.#underWay);
    await this.#file.close();
  }

  async #store(dataset: ChunkedDataset, ordinal: number, cells: Uint8Array): Promise<void> {
    const bytes = await compress(cells, {
      level: this.#deflateLevel,
      // In one go: in parts, each would wait for this thread, which is busy reading.
      chunkSize: cells.length + 1024,
    });
    const address = await this.#append(bytes);
    const chunks = this.#stored.get(dataset) ?? [];
    this.#stored.set(dataset, chunks);
    chunks[ordinal] = { address, size: bytes.length };
  }

  async #append(bytes: Uint8Array): Promise<number> {
    const address = this.#end;
    this.#end += bytes.length;
    let written = 0;
    while (written < bytes.length) {
      const rest = bytes.length - written;
      const { bytesWritten } = await this.#file.write(bytes, written, rest, address + written);
      written += bytesWritten;
    }
    return address;
  }
}
