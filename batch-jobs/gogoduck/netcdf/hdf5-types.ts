import type { Metadata } from 'h5wasm/node';
import type { Hdf5Type } from './hdf5-file.ts';
import { isNumeric, type NetcdfType, type NumericType, sizeOf } from './types.ts';

/** Classes of HDF5 types (`H5T_class_t`) that NetCDF's external types use. */
const classes = { integer: 0, float: 1, string: 3, enumeration: 8 } as const;

/** Names of the other classes. */
const otherClasses: Readonly<Record<number, string>> = {
  2: 'time',
  4: 'bit field',
  5: 'opaque',
  6: 'compound',
  7: 'reference',
  9: 'variable-length list',
  10: 'array',
};

const characterSets = { ascii: 0, utf8: 1 } as const;

const integers: Readonly<Record<string, NumericType>> = {
  '1 true': 'byte',
  '1 false': 'ubyte',
  '2 true': 'short',
  '2 false': 'ushort',
  '4 true': 'int',
  '4 false': 'uint',
  '8 true': 'int64',
  '8 false': 'uint64',
};
const floats: Readonly<Record<number, NumericType>> = { 4: 'float', 8: 'double' };

/** The library's description of the type of an element. */
export type ElementType = Pick<
  Metadata,
  'type' | 'size' | 'signed' | 'vlen' | 'cset' | 'enum_type'
>;

/** The NetCDF type stored in this way; undefined if NetCDF's external types have no such type. */
export function netcdfType(metadata: ElementType): NetcdfType | undefined {
  const { type, size, signed, vlen } = metadata;
  if (type === classes.enumeration) return enumerated(metadata);
  if (type === classes.integer) return integers[`${size} ${signed}`];
  if (type === classes.float) return floats[size];
  if (type !== classes.string) return undefined;
  return vlen || size > 1 ? 'string' : 'char';
}

function enumerated({ size, enum_type: base }: ElementType): NetcdfType | undefined {
  const signed = Object.values(base?.members ?? {}).some((value) => value < 0) || size > 1;
  return base?.type === classes.integer ? integers[`${size} ${signed}`] : undefined;
}

/** Name of a type that NetCDF's external types do not have. */
export function className({ type, size }: ElementType): string {
  return otherClasses[type] ?? `with ${size} bytes`;
}

export function isText(metadata: ElementType): boolean {
  return metadata.type === classes.string && !metadata.vlen;
}

export function isUtf8(metadata: ElementType): boolean {
  return metadata.cset === characterSets.utf8;
}

/** How a NetCDF type is stored. */
export function hdf5Type(type: NetcdfType): Hdf5Type {
  const size = sizeOf(type);
  if (!isNumeric(type)) {
    const isString = type === 'string';
    return {
      type: classes.string,
      size,
      signed: false,
      vlen: isString,
      cset: isString ? characterSets.utf8 : characterSets.ascii,
    };
  }
  const isFloat = type === 'float' || type === 'double';
  return {
    type: isFloat ? classes.float : classes.integer,
    size,
    signed: !isFloat && !type.startsWith('u'),
    vlen: false,
  };
}

/** How text of this many bytes is stored as an attribute. */
export function hdf5Text(size: number, utf8: boolean): Hdf5Type {
  const cset = utf8 ? characterSets.utf8 : characterSets.ascii;
  return { type: classes.string, size, signed: false, vlen: false, cset };
}
