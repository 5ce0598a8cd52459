import { type Attributes, numbersOfAttribute, storedNumbersOf, textOf } from './attributes.ts';
import {
  defaultFillValues,
  inType,
  isNumeric,
  type NetcdfType,
  type NumericArray,
  type NumericType,
  type StoredNumber,
  sameBits,
} from './types.ts';

/** How a variable's stored numbers represent its values: value = number * scale + offset. */
export interface Packing {
  readonly type: NumericType;
  readonly scale: number;
  readonly offset: number;
  /** Stored numbers that mark missing data. */
  readonly missing: readonly StoredNumber[];
  /** Type of the values, that of the scale and the offset. */
  readonly unpackedType: 'float' | 'double';
}

/** The attributes that define how a variable is packed. */
export const packingAttributes: ReadonlySet<string> = new Set([
  'scale_factor',
  'add_offset',
  '_FillValue',
  'missing_value',
  '_Unsigned',
]);

/** Attributes that contain packed numbers, which are meaningless for unpacked values. */
export const packedAttributes: ReadonlySet<string> = new Set([
  ...packingAttributes,
  'valid_min',
  'valid_max',
  'valid_range',
]);

/** Source: CF conventions 1.11, sections 2.5.1 "Missing data" and 8.1 "Packed data". */
export function packingOf(type: NetcdfType, attributes: Attributes): Packing | undefined {
  if (!isNumeric(type)) return undefined;
  const stored = meantType(type, attributes);
  const [scale = 1] = numbersOfAttribute(attributes.get('scale_factor'));
  const [offset = 0] = numbersOfAttribute(attributes.get('add_offset'));
  const isPacked = attributes.has('scale_factor') || attributes.has('add_offset');
  return {
    type: stored,
    scale,
    offset,
    missing: missingNumbers(type, stored, attributes),
    unpackedType: unpackedType(stored, { scale, offset, isPacked }, attributes),
  };
}

/**
 * The stored numbers that mark missing data. An attribute may have a different type than the data. A number
 * that the data's type cannot represent (NaN or 1e20 among integers) marks nothing, because no cell can have
 * it.
 *
 * @param declared type of the variable
 * @param meant intended type of its numbers
 */
function missingNumbers(
  declared: NumericType,
  meant: NumericType,
  attributes: Attributes,
): StoredNumber[] {
  const held = (values: readonly StoredNumber[]) =>
    values.flatMap((value): StoredNumber[] => {
      const own = inType(meant, value);
      if (own !== undefined) return [own];
      // A fill value may be written in the declared type, which ignores the intended one.
      const other = meant === declared ? undefined : inType(declared, value);
      return other === undefined ? [] : [sameBits(meant, declared, other)];
    });
  const fill = storedNumbersOf(attributes.get('_FillValue'));
  const missing = storedNumbersOf(attributes.get('missing_value'));
  const byDefault = defaultFillValues[declared];
  const unwritten = fill.length > 0 || byDefault === undefined ? [] : [byDefault];
  return [...new Set(held([...fill, ...missing, ...unwritten]))];
}

export function isPacked({ scale, offset }: Packing): boolean {
  return scale !== 1 || offset !== 0;
}

export function samePacking(one: Packing, other: Packing): boolean {
  return (
    one.type === other.type &&
    one.scale === other.scale &&
    one.offset === other.offset &&
    one.missing.length === other.missing.length &&
    one.missing.every((value, index) => Object.is(value, other.missing[index]))
  );
}

/** The value of a stored number; NaN for missing data. */
export function unpacker({ scale, offset, missing }: Packing): (stored: StoredNumber) => number {
  const [first, second, ...others] = missing;
  if (others.length === 0) {
    return (stored) =>
      stored === first || stored === second ? Number.NaN : Number(stored) * scale + offset;
  }
  return (stored) =>
    stored === first || stored === second || others.includes(stored)
      ? Number.NaN
      : Number(stored) * scale + offset;
}

/** Unpacks into `target`, and writes `fill` for missing data. */
export function unpackInto(
  target: Float32Array | Float64Array,
  stored: NumericArray,
  packing: Packing,
  fill: number,
): void {
  const unpack = unpacker(packing);
  for (let index = 0; index < stored.length; index++) {
    const value = unpack(stored[index] as StoredNumber);
    target[index] = Number.isNaN(value) ? fill : value;
  }
}

const unsignedTypes: Readonly<Partial<Record<NumericType, NumericType>>> = {
  byte: 'ubyte',
  short: 'ushort',
  int: 'uint',
  int64: 'uint64',
};
const signedTypes: Readonly<Partial<Record<NumericType, NumericType>>> = {
  ubyte: 'byte',
  ushort: 'short',
  uint: 'int',
  uint64: 'int64',
};

/**
 * Signed integers may be meant as unsigned, because classic NetCDF had no unsigned types. Servers whose
 * protocol has only unsigned bytes say the opposite.
 *
 * Source: NetCDF Users' Guide, "Attribute Conventions", `_Unsigned`.
 */
function meantType(type: NumericType, attributes: Attributes): NumericType {
  const isUnsigned = textOf(attributes.get('_Unsigned'))?.trim().toLowerCase();
  if (isUnsigned === 'true') return unsignedTypes[type] ?? type;
  return isUnsigned === 'false' ? (signedTypes[type] ?? type) : type;
}

/** Bits of the integers that a float represents exactly, and of a packed short. */
const floatBits = 24;
const shortBits = 16;

/** The type that the values need: a float if it distinguishes any two packed numbers, otherwise a double. */
function unpackedType(
  type: NumericType,
  { scale, offset, isPacked }: { scale: number; offset: number; isPacked: boolean },
  attributes: Attributes,
): 'float' | 'double' {
  if (type === 'double' || type.endsWith('int') || type.endsWith('int64')) return 'double';
  if (!isPacked) return 'float';
  if (type !== 'float') {
    const largest = Math.abs(offset) + Math.abs(scale) * 2 ** shortBits;
    return Math.abs(scale) > largest * 2 ** (1 - floatBits) ? 'float' : 'double';
  }
  const isWide = ['scale_factor', 'add_offset'].some((name) => {
    const attribute = attributes.get(name);
    return attribute?.kind === 'numbers' && attribute.type === 'double';
  });
  return isWide ? 'double' : 'float';
}
