import { closeSync, openSync } from 'node:fs';
import { basename } from 'node:path';
import type { Attributes } from '../attributes.ts';
import { FileBytes } from '../hdf5-format/file-bytes.ts';
import type { Box, Dimension, NetcdfFile, Variable } from '../netcdf-file.ts';
import { product } from '../product.ts';
import { inFile } from '../refusal.ts';
import { forEachRow } from '../rows.ts';
import { sizeOf } from '../types.ts';
import {
  type ClassicDimension,
  type ClassicHeader,
  type ClassicVariable,
  readClassicHeader,
} from './read-classic-header.ts';
import { swapBytes } from './swap-bytes.ts';

/** Upper limit for the cells along a dimension; larger counts are not supported. */
const longest = 2 ** 31;

/** A classic NetCDF file, read from disk on demand. Only its header is in memory, never its data. */
export class ClassicNetcdfFile implements NetcdfFile {
  readonly name: string;
  readonly members: ReadonlySet<string>;
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  /** All types of the format are supported. */
  readonly unread = new Map<string, string>();
  readonly #descriptor: number;
  readonly #bytes: FileBytes;
  readonly #header: ClassicHeader;
  readonly #byName: ReadonlyMap<string, ClassicVariable>;
  /** Bytes from one record to the next. */
  readonly #recordSize: number;

  private constructor(name: string, descriptor: number) {
    this.name = name;
    this.#descriptor = descriptor;
    this.#bytes = new FileBytes(descriptor);
    this.#header = readClassicHeader(this.#bytes);
    const { variables, dimensions } = this.#header;
    this.#byName = new Map(variables.map((variable) => [variable.name, variable]));
    this.#recordSize = recordSize(this.#header);
    const records = this.#header.records ?? this.#recordsInFile();
    const sizeIn = ({ length }: ClassicDimension) => (length === 0 ? records : length);
    const tooLong = dimensions.find((dimension) => sizeIn(dimension) >= longest);
    if (tooLong) throw new Error(`dimension ${tooLong.name} is too long`);
    this.dimensions = new Map(
      dimensions.map((dimension) => [
        dimension.name,
        { name: dimension.name, size: sizeIn(dimension), unlimited: dimension.length === 0 },
      ]),
    );
    this.variables = new Map(
      variables.map(({ name: own, type, dimensions: along }) => [
        own,
        {
          name: own,
          type,
          dimensions: along.map((dimension) => dimension.name),
          shape: along.map(sizeIn),
        },
      ]),
    );
    this.members = new Set([...this.variables.keys(), ...this.dimensions.keys()]);
  }

  /** @throws {JobError} if the file is damaged */
  static open(path: string): ClassicNetcdfFile {
    const name = basename(path);
    const descriptor = openSync(path, 'r');
    return inFile(name, () => {
      try {
        return new ClassicNetcdfFile(name, descriptor);
      } catch (error) {
        closeSync(descriptor);
        throw error;
      }
    });
  }

  layout(name: string): Pick<Variable, 'type' | 'shape'> | undefined {
    const variable = this.variables.get(name);
    return variable && { type: variable.type, shape: variable.shape };
  }

  attributes(variable?: Variable): Attributes {
    if (!variable) return this.#header.attributes;
    return this.#byName.get(variable.name)?.attributes ?? new Map();
  }

  encodingAttributes(variable: Variable): Attributes {
    return this.attributes(variable);
  }

  read({ name }: Variable, box: Box, target: Uint8Array): void {
    inFile(this.name, () => {
      const stored = this.#byName.get(name);
      const shape = this.variables.get(name)?.shape;
      if (!stored || !shape) throw new Error(`there is no variable ${name}`);
      const size = sizeOf(stored.type);
      if (isRecord(stored)) this.#readRecords(stored, shape, box, target);
      else this.#readRows(stored.begin, shape, box, size, target);
      swapBytes(target, size);
    });
  }

  async fetch(variable: Variable, box: Box, target: Uint8Array): Promise<void> {
    this.read(variable, box, target);
  }

  readStrings({ name }: Variable): string[] {
    throw new Error(`${name} holds no strings: classic NetCDF has none`);
  }

  readBytes(variable: Variable, box: Box): Uint8Array {
    const target = new Uint8Array(product(box.count) * sizeOf(variable.type));
    this.read(variable, box, target);
    return target;
  }

  /** Its data is not in chunks. */
  chunks(): undefined {
    return undefined;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readRecords(
    { begin, type }: ClassicVariable,
    shape: readonly number[],
    { start, count }: Box,
    target: Uint8Array,
  ): void {
    const size = sizeOf(type);
    const inRecord = { start: start.slice(1), count: count.slice(1) };
    const bytes = product(inRecord.count) * size;
    const [first = 0] = start;
    for (let record = 0; record < (count[0] ?? 0); record++) {
      const address = begin + (first + record) * this.#recordSize;
      const part = target.subarray(record * bytes, (record + 1) * bytes);
      this.#readRows(address, shape.slice(1), inRecord, size, part);
    }
  }

  #readRows(
    address: number,
    shape: readonly number[],
    { start, count }: Box,
    size: number,
    target: Uint8Array,
  ): void {
    const box = { shape: count, start: count.map(() => 0) };
    forEachRow(count, { shape, start }, box, (from, to, cells) => {
      target.set(this.#bytes.read(address + from * size, cells * size), to * size);
    });
  }

  /** As many records as fit, for a file that does not state the number. */
  #recordsInFile(): number {
    const begins = this.#header.variables.filter(isRecord).map(({ begin }) => begin);
    if (this.#recordSize === 0) return 0;
    return Math.floor((this.#bytes.size - Math.min(...begins)) / this.#recordSize);
  }
}

function isRecord({ dimensions: [first] }: ClassicVariable): boolean {
  return first?.length === 0;
}

/** Each variable's part of a record is padded to a multiple of four bytes, unless it is the only one. */
function recordSize({ variables }: ClassicHeader): number {
  const sizes = variables
    .filter(isRecord)
    .map(
      ({ type, dimensions }) =>
        product(dimensions.slice(1).map(({ length }) => length)) * sizeOf(type),
    );
  const [only, ...others] = sizes;
  if (only !== undefined && others.length === 0) return only;
  return sizes.reduce((sum, size) => sum + Math.ceil(size / 4) * 4, 0);
}
