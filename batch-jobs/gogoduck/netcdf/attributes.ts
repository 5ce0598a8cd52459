import type { Hdf5File } from './hdf5-file.ts';
import type { StoredAttribute } from './hdf5-format/read-attributes.ts';
import { hdf5Text, hdf5Type, isText, isUtf8, netcdfType } from './hdf5-types.ts';
import { product } from './product.ts';
import { Refusal } from './refusal.ts';
import {
  bytesOf,
  isNumeric,
  type NumericArray,
  type NumericType,
  numbersIn,
  type StoredNumber,
} from './types.ts';

/** An attribute's value in its type in the file. */
export type Attribute =
  /** `NC_CHAR`: text, as the bytes stored in the file. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array; readonly utf8: boolean }
  /** `NC_STRING`: a list of texts. */
  | { readonly kind: 'strings'; readonly values: readonly string[] }
  | { readonly kind: 'numbers'; readonly type: NumericType; readonly values: NumericArray };

export type Attributes = ReadonlyMap<string, Attribute>;

/** Maximum number of bytes of an attribute. */
const mostBytes = 1024 * 1024;

/** Attributes that HDF5 and the NetCDF-4 format use internally. */
const internal = new Set([
  'CLASS',
  'NAME',
  'DIMENSION_LIST',
  'REFERENCE_LIST',
  '_Netcdf4Dimid',
  '_Netcdf4Coordinates',
  '_NCProperties',
  '_nc3_strict',
]);

export function textAttribute(text: string): Attribute {
  return { kind: 'text', bytes: Buffer.from(text), utf8: true };
}

/** The text of an attribute; undefined if it is missing or contains numbers. */
export function textOf(attribute: Attribute | undefined): string | undefined {
  if (attribute?.kind === 'strings') return attribute.values.join('\n');
  if (attribute?.kind !== 'text') return undefined;
  const { bytes } = attribute;
  const end = bytes.indexOf(0);
  return decoded(end === -1 ? bytes : bytes.subarray(0, end));
}

/** The numbers of an attribute; empty if it is missing or contains text. */
export function numbersOfAttribute(attribute: Attribute | undefined): number[] {
  return attribute?.kind === 'numbers' ? Array.from(attribute.values, Number) : [];
}

/** The same numbers as stored: 64-bit integers are `bigint`. */
export function storedNumbersOf(attribute: Attribute | undefined): StoredNumber[] {
  return attribute?.kind === 'numbers' ? [...attribute.values] : [];
}

/** Older files contain Latin-1, even if they declare otherwise. */
function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/**
 * Reads one attribute.
 *
 * @param variable empty for the file's own attributes
 * @returns undefined if the type is not one of NetCDF's external types
 */
export function readAttribute(
  file: Hdf5File,
  variable: string,
  name: string,
): Attribute | undefined {
  const metadata = file.attributeMetadata(variable, name);
  const utf8 = isUtf8(metadata);
  // Empty text has no elements at all.
  if (metadata.shape === null) return { kind: 'text', bytes: new Uint8Array(), utf8 };
  const { size, total_size: count } = metadata;
  if (size * count > mostBytes) {
    throw new Refusal(
      `has attribute ${name} of ${size * count} bytes${variable && ` (of ${variable})`}; allowed: at most ${mostBytes}.`,
    );
  }
  if (isText(metadata)) {
    const bytes = file.attributeBytes(variable, name, size * count);
    return count === 1
      ? { kind: 'text', bytes, utf8 }
      : { kind: 'strings', values: textsIn(bytes, size) };
  }
  const type = netcdfType(metadata);
  if (type === 'string') {
    return { kind: 'strings', values: file.attributeStrings(variable, name, count) };
  }
  if (type === undefined || !isNumeric(type)) return undefined;
  const bytes = file.attributeBytes(variable, name, size * count);
  return { kind: 'numbers', type, values: numbersIn(type, bytes) };
}

/**
 * The value of an attribute that was read without the library.
 *
 * @returns undefined if only the library can read it
 */
export function attributeIn({ form, data }: StoredAttribute): Attribute | undefined {
  const type = form && netcdfType(form);
  if (!form || type === undefined || !(form.littleEndian || form.size === 1)) return undefined;
  const utf8 = isUtf8(form);
  if (form.shape === null) return { kind: 'text', bytes: new Uint8Array(), utf8 };
  const count = product(form.shape);
  // A copy, so that the file's bytes can be released.
  const bytes = Uint8Array.from(data.subarray(0, form.size * count));
  if (bytes.length < form.size * count) throw new Error('an attribute ends before its value');
  if (isNumeric(type)) return { kind: 'numbers', type, values: numbersIn(type, bytes) };
  return count === 1
    ? { kind: 'text', bytes, utf8 }
    : { kind: 'strings', values: textsIn(bytes, form.size) };
}

/** The wanted attributes, in order; by default all except internal ones. */
export function readAttributes(
  file: Hdf5File,
  variable: string,
  isWanted = (name: string) => !internal.has(name),
): Attributes {
  const attributes = new Map<string, Attribute>();
  for (const name of file.attributeNames(variable)) {
    const attribute = isWanted(name) ? readAttribute(file, variable, name) : undefined;
    if (attribute) attributes.set(name, attribute);
  }
  return attributes;
}

export function writeAttribute(
  file: Hdf5File,
  variable: string,
  name: string,
  attribute: Attribute,
): void {
  switch (attribute.kind) {
    case 'text': {
      // A text of no bytes cannot be stored; a single NUL reads as empty text.
      const bytes = attribute.bytes.length > 0 ? attribute.bytes : new Uint8Array(1);
      file.createAttribute(variable, name, hdf5Text(bytes.length, attribute.utf8), [], bytes);
      return;
    }
    case 'strings':
      file.createAttribute(
        variable,
        name,
        hdf5Type('string'),
        [attribute.values.length],
        attribute.values,
      );
      return;
    case 'numbers':
      file.createAttribute(
        variable,
        name,
        hdf5Type(attribute.type),
        [attribute.values.length],
        bytesOf(attribute.values),
      );
  }
}

/** Texts of a fixed length, each up to its first NUL. */
export function textsIn(bytes: Uint8Array, size: number): string[] {
  return Array.from({ length: bytes.length / size }, (_, index) => {
    const part = bytes.subarray(index * size, (index + 1) * size);
    const end = part.indexOf(0);
    return decoded(end === -1 ? part : part.subarray(0, end));
  });
}

export function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}
