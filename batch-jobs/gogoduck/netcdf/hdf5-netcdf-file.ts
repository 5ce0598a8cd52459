import { basename } from 'node:path';
import { JobError } from '../job-error.ts';
import { type Attributes, readAttribute, readAttributes } from './attributes.ts';
import { type Hdf5, Hdf5File } from './hdf5-file.ts';
import { netcdfType } from './hdf5-types.ts';
import type { Box, Dimension, NetcdfFile, Variable } from './netcdf-file.ts';
import { packingAttributes } from './packing.ts';
import { product } from './product.ts';
import { type NetcdfType, sizeOf } from './types.ts';

/** A dimension that has no variable is kept as a dataset of this name. */
export const bareDimensionName = 'This is a netCDF dimension but not a netCDF variable.';

/** Put before a variable's name where a dimension has the name and the variable is not its coordinate. */
export const nonCoordinatePrefix = '_nc4_non_coord_';

const encodingAttributes = new Set([...packingAttributes, 'units', 'calendar']);

/**
 * A NetCDF-4 file, read where it lies: the NetCDF data model over HDF5.
 *
 * Source: NetCDF-4 file format specification,
 * https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
 */
export class Hdf5NetcdfFile implements NetcdfFile {
  /** The file's own name, fit for messages. */
  readonly name: string;
  /** Names of all that is in the file, as HDF5 sees it. */
  readonly members: ReadonlySet<string>;
  readonly #file: Hdf5File;
  readonly #encodings = new Map<string, Attributes>();
  #header: { variables: Map<string, Variable>; dimensions: Map<string, Dimension> } | undefined;

  private constructor(name: string, file: Hdf5File) {
    this.name = name;
    this.#file = file;
    this.members = new Set(file.names());
  }

  /** @throws {JobError} when the file is damaged */
  static open(hdf5: Hdf5, path: string): Hdf5NetcdfFile {
    const name = basename(path);
    try {
      return new Hdf5NetcdfFile(name, Hdf5File.open(hdf5, path));
    } catch (error) {
      throw new JobError(
        'badData',
        `File "${name}" is damaged: it begins as NetCDF-4 and does not go on as such.`,
        { cause: error },
      );
    }
  }

  close(): void {
    this.#reading(() => this.#file.close());
  }

  /**
   * In the order in which they were defined.
   *
   * @throws {JobError} when the file holds what is not read here: groups and user-defined types
   */
  get dimensions(): ReadonlyMap<string, Dimension> {
    return this.#readHeader().dimensions;
  }

  /** @throws {JobError} as `dimensions` does */
  get variables(): ReadonlyMap<string, Variable> {
    return this.#readHeader().variables;
  }

  /**
   * Type and shape of one variable, without reading all the others.
   *
   * @returns undefined when there is none, or none whose type is read here
   */
  layout(name: string): Pick<Variable, 'type' | 'shape'> | undefined {
    const dataset = this.#dataset({ name });
    if (!this.members.has(dataset)) return undefined;
    const metadata = this.#reading(() => this.#file.metadata(dataset));
    const type = netcdfType(metadata);
    return type && { type, shape: metadata.shape ?? [] };
  }

  /** The attributes of a variable, or of the file. */
  attributes(variable?: Variable): Attributes {
    return this.#reading(() => readAttributes(this.#file, variable ? this.#dataset(variable) : ''));
  }

  /** Those attributes that say what a variable's numbers mean: its packing, units and calendar. */
  encodingAttributes(variable: Variable): Attributes {
    const known = this.#encodings.get(variable.name);
    if (known) return known;
    const found = this.#reading(() => {
      const dataset = this.#dataset(variable);
      return readAttributes(this.#file, dataset, (name) => encodingAttributes.has(name));
    });
    this.#encodings.set(variable.name, found);
    return found;
  }

  /** Reads a box of numbers or characters, row by row, little-endian, into `target`. */
  read(variable: Variable, { start, count }: Box, target: Uint8Array<ArrayBufferLike>): void {
    this.#reading(() => this.#file.read(this.#dataset(variable), start, count, target));
  }

  readStrings(variable: Variable, { start, count }: Box): string[] {
    return this.#reading(() => this.#file.readStrings(this.#dataset(variable), start, count));
  }

  /** Reads a box as bytes of its own. */
  readBytes(variable: Variable, box: Box): Uint8Array {
    const target = new Uint8Array(product(box.count) * sizeOf(variable.type));
    this.read(variable, box, target);
    return target;
  }

  #readHeader() {
    this.#header ??= this.#reading(() => this.#parseHeader());
    return this.#header;
  }

  #parseHeader() {
    const variables = new Map<string, Variable>();
    const dimensions = new Map<string, Dimension>();
    const scales: { id: number; dimension: Dimension }[] = [];
    const found: { name: string; dataset: string; type: NetcdfType; shape: number[] }[] = [];
    const multidimensional = new Map<string, readonly number[]>();
    for (const dataset of this.members) {
      const kind = this.#file.kind(dataset);
      if (kind === undefined) throw new Error(`${dataset} cannot be read`);
      if (kind !== 'dataset') {
        throw this.#refused(`has a ${kind} "${dataset}"; allowed: files without groups and types.`);
      }
      const metadata = this.#file.metadata(dataset);
      const shape = metadata.shape ?? [];
      const scale = this.#file.scaleName(dataset);
      if (scale !== undefined) {
        const [size = 0] = shape;
        const unlimited = (metadata.maxshape?.[0] ?? 0) > Number.MAX_SAFE_INTEGER;
        const id = this.#integers(dataset, '_Netcdf4Dimid')[0] ?? scales.length;
        scales.push({ id, dimension: { name: dataset, size, unlimited } });
        if (scale.startsWith(bareDimensionName)) continue;
        if (shape.length > 1) {
          multidimensional.set(dataset, this.#integers(dataset, '_Netcdf4Coordinates'));
        }
      }
      const name = dataset.startsWith(nonCoordinatePrefix)
        ? dataset.slice(nonCoordinatePrefix.length)
        : dataset;
      const type = netcdfType(metadata);
      if (type === undefined) {
        throw this.#refused(
          `has variable ${name} of a type that is not read here; allowed: numbers, characters and strings.`,
        );
      }
      found.push({ name, dataset, type, shape });
    }
    scales.sort((a, b) => a.id - b.id);
    for (const { dimension } of scales) dimensions.set(dimension.name, dimension);
    for (const { name, dataset, type, shape } of found) {
      const ids = multidimensional.get(dataset);
      const names =
        ids?.map((id) => scales.find((scale) => scale.id === id)?.dimension.name) ??
        (dimensions.has(dataset) ? [dataset] : this.#file.scales(dataset, shape.length));
      variables.set(name, { name, type, shape, dimensions: this.#named(name, names) });
    }
    return { variables, dimensions };
  }

  #named(variable: string, dimensions: readonly (string | undefined)[]): string[] {
    return dimensions.map((dimension) => {
      if (dimension !== undefined) return dimension;
      throw this.#refused(
        `has variable ${variable} with a dimension that has no name; allowed: NetCDF-4, which names them all.`,
      );
    });
  }

  #integers(dataset: string, attribute: string): number[] {
    if (!this.#file.attributeNames(dataset).includes(attribute)) return [];
    const value = readAttribute(this.#file, dataset, attribute);
    return value?.kind === 'numbers' ? Array.from(value.values, Number) : [];
  }

  #dataset({ name }: Pick<Variable, 'name'>): string {
    const prefixed = `${nonCoordinatePrefix}${name}`;
    return this.members.has(prefixed) ? prefixed : name;
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.#damaged(error);
    }
  }

  #refused(what: string): JobError {
    return new JobError('badData', `File "${this.name}" ${what}`);
  }

  #damaged(error: unknown): unknown {
    if (error instanceof JobError) return error;
    return new JobError(
      'badData',
      `File "${this.name}" is damaged: it cannot be read to its end.`,
      {
        cause: error,
      },
    );
  }
}
