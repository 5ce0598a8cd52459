import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { JobError } from '../job-error.ts';
import { type Attribute, type Attributes, readAttribute, readAttributes } from './attributes.ts';
import { type Hdf5, Hdf5File } from './hdf5-file.ts';
import { netcdfType } from './hdf5-types.ts';
import { isNumeric, type NetcdfType, type NumericArray, numbersIn, sizeOf } from './types.ts';

export interface Dimension {
  readonly name: string;
  readonly size: number;
  readonly unlimited: boolean;
}

/** A variable as its file describes it. */
export interface Variable {
  readonly name: string;
  readonly type: NetcdfType;
  /** Names of its dimensions, the slowest first; none for a scalar. */
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
}

/** A box of a variable: where it starts and how many cells it has along each dimension. */
export interface Box {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** A dimension that has no variable is kept as a dataset of this name. */
export const bareDimensionName = 'This is a netCDF dimension but not a netCDF variable.';

/** Put before a variable's name where a dimension has the name and the variable is not its coordinate. */
export const nonCoordinatePrefix = '_nc4_non_coord_';

/**
 * A NetCDF-4 file, read where it lies: the NetCDF data model over HDF5.
 *
 * Source: NetCDF-4 file format specification,
 * https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
 */
export class NetcdfFile {
  /** The file's own name, fit for messages. */
  readonly name: string;
  readonly #file: Hdf5File;
  readonly #variables = new Map<string, Variable>();
  readonly #dimensions = new Map<string, Dimension>();
  /** Name of a variable's dataset, where it is another than the variable's. */
  readonly #datasets = new Map<string, string>();

  private constructor(name: string, file: Hdf5File) {
    this.name = name;
    this.#file = file;
  }

  /**
   * @throws {JobError} when the file is not NetCDF-4, is damaged, or holds what is not read here:
   *   groups and user-defined types
   */
  static open(hdf5: Hdf5, path: string): NetcdfFile {
    const name = basename(path);
    let file: Hdf5File;
    try {
      file = Hdf5File.open(hdf5, path);
    } catch (error) {
      throw new JobError('badData', `File "${name}" ${whyUnreadable(path)}`, { cause: error });
    }
    const opened = new NetcdfFile(name, file);
    try {
      opened.#readHeader();
      return opened;
    } catch (error) {
      file.close();
      throw opened.#damaged(error);
    }
  }

  close(): void {
    this.#file.close();
  }

  /** In the order in which they were defined. */
  get dimensions(): ReadonlyMap<string, Dimension> {
    return this.#dimensions;
  }

  get variables(): ReadonlyMap<string, Variable> {
    return this.#variables;
  }

  /** The attributes of a variable, or of the file. */
  attributes(variable?: Variable): Attributes {
    return this.#reading(() => readAttributes(this.#file, variable ? this.#dataset(variable) : ''));
  }

  /** Those attributes among `names` that the variable has. */
  someAttributes(variable: Variable, names: ReadonlySet<string>): Map<string, Attribute> {
    return this.#reading(() => {
      const dataset = this.#dataset(variable);
      const found = new Map<string, Attribute>();
      for (const name of this.#file.attributeNames(dataset)) {
        const attribute = names.has(name) ? readAttribute(this.#file, dataset, name) : undefined;
        if (attribute) found.set(name, attribute);
      }
      return found;
    });
  }

  /** Reads a box of numbers or characters, row by row, little-endian, into `target`. */
  read(variable: Variable, { start, count }: Box, target: Uint8Array<ArrayBufferLike>): void {
    this.#reading(() => this.#file.read(this.#dataset(variable), start, count, target));
  }

  readStrings(variable: Variable, { start, count }: Box): string[] {
    return this.#reading(() => this.#file.readStrings(this.#dataset(variable), start, count));
  }

  /** All of a numeric variable, as stored: neither unpacked nor rid of fill values. */
  readNumbers(variable: Variable, box = wholeOf(variable)): NumericArray {
    if (!isNumeric(variable.type)) {
      throw new JobError(
        'badData',
        `File "${this.name}" has ${variable.name} as ${variable.type}; allowed: numbers.`,
      );
    }
    const target = new Uint8Array(cellsOf(box) * sizeOf(variable.type));
    this.read(variable, box, target);
    return numbersIn(variable.type, target);
  }

  #readHeader(): void {
    const scales: { id: number; dimension: Dimension }[] = [];
    const found: { name: string; dataset: string; type: NetcdfType; shape: number[] }[] = [];
    const multidimensional = new Map<string, readonly number[]>();
    for (const dataset of this.#file.names()) {
      if (!this.#file.isDataset(dataset)) {
        throw this.#refused(`has a group "${dataset}"; allowed: files without groups.`);
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
    for (const { dimension } of scales) this.#dimensions.set(dimension.name, dimension);
    for (const { name, dataset, type, shape } of found) {
      const ids = multidimensional.get(dataset);
      const dimensions =
        ids?.map((id) => scales.find((scale) => scale.id === id)?.dimension.name) ??
        (this.#dimensions.has(dataset) ? [dataset] : this.#file.scales(dataset, shape.length));
      this.#variables.set(name, { name, type, shape, dimensions: this.#named(name, dimensions) });
      if (dataset !== name) this.#datasets.set(name, dataset);
    }
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

  #dataset({ name }: Variable): string {
    return this.#datasets.get(name) ?? name;
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

export function wholeOf({ shape }: Variable): Box {
  return { start: shape.map(() => 0), count: shape };
}

export function cellsOf({ count }: Pick<Box, 'count'>): number {
  return count.reduce((product, length) => product * length, 1);
}

/** Why a file that HDF5 refused cannot be read, as its first bytes tell. */
function whyUnreadable(path: string): string {
  const head = Buffer.alloc(4);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return 'is listed for the layer but cannot be opened.';
  }
  if (head.toString('latin1', 0, 3) === 'CDF') {
    return 'is classic NetCDF (NetCDF-3); allowed: NetCDF-4. "nccopy -k nc4" turns one into the other.';
  }
  return head.toString('latin1', 1, 4) === 'HDF'
    ? 'is damaged: it begins as NetCDF-4 and does not go on as such.'
    : 'is no NetCDF-4 file.';
}
