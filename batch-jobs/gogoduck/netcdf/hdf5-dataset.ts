import { textsIn } from './attributes.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { storedFilters } from './hdf5-filters.ts';
import type { FileBytes } from './hdf5-format/file-bytes.ts';
import type { ObjectHeader } from './hdf5-format/object-header.ts';
import { type Form, filtersOf, formOf, type Hdf5Filter } from './hdf5-format/read-form.ts';
import { type DataLayout, readLayout } from './hdf5-format/read-layout.ts';
import { type ElementType, netcdfType } from './hdf5-types.ts';
import type { Box } from './netcdf-file.ts';
import { product } from './product.ts';
import { Refusal } from './refusal.ts';
import { forEachRow } from './rows.ts';
import { type ChunkCache, readContiguous, StoredChunks } from './stored-data.ts';
import type { NetcdfType } from './types.ts';
import { understood } from './understood.ts';

/** Maximum number of bytes of text in one read. */
const mostText = 64 * 1024 * 1024;

/** Where the cells are, or that only the library can tell. */
type Layout = DataLayout | typeof byLibrary;
const byLibrary = { kind: 'by-library' } as const;

/** What a dataset needs of its open file if this code does not read it itself. */
export type DatasetLibrary = Pick<Hdf5File, 'metadata' | 'filters' | 'read' | 'readStrings'>;
type Header = Pick<ObjectHeader, 'messages' | 'message'>;

/** A dataset of an open HDF5 file. It may be shorter than the dimensions of its variable. */
export class Hdf5Dataset {
  readonly name: string;
  readonly metadata: Form & ElementType;
  /** Undefined if NetCDF's external types have no such type. */
  readonly type: NetcdfType | undefined;
  readonly shape: readonly number[];
  readonly #library: () => DatasetLibrary;
  readonly #bytes: FileBytes;
  readonly header: Header;
  readonly #cache: ChunkCache;
  #filters: Hdf5Filter[] | undefined;
  #layout: Layout | undefined;
  #chunks: StoredChunks | undefined;

  /** @param library opens the file with the library, for everything that this code does not read */
  constructor(
    library: () => DatasetLibrary,
    bytes: FileBytes,
    header: Header,
    cache: ChunkCache,
    name: string,
  ) {
    this.name = name;
    this.#library = library;
    this.#bytes = bytes;
    this.header = header;
    this.#cache = cache;
    this.metadata = understood(() => formOf(header)) ?? library().metadata(name);
    this.type = netcdfType(this.metadata);
    this.shape = this.metadata.shape ?? [];
  }

  get filters(): readonly Hdf5Filter[] {
    this.#filters ??=
      understood(() => filtersOf(this.header)) ?? this.#library().filters(this.name);
    return this.#filters;
  }

  /** Its chunks, if they can be read without the library. */
  get chunks(): StoredChunks | undefined {
    this.#readLayout();
    return this.#chunks;
  }

  /**
   * Reads a box of numbers or characters, row by row, little-endian.
   *
   * @param fill bytes of the cell used for cells past the end of the dataset
   */
  read(box: Box, target: Uint8Array, fill: () => Uint8Array): void {
    const { start, count } = box;
    const there = count.map((length, axis) =>
      Math.max(Math.min(length, (this.shape[axis] ?? 0) - (start[axis] ?? 0)), 0),
    );
    if (there.every((length, axis) => length === count[axis])) {
      this.#read(box, target);
      return;
    }
    const cell = fill();
    for (let at = 0; at < target.length; at += cell.length) target.set(cell, at);
    const bytes = new Uint8Array(product(there) * cell.length);
    if (bytes.length === 0) return;
    this.#read({ start, count: there }, bytes);
    const origin = there.map(() => 0);
    forEachRow(
      there,
      { shape: there, start: origin },
      { shape: count, start: origin },
      (from, to, cells) => {
        const row = bytes.subarray(from * cell.length, (from + cells) * cell.length);
        target.set(row, to * cell.length);
      },
    );
  }

  /**
   * Reads a box of texts, of fixed or variable length.
   *
   * @throws {Refusal} before allocating memory, if the texts are too long
   */
  readStrings(box: Box): string[] {
    const { vlen, size } = this.metadata;
    const count = product(box.count);
    if (vlen) {
      this.#checkLengths(box);
      return this.#library().readStrings(this.name, box.start, box.count);
    }
    checkText(this.name, size * count);
    const bytes = new Uint8Array(size * count);
    this.#library().read(this.name, box.start, box.count, bytes);
    return textsIn(bytes, size);
  }

  /**
   * Texts of variable length are stored as their lengths and addresses.
   *
   * Source: HDF5 File Format Specification 3.0, III.E "Global Heap".
   */
  #checkLengths(box: Box): void {
    const reference = 16;
    const layout = this.#findLayout(reference);
    if (layout.kind === 'by-library') return;
    const bytes = new Uint8Array(product(box.count) * reference);
    if (layout.kind === 'contiguous') {
      readContiguous(this.#bytes, layout.address, this.shape, reference, box, bytes);
    } else {
      const filters = storedFilters(this.filters, reference);
      if (!filters) return;
      const chunks = new StoredChunks(this.name, this.#bytes, layout, filters, this.#cache);
      chunks.read(box, bytes, (other) => new Uint8Array(product(other.count) * reference));
    }
    const lengths = new DataView(bytes.buffer);
    let total = 0;
    for (let at = 0; at < bytes.length; at += reference) total += lengths.getUint32(at, true);
    checkText(this.name, total);
  }

  #read(box: Box, target: Uint8Array): void {
    const layout = this.#readLayout();
    if (this.#chunks) {
      this.#chunks.read(box, target, (other) => {
        const bytes = new Uint8Array(product(other.count) * this.metadata.size);
        this.#library().read(this.name, other.start, other.count, bytes);
        return bytes;
      });
    } else if (layout.kind === 'contiguous') {
      const { shape, metadata } = this;
      readContiguous(this.#bytes, layout.address, shape, metadata.size, box, target);
    } else this.#library().read(this.name, box.start, box.count, target);
  }

  #readLayout(): Layout {
    if (this.#layout) return this.#layout;
    const isPlain =
      this.shape.length > 0 &&
      this.type !== undefined &&
      this.type !== 'string' &&
      (this.metadata.littleEndian || this.metadata.size === 1);
    const layout = isPlain ? this.#findLayout(this.metadata.size) : byLibrary;
    this.#layout = layout;
    const filters = storedFilters(this.filters, this.metadata.size);
    if (layout.kind === 'chunked' && filters) {
      this.#chunks = new StoredChunks(this.name, this.#bytes, layout, filters, this.#cache);
    }
    return layout;
  }

  /** @param size bytes of a cell in the file */
  #findLayout(size: number): Layout {
    if (storedFilters(this.filters, size) === undefined) return byLibrary;
    try {
      const layout = readLayout(this.#bytes, this.header, this.shape);
      const isWhole = layout?.kind !== 'contiguous' || layout.size === product(this.shape) * size;
      const isOfCells = layout?.kind !== 'chunked' || layout.grid.cellSize === size;
      return layout && isWhole && isOfCells ? layout : byLibrary;
    } catch {
      // The library reports what is damaged.
      return byLibrary;
    }
  }
}

function checkText(name: string, bytes: number): void {
  if (bytes <= mostText) return;
  throw new Refusal(
    `has texts of ${bytes} bytes in ${name}; allowed: at most ${mostText} at a time step.`,
  );
}
