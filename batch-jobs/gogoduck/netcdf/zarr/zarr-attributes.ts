import { type Attribute, type Attributes, textAttribute } from '../attributes.ts';
import { isNumeric, type NetcdfType, type NumericType, numbersOf } from '../types.ts';

/** What xarray and Zarr keep in attributes for themselves. */
const internal = new Set(['_ARRAY_DIMENSIONS', '_FillValue']);
/** Attributes whose values are real numbers, though JSON may write them as 1. */
const real = new Set(['scale_factor', 'add_offset']);
/** Attributes in the type of the variable's numbers. */
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
 * The attributes of an array or a group, in the types that NetCDF has. JSON does not tell them: whole
 * numbers are `int`, others `double`.
 *
 * @param type of the array
 * @param fill the array's fill value, which stands for no data as xarray has it
 */
export function zarrAttributes(
  json: Readonly<Record<string, unknown>>,
  type?: NetcdfType,
  fill?: unknown,
): Attributes {
  const attributes = new Map<string, Attribute>();
  const own = json['_FillValue'] === undefined ? fill : decodedFill(json['_FillValue'], type);
  if (type && isNumeric(type) && (typeof own === 'number' || typeof own === 'bigint')) {
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
  if (typeof value === 'string') return textAttribute(value);
  if (typeof value === 'boolean') return textAttribute(String(value));
  if (value === null || value === undefined) return undefined;
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every((item) => typeof item === 'number')) {
    const numberType = typeOfNumbers(name, list, type);
    return { kind: 'numbers', type: numberType, values: numbersOf(numberType, list) };
  }
  if (list.length > 0 && list.every((item) => typeof item === 'string')) {
    return { kind: 'strings', values: list };
  }
  return textAttribute(JSON.stringify(value));
}

function typeOfNumbers(name: string, numbers: number[], type?: NetcdfType): NumericType {
  if (real.has(name) || !numbers.every(Number.isInteger)) return 'double';
  if (ofVariable.has(name) && type && isNumeric(type)) return type;
  return numbers.every((number) => Math.abs(number) < 2 ** 31) ? 'int' : 'double';
}

/** In stores of version 3, xarray writes the fill value of floats as base64 of eight bytes. */
function decodedFill(value: unknown, type?: NetcdfType): unknown {
  if (typeof value !== 'string' || (type !== 'float' && type !== 'double')) return value;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 8 ? bytes.readDoubleLE() : undefined;
}
