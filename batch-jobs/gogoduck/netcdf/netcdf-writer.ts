import { type Attributes, writeAttribute } from './attributes.ts';
import { type Hdf5, Hdf5File } from './hdf5-file.ts';
import { hdf5Type } from './hdf5-types.ts';
import { type Box, bareDimensionName, type Dimension, nonCoordinatePrefix } from './netcdf-file.ts';
import { bytesOf, type NetcdfType } from './types.ts';

export interface VariableDefinition {
  readonly name: string;
  readonly type: NetcdfType;
  readonly dimensions: readonly string[];
  readonly attributes: Attributes;
  /** Shape of the pieces that are compressed one by one; data is best written in whole chunks. */
  readonly chunk: readonly number[];
}

export interface NetcdfDefinition {
  /** With the sizes they will have, the unlimited ones too. */
  readonly dimensions: readonly Dimension[];
  readonly variables: readonly VariableDefinition[];
  readonly attributes: Attributes;
  /** 1 (fast) to 9 (small). */
  readonly deflateLevel: number;
}

/** Numbers and characters as little-endian bytes, row by row; strings as such. */
export type Values = Uint8Array<ArrayBufferLike> | readonly string[];

/** A NetCDF-4 file that is being written. */
export interface NetcdfWriter {
  /** @param values are the writer's from then on */
  write(variable: string, box: Box, values: Values): Promise<void>;
  /** The file is complete when this has ended, and only then. */
  close(): Promise<void>;
}

/**
 * Makes a NetCDF-4 file on disk, with all that is defined, ready for its data.
 *
 * Source: NetCDF-4 file format specification,
 * https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
 */
export function createNetcdf(hdf5: Hdf5, path: string, definition: NetcdfDefinition): NetcdfWriter {
  const file = Hdf5File.create(hdf5, path);
  const datasets = define(file, definition);
  return {
    async write(variable, { start, count }, values) {
      const dataset = datasets.get(variable);
      if (dataset === undefined) throw new Error(`variable ${variable} is not defined`);
      if (values instanceof Uint8Array) file.write(dataset, start, count, values);
      else file.writeStrings(dataset, start, count, values);
    },
    async close() {
      file.close();
    },
  };
}

/** @returns name of each variable's dataset */
function define(file: Hdf5File, definition: NetcdfDefinition): Map<string, string> {
  const { dimensions, variables, attributes, deflateLevel } = definition;
  const datasets = new Map<string, string>();
  const dimension = new Map(dimensions.map((each) => [each.name, each]));
  for (const [name, attribute] of attributes) writeAttribute(file, '', name, attribute);
  for (const variable of variables) {
    const isCoordinate =
      variable.dimensions.length === 1 && variable.dimensions[0] === variable.name;
    const dataset =
      dimension.has(variable.name) && !isCoordinate
        ? `${nonCoordinatePrefix}${variable.name}`
        : variable.name;
    datasets.set(variable.name, dataset);
    const own = variable.dimensions.map((name) => {
      const found = dimension.get(name);
      if (found === undefined) throw new Error(`dimension ${name} is not defined`);
      return found;
    });
    file.createDataset(dataset, {
      elementType: hdf5Type(variable.type),
      shape: own.map(({ size }) => size),
      unlimited: own.map(({ unlimited }) => unlimited),
      chunk: variable.chunk,
      deflateLevel,
    });
  }
  for (const [id, each] of dimensions.entries()) defineDimension(file, each, id, datasets);
  for (const variable of variables) {
    const dataset = datasets.get(variable.name) as string;
    if (!dimension.has(dataset)) {
      for (const [axis, scale] of variable.dimensions.entries()) {
        file.attachScale(dataset, axis, scale);
      }
    }
    for (const [name, attribute] of variable.attributes) {
      writeAttribute(file, dataset, name, attribute);
    }
  }
  return datasets;
}

/** A dimension is a dimension scale: its coordinate variable, or else a dataset that stands for it. */
function defineDimension(
  file: Hdf5File,
  { name, size, unlimited }: Dimension,
  id: number,
  datasets: ReadonlyMap<string, string>,
): void {
  if (datasets.get(name) === name) {
    file.makeScale(name, name);
  } else {
    file.createDataset(name, {
      elementType: hdf5Type('float'),
      shape: [size],
      unlimited: [unlimited],
      chunk: [Math.min(Math.max(size, 1), 1024)],
      deflateLevel: 1,
    });
    // The format wants the size in the name, ten characters wide.
    file.makeScale(name, `${bareDimensionName}${String(size).padStart(10)}`);
  }
  file.createAttribute(name, '_Netcdf4Dimid', hdf5Type('int'), [], bytesOf(Int32Array.of(id)));
}
