import type { Metadata } from 'h5wasm/node';
import type { Hdf5Type } from './hdf5-file.ts';
import { isNumeric, type NetcdfType, type NumericType, sizeOf } from './types.ts';

/** Classes of HDF5 types (`H5T_class_t`) that NetCDF's external types are made of. */
const classes = { integer: 0, float: 1, string: 3 } as const;

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

/** The NetCDF type that is stored so; undefined for what NetCDF's external types do not have. */
export function netcdfType(metadata: Metadata): NetcdfType | undefined {
  const { type, size, signed, vlen } = metadata;
  if (type === classes.integer) return integers[`${size} ${signed}`];
  if (type === classes.float) return floats[size];
  if (type !== classes.string) return undefined;
  if (vlen) return 'string';
  return size === 1 ? 'char' : undefined;
}

export function isText(metadata: Metadata): boolean {
  return metadata.type === classes.string && !metadata.vlen;
}

export function isUtf8(metadata: Metadata): boolean {
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

/** How text of that many bytes is stored, as an attribute. */
export function hdf5Text(size: number, utf8: boolean): Hdf5Type {
  const cset = utf8 ? characterSets.utf8 : characterSets.ascii;
  return { type: classes.string, size, signed: false, vlen: false, cset };
}
