/**
 * The external types of NetCDF-4 that are read and written; user-defined types are not.
 *
 * Source: NetCDF Users' Guide, "Data Types".
 */
export type NumericType =
  | 'byte'
  | 'ubyte'
  | 'short'
  | 'ushort'
  | 'int'
  | 'uint'
  | 'int64'
  | 'uint64'
  | 'float'
  | 'double';
export type NetcdfType = NumericType | 'char' | 'string';

const arrays = {
  byte: Int8Array,
  ubyte: Uint8Array,
  short: Int16Array,
  ushort: Uint16Array,
  int: Int32Array,
  uint: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float: Float32Array,
  double: Float64Array,
} as const;

export type NumericArray = InstanceType<(typeof arrays)[NumericType]>;

export function isNumeric(type: NetcdfType): type is NumericType {
  return type !== 'char' && type !== 'string';
}

export function isInteger(type: NetcdfType): type is NumericType {
  return isNumeric(type) && type !== 'float' && type !== 'double';
}

/** Bytes of one element; of a string, the pointer HDF5 keeps in memory. */
export function sizeOf(type: NetcdfType): number {
  if (type === 'char') return 1;
  return type === 'string' ? 4 : arrays[type].BYTES_PER_ELEMENT;
}

/** The numbers that little-endian bytes stand for; shares their memory where it is aligned. */
export function numbersIn(type: NumericType, bytes: Uint8Array): NumericArray {
  const { BYTES_PER_ELEMENT: size } = arrays[type];
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new arrays[type](
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.byteLength / size,
  );
}

/** A number as its type's array holds it: integers of 64 bits are `bigint`, and lose no digit. */
export type StoredNumber = number | bigint;

/** Numbers in a type; what does not fit it is cut as JavaScript's typed arrays cut. */
export function numbersOf(type: NumericType, values: Iterable<StoredNumber>): NumericArray {
  if (type === 'int64') return BigInt64Array.from(values, toBigInt);
  if (type === 'uint64') return BigUint64Array.from(values, toBigInt);
  return arrays[type].from(Array.from(values, Number));
}

function toBigInt(value: StoredNumber): bigint {
  if (typeof value === 'bigint') return value;
  return Number.isFinite(value) ? BigInt(Math.round(value)) : 0n;
}

/**
 * The number as the type holds it; undefined for one that the type cannot hold, such as 1e20 or NaN
 * among the integers. Floats round: 0.1 is held by both of their types.
 */
export function inType(type: NumericType, value: StoredNumber): StoredNumber | undefined {
  const held = numbersOf(type, [value])[0] as StoredNumber;
  if (type === 'float' || type === 'double') {
    return Number.isFinite(Number(value)) && !Number.isFinite(held) ? undefined : held;
  }
  if (typeof value === 'number' && !Number.isInteger(value)) return undefined;
  return BigInt(held) === BigInt(value) ? held : undefined;
}

/** The number whose bits, read as `from`, are those of the value in `type`. Both have one size. */
export function sameBits(type: NumericType, from: NumericType, value: StoredNumber): StoredNumber {
  return numbersIn(type, bytesOf(numbersOf(from, [value])))[0] as StoredNumber;
}

/** What a function makes of each number. */
export function mapNumbers<T>(numbers: NumericArray, map: (number: number) => T): T[] {
  const results = new Array<T>(numbers.length);
  for (let index = 0; index < numbers.length; index++) results[index] = map(Number(numbers[index]));
  return results;
}

export function bytesOf(numbers: ArrayBufferView): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/**
 * The value that stands for data never written, unless a variable names its own.
 *
 * Bytes have none: every value of theirs is data. Source: `netcdf.h`, `NC_FILL_*`.
 */
export const defaultFillValues: Readonly<Partial<Record<NumericType, StoredNumber>>> = {
  short: -32767,
  ushort: 65535,
  int: -2147483647,
  uint: 4294967295,
  int64: -9223372036854775806n,
  uint64: 18446744073709551614n,
  float: 9.969209968386869e36,
  double: 9.969209968386869e36,
};
