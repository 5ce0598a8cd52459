import { type Attributes, writeAttribute } from './attributes.ts';
import type { ChunkedDataset } from './chunk-store.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { type Compression, deflatePlaceholder } from './hdf5-format/attach-chunks.ts';
import { nonCoordinatePrefix } from './hdf5-groups.ts';
import { bareDimensionName } from './hdf5-netcdf-header.ts';
import { hdf5Type } from './hdf5-types.ts';
import type { Dimension } from './netcdf-file.ts';
import { product } from './product.ts';
import { bytesOf, type NetcdfType, sizeOf } from './types.ts';

export interface VariableDefinition {
  readonly name: string;
  readonly type: NetcdfType;
  readonly dimensions: readonly string[];
  readonly attributes: Attributes;
  /** Shape of the pieces that are compressed separately. */
  readonly chunk: readonly number[];
  /** Default: {@link usualCompression}. */
  readonly compression?: Compression;
}

export interface NetcdfDefinition {
  /** With their final sizes, including unlimited dimensions. */
  readonly dimensions: readonly Dimension[];
  readonly variables: readonly VariableDefinition[];
  readonly attributes: Attributes;
}

/** Higher levels take much longer and save little. */
export const usualCompression: Compression = { shuffle: true, deflateLevel: 1 };

/** A variable that is defined and has no data yet. */
export interface DefinedVariable {
  readonly definition: VariableDefinition;
  /** Name of its dataset. */
  readonly dataset: string;
  readonly shape: readonly number[];
  /** Where its chunks are stored; undefined for scalars, strings and empty variables. */
  readonly chunked: ChunkedDataset | undefined;
}

/**
 * Creates everything in a file except the data of its variables.
 *
 * Source: NetCDF-4 file format specification,
 * https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
 */
export function defineNetcdf(file: Hdf5File, definition: NetcdfDefinition): DefinedVariable[] {
  const { dimensions, attributes } = definition;
  const sizes = new Map(dimensions.map((dimension) => [dimension.name, dimension]));
  for (const [name, attribute] of attributes) writeAttribute(file, '', name, attribute);
  const variables = definition.variables.map((variable) => defineVariable(file, variable, sizes));
  const datasets = new Set(variables.map(({ dataset }) => dataset));
  for (const [id, each] of dimensions.entries()) defineDimension(file, each, id, datasets);
  for (const { definition: variable, dataset } of variables) {
    // Stryker disable next-line ConditionalExpression: the library attaches no scale to a scale
    if (!sizes.has(dataset)) {
      for (const [axis, name] of variable.dimensions.entries()) {
        file.attachScale(dataset, axis, name);
      }
    }
    for (const [name, attribute] of variable.attributes) {
      writeAttribute(file, dataset, name, attribute);
    }
  }
  return variables;
}

function defineVariable(
  file: Hdf5File,
  variable: VariableDefinition,
  sizes: ReadonlyMap<string, Dimension>,
): DefinedVariable {
  const { type, chunk, compression = usualCompression } = variable;
  const own = variable.dimensions.map((name) => {
    const found = sizes.get(name);
    if (!found) throw new Error(`dimension ${name} is not defined`);
    return found;
  });
  const dataset = datasetOf(variable, sizes);
  const shape = own.map(({ size }) => size);
  const isChunked = type !== 'string' && shape.length > 0 && product(shape) > 0;
  file.createDataset(dataset, {
    elementType: hdf5Type(type),
    shape,
    unlimited: own.map(({ unlimited }) => unlimited),
    chunk,
    deflate: isChunked ? deflatePlaceholder : [compression.deflateLevel],
  });
  if (!isChunked) return { definition: variable, dataset, shape, chunked: undefined };
  const counts = shape.map((size, axis) => Math.ceil(size / (chunk[axis] ?? 1)));
  const cellSize = sizeOf(type);
  const shuffle = compression.shuffle && cellSize > 1;
  const chunked = {
    header: file.headerAddress(dataset),
    grid: { counts, chunk, cellSize },
    compression: { ...compression, shuffle },
  };
  return { definition: variable, dataset, shape, chunked };
}

/** A variable that has a dimension's name but is not its coordinate is stored under another name. */
function datasetOf(
  { name, dimensions }: VariableDefinition,
  sizes: ReadonlyMap<string, Dimension>,
): string {
  const isCoordinate = dimensions.length === 1 && dimensions[0] === name;
  return sizes.has(name) && !isCoordinate ? `${nonCoordinatePrefix}${name}` : name;
}

/** A dimension is stored as a dimension scale: its coordinate variable, or else a placeholder dataset. */
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
      deflate: [usualCompression.deflateLevel],
    });
    // The format requires the size in the name, ten characters wide.
    file.makeScale(name, `${bareDimensionName}${String(size).padStart(10)}`);
  }
  file.createAttribute(name, '_Netcdf4Dimid', hdf5Type('int'), [], bytesOf(Int32Array.of(id)));
}
