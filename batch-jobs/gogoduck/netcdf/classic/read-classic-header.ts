import { type Attribute, type Attributes, isAscii } from '../attributes.ts';
import type { FileBytes } from '../hdf5-format/file-bytes.ts';
import { Refusal } from '../refusal.ts';
import { isNumeric, type NetcdfType, numbersIn, sizeOf } from '../types.ts';
import { swapBytes } from './swap-bytes.ts';

/** A length of 0 marks the record dimension. */
export interface ClassicDimension {
  readonly name: string;
  readonly length: number;
}

/** A variable and where its data is stored. */
export interface ClassicVariable {
  readonly name: string;
  readonly type: NetcdfType;
  /** The slowest first. */
  readonly dimensions: readonly ClassicDimension[];
  readonly attributes: Attributes;
  /** Address of its first cell. */
  readonly begin: number;
}

export interface ClassicHeader {
  /** Number of records, the steps of the record dimension; undefined if the file is being written. */
  readonly records: number | undefined;
  readonly dimensions: readonly ClassicDimension[];
  readonly attributes: Attributes;
  readonly variables: readonly ClassicVariable[];
}

const types: Readonly<Record<number, NetcdfType>> = {
  1: 'byte',
  2: 'char',
  3: 'short',
  4: 'int',
  5: 'float',
  6: 'double',
  7: 'ubyte',
  8: 'ushort',
  9: 'uint',
  10: 'int64',
  11: 'uint64',
};
const tags = { dimension: 0x0a, variable: 0x0b, attribute: 0x0c } as const;

/** Limits on what a file may declare, far above those of any real file. */
const most = {
  dimensions: 1_024,
  attributes: 4_096,
  variables: 2_000,
  attributeBytes: 1024 * 1024,
};
const longestName = 4_096;

/**
 * Reads the header of a classic file: CDF-1, CDF-2 (64-bit offsets) or CDF-5 (64-bit data).
 *
 * Sources: "The NetCDF Classic Format Specification" (NetCDF Users' Guide, File Format Specifications; OGC
 * 10-092r3); for CDF-5 "CDF-5 format specification" of PnetCDF,
 * https://parallel-netcdf.github.io/doc/c-reference/pnetcdf-c/CDF_002d5-file-format-specification.html
 */
export function readClassicHeader(file: FileBytes): ClassicHeader {
  const read = new Reader(file);
  const { version } = read;
  const records = read.count();
  // The largest number of 8 or 4 bytes. A double rounds that of 8 bytes.
  const isStreaming = records === (version === 5 ? 2 ** 64 : 2 ** 32 - 1);
  const dimensions = read.list(
    tags.dimension,
    'dimensions',
    (): ClassicDimension => ({ name: read.name(), length: read.count() }),
  );
  const attributes = readAttributes(read);
  const variables = read.list(tags.variable, 'variables', () => {
    const name = read.name();
    const rank = read.countUpTo(most.dimensions, 'dimensions of a variable');
    const own = Array.from({ length: rank }, () => {
      const dimension = dimensions[read.count()];
      if (!dimension) throw new Error(`${name} has a dimension that is not there`);
      return dimension;
    });
    const ofVariable = readAttributes(read);
    const type = read.type();
    // The stored size overflows for large variables, and follows from the other values.
    read.count();
    return { name, type, dimensions: own, attributes: ofVariable, begin: read.offset() };
  });
  return { records: isStreaming ? undefined : records, dimensions, attributes, variables };
}

function readAttributes(read: Reader): Attributes {
  const list = read.list(tags.attribute, 'attributes', (): [string, Attribute] => {
    const name = read.name();
    const type = read.type();
    const size = sizeOf(type);
    const count = read.count();
    if (count * size > most.attributeBytes) {
      throw new Refusal(
        `has attribute ${name} of ${count * size} bytes; allowed: at most ${most.attributeBytes}.`,
      );
    }
    const bytes = Buffer.from(read.padded(count * size));
    if (!isNumeric(type)) return [name, { kind: 'text', bytes, utf8: !isAscii(bytes) }];
    return [name, { kind: 'numbers', type, values: numbersIn(type, swapBytes(bytes, size)) }];
  });
  return new Map(list);
}

/** Reads the header sequentially from its start. */
class Reader {
  readonly version: number;
  readonly #file: FileBytes;
  #at = 4;

  constructor(file: FileBytes) {
    this.#file = file;
    this.version = file.read(3, 1).readUInt8(0);
    if (![1, 2, 5].includes(this.version)) {
      throw new Refusal(
        `is classic NetCDF of version ${this.version}; allowed: CDF-1, CDF-2, CDF-5 and NetCDF-4.`,
      );
    }
  }

  /** A non-negative number: four bytes, or eight in CDF-5. */
  count(): number {
    return this.version === 5 ? this.#unsigned(8) : this.#unsigned(4);
  }

  countUpTo(maximum: number, what: string): number {
    const count = this.count();
    if (count <= maximum) return count;
    throw new Refusal(`has ${count} ${what}; allowed: at most ${maximum}.`);
  }

  offset(): number {
    return this.version === 1 ? this.#unsigned(4) : this.#unsigned(8);
  }

  type(): NetcdfType {
    const number = this.#unsigned(4);
    const type = types[number];
    if (type === undefined) throw new Error(`there is no type ${number}`);
    return type;
  }

  name(): string {
    const length = this.countUpTo(longestName, 'bytes in a name');
    return Buffer.from(this.padded(length)).toString();
  }

  /** Bytes, followed by padding to a multiple of four. */
  padded(size: number): Buffer {
    const bytes = this.#file.read(this.#at, size);
    this.#at += Math.ceil(size / 4) * 4;
    return bytes;
  }

  list<T>(tag: number, what: keyof typeof most, item: () => T): T[] {
    const found = this.#unsigned(4);
    const count = this.countUpTo(most[what], what);
    // A list that is absent has tag 0.
    if (found !== tag && (found !== 0 || count !== 0)) throw new Error(`there are no ${what}`);
    return Array.from({ length: count }, item);
  }

  #unsigned(size: 4 | 8): number {
    const bytes = this.#file.read(this.#at, size);
    this.#at += size;
    return size === 4 ? bytes.readUInt32BE() : Number(bytes.readBigUInt64BE());
  }
}
