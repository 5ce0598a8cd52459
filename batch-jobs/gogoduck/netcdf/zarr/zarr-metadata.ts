import { type Attribute, type Attributes, textOf } from '../attributes.ts';
import type { Variable } from '../netcdf-file.ts';
import { isNumeric, type NetcdfType, type NumericType, type StoredNumber } from '../types.ts';

/** A JSON value; `raw` is text that is already JSON, for example a 64-bit number. */
export type Json =
  | string
  | null
  | { readonly raw: string }
  | readonly Json[]
  | ReadonlyMap<string, Json>;

/** How the chunks of an array are stored. */
export interface ZarrStorage {
  readonly chunk: readonly number[];
  readonly shuffle: boolean;
  /** Level of zlib: 1 (fast) to 9 (small). */
  readonly level: number;
}

const dataTypes: Readonly<Record<NetcdfType, string>> = {
  byte: '|i1',
  ubyte: '|u1',
  char: '|S1',
  short: '<i2',
  ushort: '<u2',
  int: '<i4',
  uint: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float: '<f4',
  double: '<f8',
  string: '|O',
};

/**
 * Content of `.zarray` for a variable.
 *
 * Source: Zarr storage specification version 2, "Arrays",
 * https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html
 */
export function arrayMetadata(
  { type, shape }: Variable,
  attributes: Attributes,
  { chunk, shuffle, level }: ZarrStorage,
): Json {
  const filters: Json[] = [
    ...(type === 'string' ? [object({ id: 'vlen-utf8' })] : []),
    ...(shuffle
      ? [object({ id: 'shuffle', elementsize: whole(Number(dataTypes[type].slice(2))) })]
      : []),
  ];
  return object({
    zarr_format: whole(2),
    shape: shape.map(whole),
    // A chunk has at least one cell, even if its array has no cells.
    chunks: chunk.map((length) => whole(Math.max(length, 1))),
    dtype: dataTypes[type],
    compressor: object({ id: 'zlib', level: whole(level) }),
    fill_value: fillValue(type, attributes),
    order: 'C',
    filters: filters.length > 0 ? filters : null,
  });
}

/** Content of `.zattrs` for an array or, without dimensions, for the group. */
export function attributesMetadata(attributes: Attributes, dimensions?: readonly string[]): Json {
  const own = [...attributes].filter(([name]) => !dimensions || name !== '_FillValue');
  return new Map<string, Json>([
    // Source: xarray, "Zarr Encoding Specification".
    ...(dimensions ? ([['_ARRAY_DIMENSIONS', dimensions]] as const) : []),
    ...own.map(([name, attribute]) => [name, attributeJson(attribute)] as const),
  ]);
}

/** The text of a value, in ASCII, because zarr-python 2 reads metadata only as ASCII. */
export function jsonText(value: Json): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return asciiText(value);
  if (value instanceof Map) {
    const members = [...(value as ReadonlyMap<string, Json>)];
    return `{${members.map(([name, each]) => `${asciiText(name)}:${jsonText(each)}`).join()}}`;
  }
  if ('raw' in value) return value.raw;
  return `[${[...(value as readonly Json[])].map(jsonText).join()}]`;
}

function asciiText(text: string): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  // Without the flag u, a character beyond 16 bits is escaped as its two halves, as JSON requires.
  return JSON.stringify(text).replaceAll(/[^\0-\x7f]/g, escaped);
}

export function object(members: Readonly<Record<string, Json>>): Json {
  return new Map(Object.entries(members));
}

export function whole(value: number): Json {
  return { raw: String(value) };
}

/** The fill value marks missing data in stores of this version. */
function fillValue(type: NetcdfType, attributes: Attributes): Json {
  const fill = attributes.get('_FillValue');
  if (!isNumeric(type)) return null;
  const [value] = fill?.kind === 'numbers' ? [...fill.values] : [];
  if (value === undefined) return null;
  return Number.isFinite(Number(value)) ? number(type, value) : String(value);
}

function attributeJson(attribute: Attribute): Json {
  if (attribute.kind === 'text') return textOf(attribute) ?? '';
  if (attribute.kind === 'strings') return oneOrAll(attribute.values);
  return oneOrAll([...attribute.values].map((value) => number(attribute.type, value)));
}

function oneOrAll(values: readonly Json[]): Json {
  return values.length === 1 ? (values[0] ?? null) : values;
}

/** JSON has no infinity. It distinguishes 1.0 from 1 only if its reader does. */
function number(type: NumericType, value: StoredNumber): Json {
  if (!Number.isFinite(Number(value))) return null;
  const text = String(value);
  const isReal = type === 'float' || type === 'double';
  return { raw: isReal && !/[.e]/.test(text) ? `${text}.0` : text };
}
