/**
 * The external types of NetCDF-4 that are read and written. User-defined types are not supported.
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

/** Bytes per element; for a string, the pointer that HDF5 holds in memory. */
export function sizeOf(type: NetcdfType): number {
  if (type === 'char') return 1;
  return type === 'string' ? 4 : arrays[type].BYTES_PER_ELEMENT;
}

/** The numbers in little-endian bytes. They share the memory of the bytes if it is aligned. */
export function numbersIn(type: NumericType, bytes: Uint8Array): NumericArray {
  const { BYTES_PER_ELEMENT: size } = arrays[type];
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new arrays[type](
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.byteLength / size,
  );
}

/** A number as in its type's array: 64-bit integers are `bigint`, and lose no digit. */
export type StoredNumber = number | bigint;

/** Converts numbers to a type. Values that do not fit are truncated as in JavaScript's typed arrays. */
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
 * The number as the type represents it; undefined if the type cannot represent it, such as 1e20 or NaN among
 * the integers. Floats round, so both of their types can represent 0.1.
 */
export function inType(type: NumericType, value: StoredNumber): StoredNumber | undefined {
  const held = numbersOf(type, [value])[0] as StoredNumber;
  if (type === 'float' || type === 'double') {
    return Number.isFinite(Number(value)) && !Number.isFinite(held) ? undefined : held;
  }
  if (typeof value === 'number' && !Number.isInteger(value)) return undefined;
  return BigInt(held) === BigInt(value) ? held : undefined;
}

/**
 * The number whose bits, read as `from`, equal those of the value in `type`. Both types have the same size.
 */
export function sameBits(type: NumericType, from: NumericType, value: StoredNumber): StoredNumber {
  return numbersIn(type, bytesOf(numbersOf(from, [value])))[0] as StoredNumber;
}

/** Applies a function to each number. */
export function mapNumbers<T>(numbers: NumericArray, map: (number: number) => T): T[] {
  const results = new Array<T>(numbers.length);
  for (let index = 0; index < numbers.length; index++) results[index] = map(Number(numbers[index]));
  return results;
}

export function bytesOf(numbers: ArrayBufferView): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/**
 * The value for data that was never written, unless a variable defines its own.
 *
 * Bytes have no such value, because all their values are data. Source: `netcdf.h`, `NC_FILL_*`.
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
