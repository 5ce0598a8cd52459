import { type Attributes, writeAttribute } from './attributes.ts';
import { type ChunkedDataset, ChunkStore } from './chunk-store.ts';
import { cutChunks } from './cut-chunks.ts';
import { type Hdf5, Hdf5File } from './hdf5-file.ts';
import { deflatePlaceholder } from './hdf5-format/attach-chunks.ts';
import { hdf5Type } from './hdf5-types.ts';
import { type Box, bareDimensionName, type Dimension, nonCoordinatePrefix } from './netcdf-file.ts';
import { product } from './positions.ts';
import { bytesOf, type NetcdfType, sizeOf } from './types.ts';

export interface VariableDefinition {
  readonly name: string;
  readonly type: NetcdfType;
  readonly dimensions: readonly string[];
  readonly attributes: Attributes;
  /** Shape of the pieces that are compressed one by one. */
  readonly chunk: readonly number[];
  /**
   * Whether it is written in whole chunks and to the last one, as large data should be: it is then
   * compressed beside the work that makes it. Strings cannot.
   */
  readonly streamed: boolean;
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
export type Values = Uint8Array | readonly string[];

/** A variable that is being written. */
interface OpenVariable {
  readonly definition: VariableDefinition;
  /** Name of its dataset. */
  readonly dataset: string;
  readonly chunked?: ChunkedDataset;
}

/**
 * Writes a NetCDF-4 file.
 *
 * Source: NetCDF-4 file format specification,
 * https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
 */
export class NetcdfWriter {
  readonly #hdf5: Hdf5;
  readonly #path: string;
  readonly #deflateLevel: number;
  readonly #variables: ReadonlyMap<string, OpenVariable>;
  /** Writes for when the chunks are stored: HDF5 and the store cannot both have the file open. */
  readonly #later: ((file: Hdf5File) => void)[] = [];
  /** Open until the first chunk is stored. */
  #file: Hdf5File | undefined;
  #store: ChunkStore | undefined;

  /** Makes the file with all that is defined, ready for its data. */
  constructor(hdf5: Hdf5, path: string, definition: NetcdfDefinition) {
    this.#hdf5 = hdf5;
    this.#path = path;
    this.#deflateLevel = definition.deflateLevel;
    this.#file = Hdf5File.create(hdf5, path);
    this.#variables = define(this.#file, definition);
  }

  /**
   * Writes a box of a variable. Strings are kept in memory till the end once chunks are streamed.
   *
   * @param values the caller's own again when this has ended
   */
  async write(variable: string, box: Box, values: Values): Promise<void> {
    const open = this.#variables.get(variable);
    if (!open) throw new Error(`variable ${variable} is not defined`);
    if (open.chunked && values instanceof Uint8Array) {
      await this.#stream(open.definition, open.chunked, box, values);
      return;
    }
    const write = (file: Hdf5File) => {
      if (values instanceof Uint8Array) file.write(open.dataset, box.start, box.count, values);
      else file.writeStrings(open.dataset, box.start, box.count, values);
    };
    if (this.#file) write(this.#file);
    else this.#later.push(write);
  }

  /** The file is complete when this has ended, and only then. */
  async close(): Promise<void> {
    await this.#store?.close();
    if (this.#later.length > 0) this.#file = Hdf5File.change(this.#hdf5, this.#path);
    for (const write of this.#later) if (this.#file) write(this.#file);
    this.#file?.close();
  }

  /** Lets go of a file that will not be complete. */
  async abandon(): Promise<void> {
    await this.#store?.abandon();
    this.#file?.close();
    this.#file = undefined;
  }

  async #stream(
    { chunk, name }: VariableDefinition,
    dataset: ChunkedDataset,
    box: Box,
    values: Uint8Array,
  ): Promise<void> {
    this.#file?.close();
    this.#file = undefined;
    this.#store ??= await ChunkStore.open(this.#path, this.#deflateLevel);
    const { counts, cellSize } = dataset.grid;
    if (values.length !== product(box.count) * cellSize) {
      throw new Error(`${values.length} bytes are not a box of ${name}`);
    }
    for (const { ordinal, bytes } of cutChunks(values, box, chunk, counts, cellSize)) {
      await this.#store.add(dataset, ordinal, bytes);
    }
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
    // Of no cells there are no chunks.
    const streamed = variable.streamed && shape.length > 0 && product(shape) > 0;
    file.createDataset(dataset, {
      elementType: hdf5Type(variable.type),
      shape,
      unlimited: own.map(({ unlimited }) => unlimited),
      chunk: variable.chunk,
      deflate: streamed ? deflatePlaceholder : [deflateLevel],
    });
    return { definition: variable, dataset, shape, streamed };
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
    variables.map(({ definition: variable, dataset, shape, streamed }) => {
      const { chunk } = variable;
      const counts = shape.map((size, axis) => Math.ceil(size / (chunk[axis] ?? 1)));
      const grid = { counts, chunk, cellSize: sizeOf(variable.type) };
      const chunked = { header: file.headerAddress(dataset), grid };
      return [variable.name, { definition: variable, dataset, ...(streamed ? { chunked } : {}) }];
    }),
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
      deflate: [1],
    });
    // The format wants the size in the name, ten characters wide.
    file.makeScale(name, `${bareDimensionName}${String(size).padStart(10)}`);
  }
  file.createAttribute(name, '_Netcdf4Dimid', hdf5Type('int'), [], bytesOf(Int32Array.of(id)));
}
