import { type Attributes, numbersOfAttribute, textOf } from './attributes.ts';
import {
  defaultFillValues,
  isNumeric,
  type NetcdfType,
  type NumericArray,
  type NumericType,
  numbersOf,
} from './types.ts';

/** How the numbers a variable holds stand for its values: value = number * scale + offset. */
export interface Packing {
  readonly type: NumericType;
  readonly scale: number;
  readonly offset: number;
  /** Numbers that stand for no data. */
  readonly missing: readonly number[];
  /** Type of the values, that of the scale and the offset. */
  readonly unpackedType: 'float' | 'double';
}

/** The attributes that say how a variable is packed. */
export const packingAttributes: ReadonlySet<string> = new Set([
  'scale_factor',
  'add_offset',
  '_FillValue',
  'missing_value',
  '_Unsigned',
]);

/** Attributes in packed numbers, which mean nothing for the values unpacked. */
export const packedAttributes: ReadonlySet<string> = new Set([
  ...packingAttributes,
  'valid_min',
  'valid_max',
  'valid_range',
]);

/** Source: CF conventions 1.11, sections 2.5.1 "Missing data" and 8.1 "Packed data". */
export function packingOf(type: NetcdfType, attributes: Attributes): Packing | undefined {
  if (!isNumeric(type)) return undefined;
  const stored = unsignedType(type, attributes);
  const number = (name: string) => numbersOfAttribute(attributes.get(name));
  const [scale] = number('scale_factor');
  const [offset] = number('add_offset');
  // A fill value is in the type stored, which may not know that it is meant unsigned.
  const inStored = (name: string) => Array.from(numbersOf(stored, number(name)), Number);
  const fill = inStored('_FillValue');
  const ownMissing = [...fill, ...inStored('missing_value')];
  const byDefault = defaultFillValues[type];
  const missing =
    fill.length > 0 || byDefault === undefined ? ownMissing : [...ownMissing, byDefault];
  return {
    type: stored,
    scale: scale ?? 1,
    offset: offset ?? 0,
    missing: [...new Set(missing)],
    unpackedType: unpackedType(stored, scale !== undefined || offset !== undefined, attributes),
  };
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

/** The value that a stored number stands for; NaN for no data. */
export function unpacker({ scale, offset, missing }: Packing): (stored: number) => number {
  const [first, second, ...others] = missing;
  return (stored) =>
    stored === first || stored === second || others.includes(stored)
      ? Number.NaN
      : stored * scale + offset;
}

/** Unpacks into `target`, putting `fill` where there is no data. */
export function unpackInto(
  target: Float32Array | Float64Array,
  stored: NumericArray,
  packing: Packing,
  fill: number,
): void {
  const unpack = unpacker(packing);
  for (let index = 0; index < stored.length; index++) {
    const value = unpack(Number(stored[index]));
    target[index] = Number.isNaN(value) ? fill : value;
  }
}

const unsignedTypes: Readonly<Partial<Record<NumericType, NumericType>>> = {
  byte: 'ubyte',
  short: 'ushort',
  int: 'uint',
  int64: 'uint64',
};

/**
 * What is stored in signed bytes may be meant as unsigned: classic NetCDF had no such type.
 *
 * Source: NetCDF Users' Guide, "Attribute Conventions", `_Unsigned`.
 */
function unsignedType(type: NumericType, attributes: Attributes): NumericType {
  const isUnsigned = textOf(attributes.get('_Unsigned')) === 'true';
  return (isUnsigned ? unsignedTypes[type] : undefined) ?? type;
}

/**
 * What the values need: the 24 bits of a float hold what was packed into 16, and a float itself;
 * the rest is double.
 */
function unpackedType(
  type: NumericType,
  packed: boolean,
  attributes: Attributes,
): 'float' | 'double' {
  if (type === 'double' || type.endsWith('int') || type.endsWith('int64')) return 'double';
  if (!packed || type !== 'float') return 'float';
  const wide = ['scale_factor', 'add_offset'].some((name) => {
    const attribute = attributes.get(name);
    return attribute?.kind === 'numbers' && attribute.type === 'double';
  });
  return wide ? 'double' : 'float';
}
