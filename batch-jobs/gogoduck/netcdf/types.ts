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

/** Numbers in a type; what does not fit it is cut as JavaScript's typed arrays cut. */
export function numbersOf(type: NumericType, values: Iterable<number>): NumericArray {
  if (type === 'int64') return BigInt64Array.from(values, (value) => BigInt(Math.round(value)));
  if (type === 'uint64') return BigUint64Array.from(values, (value) => BigInt(Math.round(value)));
  return arrays[type].from(values);
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
export const defaultFillValues: Readonly<Partial<Record<NumericType, number>>> = {
  short: -32767,
  ushort: 65535,
  int: -2147483647,
  uint: 4294967295,
  float: 9.969209968386869e36,
  double: 9.969209968386869e36,
};
