import { type Attributes, writeAttribute } from './attributes.ts';
import { type Hdf5, Hdf5File } from './hdf5-file.ts';
import { bareDimensionName, nonCoordinatePrefix } from './hdf5-netcdf-file.ts';
import { hdf5Type } from './hdf5-types.ts';
import type { Box, Dimension } from './netcdf-file.ts';
import type { NetcdfSink, Values } from './netcdf-sink.ts';
import { product } from './product.ts';
import { bytesOf, type NetcdfType, sizeOf } from './types.ts';

export interface VariableDefinition {
  readonly name: string;
  readonly type: NetcdfType;
  readonly dimensions: readonly string[];
  readonly attributes: Attributes;
  /** Shape of the pieces that are compressed one by one. */
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

/** A variable that is being written. */
interface OpenVariable {
  readonly type: NetcdfType;
  /** Name of its dataset. */
  readonly dataset: string;
  /** Cells that are not written yet. */
  left: number;
}

/**
 * Writes a NetCDF-4 file.
 *
 * Source: NetCDF-4 file format specification,
 * https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
 */
export class NetcdfWriter implements NetcdfSink {
  readonly #file: Hdf5File;
  readonly #variables: ReadonlyMap<string, OpenVariable>;

  /** Makes the file with all that is defined, ready for its data. */
  constructor(hdf5: Hdf5, path: string, definition: NetcdfDefinition) {
    this.#file = Hdf5File.create(hdf5, path);
    this.#variables = define(this.#file, definition);
  }

  async write(name: string, { start, count }: Box, values: Values): Promise<void> {
    const variable = this.#variables.get(name);
    if (!variable) throw new Error(`variable ${name} is not defined`);
    const { dataset, type } = variable;
    const cells = product(count);
    const isText = !(values instanceof Uint8Array);
    if (values.length !== (isText ? cells : cells * sizeOf(type))) {
      throw new Error(`${values.length} ${isText ? 'strings' : 'bytes'} are not a box of ${name}`);
    }
    try {
      if (isText) this.#file.writeStrings(dataset, start, count, values);
      else this.#file.write(dataset, start, count, values);
    } catch (cause) {
      throw new Error(`${name} cannot be written`, { cause });
    }
    variable.left -= cells;
  }

  async close(): Promise<void> {
    for (const [name, { left }] of this.#variables) {
      if (left !== 0) throw new Error(`${left} cells of ${name} were not written`);
    }
    this.#file.close();
  }

  async abandon(): Promise<void> {
    this.#file.close();
  }
}

function define(file: Hdf5File, definition: NetcdfDefinition): Map<string, OpenVariable> {
  const { dimensions, attributes, deflateLevel } = definition;
  const sizes = new Map(dimensions.map((dimension) => [dimension.name, dimension]));
  for (const [name, attribute] of attributes) writeAttribute(file, '', name, attribute);
  const variables = definition.variables.map((variable) => {
    const own = variable.dimensions.map((name) => {
      const found = sizes.get(name);
      if (!found) throw new Error(`dimension ${name} is not defined`);
      return found;
    });
    const dataset = datasetOf(variable, sizes);
    const shape = own.map(({ size }) => size);
    file.createDataset(dataset, {
      elementType: hdf5Type(variable.type),
      shape,
      unlimited: own.map(({ unlimited }) => unlimited),
      chunk: variable.chunk,
      deflateLevel,
    });
    return { definition: variable, dataset, cells: product(shape) };
  });
  const datasets = new Set(variables.map(({ dataset }) => dataset));
  for (const [id, each] of dimensions.entries()) defineDimension(file, each, id, datasets);
  for (const { definition: variable, dataset } of variables) {
    if (!sizes.has(dataset)) {
      for (const [axis, name] of variable.dimensions.entries()) {
        file.attachScale(dataset, axis, name);
      }
    }
    for (const [name, attribute] of variable.attributes) {
      writeAttribute(file, dataset, name, attribute);
    }
  }
  return new Map(
    variables.map(({ definition: { name, type }, dataset, cells }) => [
      name,
      { type, dataset, left: cells },
    ]),
  );
}

/** A variable that has a dimension's name and is not its coordinate is kept under another. */
function datasetOf(
  { name, dimensions }: VariableDefinition,
  sizes: ReadonlyMap<string, Dimension>,
): string {
  const isCoordinate = dimensions.length === 1 && dimensions[0] === name;
  return sizes.has(name) && !isCoordinate ? `${nonCoordinatePrefix}${name}` : name;
}

/** A dimension is a dimension scale: its coordinate variable, or else a dataset that stands for it. */
function defineDimension(
  file: Hdf5File,
  { name, size, unlimited }: Dimension,
  id: number,
  datasets: ReadonlySet<string>,
): void {
  if (datasets.has(name)) {
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
