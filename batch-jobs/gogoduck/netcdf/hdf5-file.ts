import { setFlagsFromString } from 'node:v8';
import type { Metadata, ready } from 'h5wasm/node';
import type { Hdf5Filter } from './hdf5-format/read-form.ts';
import { filterFolder } from './package-file.ts';
import { product } from './product.ts';

/** The HDF5 library, compiled to WebAssembly. It reads and writes files in place. */
export type Hdf5 = Awaited<typeof ready>;

/** Memory limit of the library. It needs no more than the largest attribute, text or piece that is read. */
const mostMemory = 1024 ** 3;

/**
 * Approximate number of bytes of a WebAssembly function to run before V8 recompiles it for speed. V8's
 * default of 1.8 million is reached soon: a short job would spend most of its time on that compilation, a
 * third of a second of processor time for HDF5 and two seconds for the picture renderer.
 */
const tieringBudget = 1_000_000_000;

/** Loads the library, which takes a tenth of a second; later calls return the same instance. */
export async function loadHdf5(): Promise<Hdf5> {
  // Limits the memory that a malicious file can make the library allocate, to protect the machine.
  setFlagsFromString(`--wasm-max-mem-pages=${mostMemory / 65_536}`);
  setFlagsFromString(`--wasm-tiering-budget=${tieringBudget}`);
  const { ready } = await import('h5wasm/node');
  const hdf5 = await ready;
  // By default errors are only printed. One of them appears nowhere else: a full disk when a chunk is
  // written, which happens when its dataset is closed.
  hdf5.activate_throwing_error_handler();
  // The library decodes chunks with filters that this code does not decode itself.
  while (hdf5.get_plugin_search_paths().length > 0) hdf5.remove_plugin_search_path(0);
  hdf5.insert_plugin_search_path(filterFolder, 0);
  return hdf5;
}

/** `H5S_UNLIMITED` and `H5Z_FILTER_DEFLATE` of the HDF5 API. */
const unlimitedLength = 2n ** 64n - 1n;
const deflateFilter = 1;

/** The type of one element, as the library describes it. */
export type Hdf5Type = Pick<Metadata, 'type' | 'size' | 'signed' | 'vlen'> & { cset?: number };

export type Hdf5Link =
  | { readonly kind: 'hard' }
  /** `target` is a path in the file, or the name of another file. */
  | { readonly kind: 'soft' | 'external'; readonly target: string };

export interface DatasetDefinition {
  readonly elementType: Hdf5Type;
  readonly shape: readonly number[];
  /** For each axis, whether its size is unlimited. */
  readonly unlimited: readonly boolean[];
  /** Shape of the pieces that are compressed and stored separately. */
  readonly chunk: readonly number[];
  /** Values of its deflate filter: the level, 1 (fast) to 9 (small). */
  readonly deflate: readonly number[];
}

/**
 * An open HDF5 file and the objects of its root group: the calls that NetCDF is built on.
 *
 * Data passes through the library's memory in pieces, so that this memory (which belongs to WebAssembly and
 * does not shrink) holds one piece, never a whole file.
 */
export class Hdf5File {
  readonly #hdf5: Hdf5;
  readonly #id: bigint;

  private constructor(hdf5: Hdf5, id: bigint) {
    this.#hdf5 = hdf5;
    this.#id = id;
  }

  /** @throws if the file is not HDF5, or is damaged */
  static open(hdf5: Hdf5, path: string): Hdf5File {
    return new Hdf5File(hdf5, hdf5.open(path, hdf5.H5F_ACC_RDONLY, false, -1, -1));
  }

  /** Opens a file to change its content. */
  static change(hdf5: Hdf5, path: string): Hdf5File {
    return new Hdf5File(hdf5, hdf5.open(path, hdf5.H5F_ACC_RDWR, false, -1, -1));
  }

  /** Creates a file that records the order in which its objects and attributes are created. */
  static create(hdf5: Hdf5, path: string): Hdf5File {
    return new Hdf5File(hdf5, hdf5.open(path, hdf5.H5F_ACC_TRUNC, true, -1, -1));
  }

  close(): void {
    this.#hdf5.close_file(this.#id);
  }

  /**
   * Names of a group's members, in order of creation if the file records it.
   *
   * @param group its path; default: the root group
   */
  names(group = ''): string[] {
    return this.#hdf5.get_names(this.#id, `/${group}`, false);
  }

  /** Returns undefined if the library cannot tell, for example in a damaged file. */
  kind(name: string): 'dataset' | 'group' | 'type' | undefined {
    const { H5G_DATASET, H5G_GROUP, H5G_TYPE } = this.#hdf5;
    const kind = this.#hdf5.get_type(this.#id, `/${name}`);
    if (kind === H5G_DATASET) return 'dataset';
    if (kind === H5G_TYPE) return 'type';
    return kind === H5G_GROUP && this.#isGroup(name) ? 'group' : undefined;
  }

  /** The library reports anything it cannot read as a group. */
  #isGroup(name: string): boolean {
    try {
      this.#hdf5.get_names(this.#id, `/${name}`, false);
      return true;
    } catch {
      return false;
    }
  }

  /** How a member of the root group is linked. Does not follow the link. */
  link(name: string): Hdf5Link {
    const external = this.#hdf5.get_external_link(this.#id, `/${name}`);
    if (external?.filename !== undefined) return { kind: 'external', target: external.filename };
    const soft: string | null = this.#hdf5.get_symbolic_link(this.#id, `/${name}`);
    return soft === null ? { kind: 'hard' } : { kind: 'soft', target: soft };
  }

  metadata(name: string): Metadata {
    return this.#hdf5.get_dataset_metadata(this.#id, `/${name}`);
  }

  /** Returns undefined for a dataset that is not a dimension scale. */
  scaleName(name: string): string | undefined {
    return this.#hdf5.get_scale_name(this.#id, `/${name}`) ?? undefined;
  }

  /** Name of the scale of each axis; undefined for an axis without scale. */
  scales(name: string, rank: number): (string | undefined)[] {
    return Array.from({ length: rank }, (_, axis) =>
      this.#hdf5.get_attached_scales(this.#id, `/${name}`, axis)[0]?.replace(/^\//, ''),
    );
  }

  /** @param name empty for the file itself */
  attributeNames(name: string): string[] {
    return this.#hdf5.get_attribute_names(this.#id, `/${name}`);
  }

  /** @param name empty for the file itself */
  deleteAttribute(name: string, attribute: string): void {
    this.#hdf5.delete_attribute(this.#id, `/${name}`, attribute);
  }

  attributeMetadata(name: string, attribute: string): Metadata {
    return this.#hdf5.get_attribute_metadata(this.#id, `/${name}`, attribute);
  }

  attributeBytes(name: string, attribute: string, size: number): Uint8Array {
    return this.#inMemory(size, (pointer) => {
      this.#hdf5.get_attribute_data(this.#id, `/${name}`, attribute, BigInt(pointer));
      return this.#hdf5.HEAPU8.slice(pointer, pointer + size);
    });
  }

  /** Values of an attribute whose type is a string of variable length. */
  attributeStrings(name: string, attribute: string, count: number): string[] {
    return this.#inMemory(count * 4, (pointer) => {
      const path = `/${name}`;
      this.#hdf5.get_attribute_data(this.#id, path, attribute, BigInt(pointer));
      const strings = this.#stringsAt(pointer, count);
      this.#hdf5.reclaim_vlen_memory(this.#id, path, attribute, BigInt(pointer));
      return strings;
    });
  }

  /** @param value little-endian bytes, or texts if the type has variable length */
  createAttribute(
    name: string,
    attribute: string,
    type: Hdf5Type,
    shape: readonly number[],
    value: Uint8Array | readonly string[],
  ): void {
    const lengths = shape.map(BigInt);
    const metadata = {
      ...type,
      shape: lengths,
      maxshape: lengths,
      littleEndian: true,
      total_size: product(shape),
    };
    const path = `/${name}`;
    if (!(value instanceof Uint8Array)) {
      this.#hdf5.create_vlen_str_attribute(this.#id, path, attribute, value, metadata);
      return;
    }
    this.#inMemory(value.length, (pointer) => {
      this.#hdf5.HEAPU8.set(value, pointer);
      this.#hdf5.create_attribute(this.#id, path, attribute, BigInt(pointer), metadata);
    });
  }

  /** Reads a box of a dataset, row by row, little-endian, into `target`. */
  read(
    name: string,
    start: readonly number[],
    count: readonly number[],
    target: Uint8Array<ArrayBufferLike>,
  ): void {
    this.#inMemory(target.length, (pointer) => {
      this.#transfer('read', name, start, count, pointer);
      target.set(this.#hdf5.HEAPU8.subarray(pointer, pointer + target.length));
    });
  }

  /** Reads a box of a dataset of strings of variable length. */
  readStrings(name: string, start: readonly number[], count: readonly number[]): string[] {
    const total = product(count);
    return this.#inMemory(total * 4, (pointer) => {
      this.#transfer('read', name, start, count, pointer);
      const strings = this.#stringsAt(pointer, total);
      const lengths = count.map(BigInt);
      this.#hdf5.reclaim_vlen_memory_count(this.#id, `/${name}`, '', BigInt(pointer), lengths);
      return strings;
    });
  }

  write(
    name: string,
    start: readonly number[],
    count: readonly number[],
    source: Uint8Array<ArrayBufferLike>,
  ): void {
    this.#inMemory(source.length, (pointer) => {
      this.#hdf5.HEAPU8.set(source, pointer);
      this.#transfer('write', name, start, count, pointer);
    });
  }

  writeStrings(
    name: string,
    start: readonly number[],
    count: readonly number[],
    strings: readonly string[],
  ): void {
    // The library expects an array of pointers. The texts follow it, each with a terminating NUL.
    const texts = strings.map((text) => Buffer.from(`${text}\0`));
    const headSize = strings.length * 4;
    const size = texts.reduce((sum, text) => sum + text.length, headSize);
    this.#inMemory(size, (pointer) => {
      const heap = this.#hdf5.HEAPU8;
      const head = new DataView(heap.buffer, pointer, headSize);
      let next = pointer + headSize;
      for (const [index, text] of texts.entries()) {
        heap.set(text, next);
        head.setUint32(index * 4, next, true);
        next += text.length;
      }
      this.#transfer('write', name, start, count, pointer);
    });
  }

  /** Creates a dataset whose space is allocated as it is written. */
  createDataset(name: string, definition: DatasetDefinition): void {
    const { elementType, shape, unlimited, chunk, deflate } = definition;
    const isScalar = shape.length === 0;
    const metadata = {
      ...elementType,
      littleEndian: true,
      total_size: isScalar ? 1 : 0,
      // The library writes the whole dataset on creation, so create it empty and then set its size.
      shape: shape.map(() => 0n),
      maxshape: shape.map((length, axis) => (unlimited[axis] ? unlimitedLength : BigInt(length))),
      track_order: true,
      ...(isScalar ? {} : { chunks: chunk.map(BigInt) }),
      // HDF5 does not compress strings of variable length, because it would only compress pointers.
      ...(isScalar || elementType.vlen
        ? {}
        : { compression: deflateFilter, compression_opts: [...deflate] }),
    };
    const path = `/${name}`;
    if (elementType.vlen) {
      const nothing = isScalar ? [''] : [];
      this.#hdf5.create_vlen_str_dataset(this.#id, path, nothing, metadata);
    } else {
      this.#inMemory(elementType.size, (pointer) => {
        this.#hdf5.HEAPU8.fill(0, pointer, pointer + elementType.size);
        this.#hdf5.create_dataset(this.#id, path, BigInt(pointer), metadata);
      });
    }
    if (!isScalar) {
      this.#hdf5.resize_dataset(this.#id, path, shape.map(BigInt));
    }
  }

  /** Address of the object header of a dataset in the file. */
  headerAddress(name: string): number {
    // A reference to an object is its address (HDF5 File Format Specification 3.0, IV.A.2.d).
    const reference = this.#hdf5.create_object_reference(this.#id, `/${name}`);
    return Number(Buffer.from(reference).readBigUInt64LE());
  }

  /** Filters that are applied to a dataset's chunks on writing, in that order. */
  filters(name: string): Hdf5Filter[] {
    return this.#hdf5
      .get_dataset_filters(this.#id, `/${name}`)
      .map(({ id, name: title, cd_values }) => ({ id, name: title, values: cd_values }));
  }

  makeScale(name: string, scaleName: string): void {
    this.#hdf5.set_scale(this.#id, `/${name}`, scaleName);
  }

  attachScale(name: string, axis: number, scale: string): void {
    this.#hdf5.attach_scale(this.#id, `/${name}`, `/${scale}`, axis);
  }

  #transfer(
    direction: 'read' | 'write',
    name: string,
    start: readonly number[],
    count: readonly number[],
    pointer: number,
  ): void {
    const transfer =
      direction === 'read' ? this.#hdf5.get_dataset_data : this.#hdf5.set_dataset_data;
    const isScalar = count.length === 0;
    transfer(
      this.#id,
      `/${name}`,
      isScalar ? null : count.map(BigInt),
      isScalar ? null : start.map(BigInt),
      isScalar ? null : count.map(() => 1n),
      BigInt(pointer),
    );
  }

  #stringsAt(pointer: number, count: number): string[] {
    const { HEAPU8: heap } = this.#hdf5;
    const head = new DataView(heap.buffer, pointer, count * 4);
    return Array.from({ length: count }, (_, index) => {
      const address = head.getUint32(index * 4, true);
      return address === 0 ? '' : this.#hdf5.UTF8ToString(address);
    });
  }

  #inMemory<T>(size: number, work: (pointer: number) => T): T {
    // Allocate at least one byte, because zero bytes have no address.
    const pointer = this.#hdf5._malloc(Math.max(size, 1));
    if (pointer === 0) throw new Error(`cannot allocate ${size} bytes`);
    try {
      return work(pointer);
    } finally {
      this.#hdf5._free(pointer);
    }
  }
}
