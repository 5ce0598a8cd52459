import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { attachChunks, type Compression } from './hdf5-format/attach-chunks.ts';
import type { ChunkGrid, StoredChunk } from './hdf5-format/chunk-index.ts';
import { FileBytes } from './hdf5-format/file-bytes.ts';
import { setEndOfFile } from './hdf5-format/superblock.ts';
import { product } from './product.ts';
import { shuffle } from './shuffle.ts';

const compress = promisify(deflate);

/**
 * Number of chunks compressed at the same time: as many as Node.js has threads for it, and as memory allows.
 */
const atOnce = 4;

/** A dataset whose chunks are stored here. */
export interface ChunkedDataset {
  /** Address of its object header. */
  readonly header: number;
  readonly grid: ChunkGrid;
  readonly compression: Compression;
}

/**
 * Compresses chunks in Node.js's own threads and appends them to an HDF5 file that nothing else has open. At
 * the end it records their addresses in the datasets.
 *
 * The HDF5 library could do this itself. But in WebAssembly it has one thread and half the speed, cannot
 * combine the shuffle filter with deflate, and does not accept compressed chunks.
 */
export class ChunkStore {
  readonly #file: FileHandle;
  readonly #stored = new Map<ChunkedDataset, StoredChunk[]>();
  readonly #underWay = new Set<Promise<void>>();
  #failure: unknown;
  #end: number;

  private constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
  }

  static async open(path: string): Promise<ChunkStore> {
    const file = await open(path, 'r+');
    const { size } = await file.stat();
    return new ChunkStore(file, size);
  }

  /**
   * Adds one chunk.
   *
   * @param ordinal of the chunk in its dataset, row by row
   * @param cells all its cells; the caller may change them once this has returned, but not before
   */
  async add(dataset: ChunkedDataset, ordinal: number, cells: Uint8Array): Promise<void> {
    const { compression, grid } = dataset;
    const filtered = compression.shuffle ? shuffle(cells, grid.cellSize) : cells.slice();
    const storing = this.#compress(dataset, ordinal, filtered).catch((error) => {
      this.#failure ??= error;
    });
    this.#underWay.add(storing);
    storing.finally(() => this.#underWay.delete(storing));
    while (this.#underWay.size >= atOnce) await Promise.race(this.#underWay);
    if (this.#failure) throw this.#failure;
  }

  /** Adds one chunk that is already compressed in the same way as its dataset. */
  async addStored(dataset: ChunkedDataset, ordinal: number, bytes: Uint8Array): Promise<void> {
    await this.#store(dataset, ordinal, bytes);
  }

  /** Waits for all chunks, records them in the datasets and closes the file. */
  async close(): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure) throw this.#failure;
    const { fd } = this.#file;
    const bytes = new FileBytes(fd);
    for (const [dataset, chunks] of this.#stored) {
      const { header, grid, compression } = dataset;
      const expected = product(grid.counts);
      const found = chunks.reduce((count) => count + 1, 0);
      if (found !== expected) throw new Error(`${found} of ${expected} chunks were written`);
      await this.#append(attachChunks(bytes, fd, header, chunks, grid, compression, this.#end));
    }
    setEndOfFile(bytes, fd, this.#end);
    await this.#file.close();
  }

  /** Lets a function change the file while no chunk is being stored. */
  async lend(change: () => void): Promise<void> {
    await Promise.all(this.#underWay);
    if (this.#failure) throw this.#failure;
    setEndOfFile(new FileBytes(this.#file.fd), this.#file.fd, this.#end);
    change();
    this.#end = (await this.#file.stat()).size;
  }

  /** Closes the file and leaves it unfinished. */
  async abandon(): Promise<void> {
    await Promise.all(this.#underWay);
    await this.#file.close();
  }

  async #compress(dataset: ChunkedDataset, ordinal: number, cells: Uint8Array): Promise<void> {
    const bytes = await compress(cells, {
      level: dataset.compression.deflateLevel,
      // Compress in one step. Otherwise each part would wait for the main thread, which is busy reading.
      chunkSize: cells.length + 1024,
    });
    await this.#store(dataset, ordinal, bytes);
  }

  async #store(dataset: ChunkedDataset, ordinal: number, bytes: Uint8Array): Promise<void> {
    const address = await this.#append(bytes);
    const chunks = this.#stored.get(dataset) ?? [];
    this.#stored.set(dataset, chunks);
    chunks[ordinal] = { address, size: bytes.length, skipped: 0 };
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
