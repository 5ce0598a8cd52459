import { basename } from 'node:path';
import PQueue from 'p-queue';
import * as zarr from 'zarrita';
import { JobError } from '../../job-error.ts';
import { type Attributes, textOf } from '../attributes.ts';
import type { Box, NetcdfFile, Variable } from '../netcdf-file.ts';
import { positionsIn, ravelled } from '../positions.ts';
import { product } from '../product.ts';
import { inFile, Refusal } from '../refusal.ts';
import { forEachRow } from '../rows.ts';
import { bytesOf, sizeOf } from '../types.ts';
import { zarrAttributes } from './zarr-attributes.ts';
import { readZarrHeader, type ZarrArray, type ZarrHeader } from './zarr-header.ts';
import { FolderStore, MirroredStore } from './zarr-store.ts';

/** Limits on decoded chunks in progress at the same time: their bytes, and their number. */
const mostInFlight = 64 * 1024 * 1024;
const mostAtOnce = 16;
/** Bytes of decoded chunks that are cached for the next box. */
const mostKept = 96 * 1024 * 1024;
/** Maximum number of bytes of coordinates, which are read when a store is opened. */
const mostCoordinates = 128 * 1024 * 1024;

/**
 * A Zarr store, read chunk by chunk. Only chunks with wanted data are fetched, several at the same time. The
 * variables that say when and where cells are, are read when the store is opened.
 */
export class ZarrNetcdfFile implements NetcdfFile {
  readonly name: string;
  readonly members: ReadonlySet<string>;
  readonly dimensions: ZarrHeader['dimensions'];
  readonly variables: ZarrHeader['variables'];
  readonly unread: ZarrHeader['unread'];
  readonly #store: FolderStore;
  readonly #header: ZarrHeader;
  readonly #attributes = new Map<string, Attributes>();
  /** Whole arrays. */
  readonly #numbers = new Map<string, Uint8Array>();
  readonly #texts = new Map<string, string[]>();
  readonly #kept = new Map<string, Uint8Array>();
  #keptSize = 0;

  private constructor(name: string, store: FolderStore, header: ZarrHeader) {
    this.name = name;
    this.#store = store;
    this.#header = header;
    this.dimensions = header.dimensions;
    this.variables = header.variables;
    this.unread = header.unread;
    this.members = new Set([...header.variables.keys(), ...header.dimensions.keys()]);
  }

  /** @throws {JobError} if the folder, or the store that it mirrors, is not a readable store */
  static async open(folder: string): Promise<ZarrNetcdfFile> {
    const name = basename(folder);
    const store = (await MirroredStore.of(folder)) ?? new FolderStore(folder);
    return await reading(name, async () => {
      const file = new ZarrNetcdfFile(name, store, await readZarrHeader(store));
      await file.#readCoordinates();
      return file;
    });
  }

  layout(name: string): Pick<Variable, 'type' | 'shape'> | undefined {
    const variable = this.variables.get(name);
    return variable && { type: variable.type, shape: variable.shape };
  }

  attributes(variable?: Variable): Attributes {
    if (!variable) return zarrAttributes(this.#header.attributes);
    const known = this.#attributes.get(variable.name);
    if (known) return known;
    const { attrs, fillValue } = this.#array(variable.name);
    const fill = this.#header.fillIsMissing ? fillValue : undefined;
    const attributes = zarrAttributes(attrs, variable.type, fill);
    this.#attributes.set(variable.name, attributes);
    return attributes;
  }

  encodingAttributes(variable: Variable): Attributes {
    return this.attributes(variable);
  }

  /** Reads only variables that were read whole; all others must be fetched. */
  read(variable: Variable, { start, count }: Box, target: Uint8Array): void {
    inFile(this.name, () => {
      const { name, type } = variable;
      const whole = this.#numbers.get(name);
      const shape = this.variables.get(name)?.shape ?? [];
      if (!whole) throw new Refusal(`has ${name} where coordinates are looked for.`);
      const size = sizeOf(type);
      const box = { shape: count, start: count.map(() => 0) };
      forEachRow(count, { shape, start }, box, (from, to, cells) => {
        target.set(whole.subarray(from * size, (from + cells) * size), to * size);
      });
    });
  }

  async fetch(variable: Variable, box: Box, target: Uint8Array): Promise<void> {
    if (this.#numbers.has(variable.name)) {
      this.read(variable, box, target);
      return;
    }
    await reading(this.name, () => this.#fetch(variable, box, target));
  }

  readStrings({ name, shape }: Variable, { start, count }: Box): string[] {
    const texts = this.#texts.get(name) ?? [];
    return [...positionsIn(start, count)].map((at) => texts[ravelled(at, shape)] ?? '');
  }

  readBytes(variable: Variable, box: Box): Uint8Array {
    const target = new Uint8Array(product(box.count) * sizeOf(variable.type));
    this.read(variable, box, target);
    return target;
  }

  /** Its chunks are compressed in a different way. */
  chunks(): undefined {
    return undefined;
  }

  close(): void {
    if (this.#store instanceof MirroredStore) void this.#store.close();
  }

  #array(name: string): ZarrArray {
    const array = this.#header.arrays.get(name);
    if (!array) throw new Error(`there is no array ${name}`);
    return array;
  }

  async #fetch({ name, type }: Variable, { start, count }: Box, target: Uint8Array) {
    if (product(count) === 0) return;
    const array = this.#array(name);
    const { chunks } = array;
    const size = sizeOf(type);
    const end = start.map((at, axis) => at + (count[axis] ?? 0));
    const first = start.map((at, axis) => Math.floor(at / (chunks[axis] ?? 1)));
    const spans = end.map((at, axis) => Math.ceil(at / (chunks[axis] ?? 1)) - (first[axis] ?? 0));
    const chunkBytes = product(chunks) * size;
    const atOnce = Math.min(Math.max(Math.floor(mostInFlight / chunkBytes), 1), mostAtOnce);
    const queue = new PQueue({ concurrency: atOnce });
    let failure: unknown;
    for (const position of positionsIn(first, spans)) {
      await queue.onSizeLessThan(atOnce);
      void queue
        .add(async () => {
          const bytes = await this.#chunk(array, position, chunkBytes);
          const origin = position.map((index, axis) => index * (chunks[axis] ?? 1));
          const from = origin.map((at, axis) => Math.max(at, start[axis] ?? 0));
          const length = origin.map(
            (at, axis) => Math.min(at + (chunks[axis] ?? 1), end[axis] ?? 0) - (from[axis] ?? 0),
          );
          const within = { shape: chunks, start: from.map((at, axis) => at - (origin[axis] ?? 0)) };
          const to = { shape: count, start: from.map((at, axis) => at - (start[axis] ?? 0)) };
          forEachRow(length, within, to, (source, at, cells) => {
            target.set(bytes.subarray(source * size, (source + cells) * size), at * size);
          });
        })
        .catch((error: unknown) => {
          failure ??= error;
          queue.clear();
        });
      if (failure) break;
    }
    await queue.onIdle();
    if (failure) throw failure;
  }

  /** The cells of a chunk, row by row. */
  async #chunk(array: ZarrArray, position: readonly number[], size: number): Promise<Uint8Array> {
    const key = `${array.path} ${position.join()}`;
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    if (known) {
      this.#kept.set(key, known);
      return known;
    }
    const { data, shape, stride } = await array.getChunk([...position]);
    const bytes = rowByRow(numbersOf(data), shape, stride, size / Math.max(product(shape), 1));
    if (bytes.length !== size) throw new Error(`a chunk of ${array.path} has another size`);
    this.#kept.set(key, bytes);
    this.#keptSize += size;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptSize <= mostKept || oldest === key) break;
      this.#kept.delete(oldest);
      this.#keptSize -= length;
    }
    return bytes;
  }

  async #readCoordinates(): Promise<void> {
    const wanted = coordinatesOf([...this.variables.values()], (each) => this.attributes(each));
    const total = wanted.reduce((sum, { shape, type }) => sum + product(shape) * sizeOf(type), 0);
    if (total > mostCoordinates) {
      throw new Refusal(`has coordinates of ${total} bytes; allowed: at most ${mostCoordinates}.`);
    }
    for (const variable of wanted) {
      const { name, shape, type } = variable;
      if (type === 'string') {
        this.#texts.set(name, await this.#readTexts(variable));
        continue;
      }
      const bytes = new Uint8Array(product(shape) * sizeOf(type));
      await this.#fetch(variable, { start: shape.map(() => 0), count: shape }, bytes);
      this.#numbers.set(name, bytes);
    }
  }

  async #readTexts({ name, shape }: Variable): Promise<string[]> {
    const array = this.#array(name);
    const texts = new Array<string>(product(shape)).fill('');
    const origin = shape.map(() => 0);
    const spans = shape.map((size, axis) => Math.ceil(size / (array.chunks[axis] ?? 1)));
    for (const position of positionsIn(origin, spans)) {
      const { data, stride } = await array.getChunk(position);
      const ofChunk = Array.from(data as Iterable<unknown>, String);
      const first = position.map((at, axis) => at * (array.chunks[axis] ?? 1));
      const count = first.map((at, axis) =>
        Math.min(array.chunks[axis] ?? 1, (shape[axis] ?? 0) - at),
      );
      for (const within of positionsIn(origin, count)) {
        const from = within.reduce((sum, at, axis) => sum + at * (stride[axis] ?? 0), 0);
        const to = within.map((at, axis) => at + (first[axis] ?? 0));
        texts[ravelled(to, shape)] = ofChunk[from] ?? '';
      }
    }
    return texts;
  }
}

/** Texts, variables of one dimension or none, and variables with places, times or their bounds. */
function coordinatesOf(
  variables: readonly Variable[],
  attributesOf: (variable: Variable) => Attributes,
): Variable[] {
  const named = new Set<string>();
  for (const variable of variables) {
    const attributes = attributesOf(variable);
    for (const name of ['bounds', 'climatology', 'coordinates']) {
      for (const each of (textOf(attributes.get(name)) ?? '').split(/\s+/)) named.add(each);
    }
    const text = ['units', 'standard_name'].map((name) => textOf(attributes.get(name))).join(' ');
    if (/degrees?_?(north|east|n|e)\b|\b(latitude|longitude)$/i.test(text))
      named.add(variable.name);
  }
  return variables.filter(
    ({ name, type, shape }) => shape.length <= 1 || type === 'string' || named.has(name),
  );
}

/** Converts booleans to bytes. */
function numbersOf(data: unknown): Uint8Array {
  if (ArrayBuffer.isView(data)) return bytesOf(data);
  // Characters are bytes behind an array-like interface of texts.
  if (data instanceof zarr.ByteStringArray) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  return Uint8Array.from(data as Iterable<boolean>, Number);
}

function rowByRow(
  bytes: Uint8Array,
  shape: readonly number[],
  stride: readonly number[],
  size: number,
): Uint8Array {
  const isInRows = shape.every(
    (_, axis) => stride[axis] === product(shape.slice(axis + 1)) || shape[axis] === 1,
  );
  if (isInRows) return bytes;
  const turned = new Uint8Array(bytes.length);
  for (const position of positionsIn(
    shape.map(() => 0),
    shape,
  )) {
    const from = position.reduce((sum, at, axis) => sum + at * (stride[axis] ?? 0), 0) * size;
    turned.set(bytes.subarray(from, from + size), ravelled(position, shape) * size);
  }
  return turned;
}

async function reading<T>(name: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof JobError) throw error;
    return inFile(name, () => {
      throw error;
    });
  }
}
