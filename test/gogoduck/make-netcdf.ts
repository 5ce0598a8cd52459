import { type Attribute, textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import type { Compression } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/attach-chunks.ts';
import { NetcdfWriter } from '../../batch-jobs/gogoduck/netcdf/netcdf-writer.ts';
import {
  bytesOf,
  isNumeric,
  type NetcdfType,
  type NumericType,
  numbersOf,
  type StoredNumber,
} from '../../batch-jobs/gogoduck/netcdf/types.ts';

/** A text, a number of type double, or a complete attribute. */
export type AttributeSketch = string | number | Attribute;

export interface VariableSketch {
  readonly type: NetcdfType;
  readonly dimensions?: readonly string[];
  /** Numbers row by row; for type `char` one text; for type `string` several texts. */
  readonly values: readonly StoredNumber[] | string | readonly string[];
  readonly attributes?: Readonly<Record<string, AttributeSketch>>;
  readonly compression?: Compression;
}

export interface NetcdfSketch {
  /** Sizes. A negative size is the size of an unlimited dimension. */
  readonly dimensions?: Readonly<Record<string, number>>;
  readonly variables: Readonly<Record<string, VariableSketch>>;
  readonly attributes?: Readonly<Record<string, AttributeSketch>>;
}

/** Writes a NetCDF-4 file from its sketch. */
export async function makeNetcdf(path: string, sketch: NetcdfSketch): Promise<string> {
  const sizes = sketch.dimensions ?? {};
  const variables = Object.entries(sketch.variables);
  const shapeOf = ({ dimensions = [] }: VariableSketch) =>
    dimensions.map((name) => Math.abs(sizes[name] ?? Number.NaN));
  const writer = new NetcdfWriter(await loadHdf5(), path, {
    dimensions: Object.entries(sizes).map(([name, size]) => ({
      name,
      size: Math.abs(size),
      unlimited: size < 0,
    })),
    attributes: attributesOf(sketch.attributes),
    variables: variables.map(([name, variable]) => ({
      name,
      type: variable.type,
      dimensions: variable.dimensions ?? [],
      attributes: attributesOf(variable.attributes),
      chunk: shapeOf(variable),
      ...(variable.compression ? { compression: variable.compression } : {}),
    })),
  });
  for (const [name, variable] of variables) {
    const count = shapeOf(variable);
    const { type, values } = variable;
    const box = { start: count.map(() => 0), count };
    if (isNumeric(type)) {
      await writer.write(name, box, bytesOf(numbersOf(type, values as StoredNumber[])));
    } else if (type === 'char') await writer.write(name, box, Buffer.from(values as string));
    else await writer.write(name, box, values as string[]);
  }
  await writer.close();
  return path;
}

export function numbers(type: NumericType, ...values: StoredNumber[]): Attribute {
  return { kind: 'numbers', type, values: numbersOf(type, values) };
}

function attributesOf(sketch: Readonly<Record<string, AttributeSketch>> = {}) {
  return new Map(
    Object.entries(sketch).map(([name, value]): [string, Attribute] => {
      if (typeof value === 'string') return [name, textAttribute(value)];
      return [name, typeof value === 'number' ? numbers('double', value) : value];
    }),
  );
}
