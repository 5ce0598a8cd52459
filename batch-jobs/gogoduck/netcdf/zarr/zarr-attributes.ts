import { type Attribute, type Attributes, textAttribute } from '../attributes.ts';
import {
  inType,
  isNumeric,
  type NetcdfType,
  type NumericType,
  numbersOf,
  type StoredNumber,
} from '../types.ts';
import { exactNumber } from './zarr-json.ts';

/** Attributes that xarray and Zarr use internally. */
const internal = new Set(['_ARRAY_DIMENSIONS', '_FillValue']);
/** Attributes whose values are real numbers, even if JSON contains 1. */
const real = new Set(['scale_factor', 'add_offset']);
/** Attributes that have the type of the variable's numbers. */
const ofVariable = new Set([
  'missing_value',
  'valid_min',
  'valid_max',
  'valid_range',
  'flag_values',
  'flag_masks',
  'actual_range',
]);

/**
 * The attributes of an array or a group, in NetCDF types. JSON does not contain types: whole numbers become
 * `int`, others `double`.
 *
 * @param type of the array
 * @param fill the array's fill value, which marks missing data according to xarray
 */
export function zarrAttributes(
  json: Readonly<Record<string, unknown>>,
  type?: NetcdfType,
  fill?: unknown,
): Attributes {
  const attributes = new Map<string, Attribute>();
  const own = json['_FillValue'] === undefined ? fill : decodedFill(json['_FillValue'], type);
  if (type && isNumeric(type) && isNumber(own) && inType(type, own) !== undefined) {
    attributes.set('_FillValue', { kind: 'numbers', type, values: numbersOf(type, [own]) });
  }
  for (const [name, value] of Object.entries(json)) {
    if (internal.has(name)) continue;
    const attribute = attributeOf(name, value, type);
    if (attribute) attributes.set(name, attribute);
  }
  return attributes;
}

function attributeOf(name: string, value: unknown, type?: NetcdfType): Attribute | undefined {
  if (typeof value === 'string' && exactNumber(value) === value) return textAttribute(value);
  if (typeof value === 'boolean') return textAttribute(String(value));
  if (value === null || value === undefined) return undefined;
  const list = (Array.isArray(value) ? value : [value]).map(exactNumber);
  if (list.length > 0 && list.every(isNumber)) {
    const numberType = typeOfNumbers(name, list, type);
    return { kind: 'numbers', type: numberType, values: numbersOf(numberType, list) };
  }
  if (list.length > 0 && list.every((item) => typeof item === 'string')) {
    return { kind: 'strings', values: list };
  }
  return textAttribute(JSON.stringify(value));
}

function isNumber(value: unknown): value is StoredNumber {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** The variable's type, if it can represent the numbers: 1e20 marks nothing in a short. */
function typeOfNumbers(
  name: string,
  numbers: readonly StoredNumber[],
  type?: NetcdfType,
): NumericType {
  const areIn = (other: NumericType) => numbers.every((each) => inType(other, each) !== undefined);
  if (real.has(name)) return 'double';
  if (ofVariable.has(name) && type && isNumeric(type) && areIn(type)) return type;
  if (areIn('int')) return 'int';
  if (!numbers.some((each) => typeof each === 'bigint')) return 'double';
  return areIn('int64') ? 'int64' : areIn('uint64') ? 'uint64' : 'double';
}

/** In stores of version 3, xarray writes the fill value of floats as base64 of eight bytes. */
function decodedFill(value: unknown, type?: NetcdfType): unknown {
  const exact = exactNumber(value);
  if (typeof exact !== 'string' || (type !== 'float' && type !== 'double')) return exact;
  const bytes = Buffer.from(exact, 'base64');
  return bytes.length === 8 ? bytes.readDoubleLE() : undefined;
}
