import type { Attributes } from './attributes.ts';
import type { StoredChunks } from './stored-data.ts';
import type { NetcdfType } from './types.ts';

export interface Dimension {
  readonly name: string;
  readonly size: number;
  readonly unlimited: boolean;
}

/** A variable as its file describes it. */
export interface Variable {
  readonly name: string;
  readonly type: NetcdfType;
  /** Names of its dimensions, the slowest first; empty for a scalar. */
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
}

/** A box of a variable: its start and its number of cells along each dimension. */
export interface Box {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** A file of any format, read with NetCDF's data model. */
export interface NetcdfFile {
  /** The file's own name, without folders, so that messages may contain it. */
  readonly name: string;

  /** Names of everything in the file: its variables, and its dimensions as stored by the format. */
  readonly members: ReadonlySet<string>;

  /**
   * In order of definition.
   *
   * @throws {JobError} if the file has unsupported content
   */
  readonly dimensions: ReadonlyMap<string, Dimension>;

  /** @throws {JobError} as `dimensions` does */
  readonly variables: ReadonlyMap<string, Variable>;

  /**
   * Variables with an unsupported type, by name, and the name of that type. `variables` does not contain
   * them.
   */
  readonly unread: ReadonlyMap<string, string>;

  /**
   * Type and shape of one variable, without reading all others.
   *
   * @returns undefined if the variable does not exist, or has an unsupported type
   */
  layout(name: string): Pick<Variable, 'type' | 'shape'> | undefined;

  /** The attributes of a variable, or of the file. */
  attributes(variable?: Variable): Attributes;

  /** The attributes that say what a variable's numbers mean: packing, units, calendar and flags. */
  encodingAttributes(variable: Variable): Attributes;

  /** Reads a box of numbers or characters, row by row, little-endian, into `target`. */
  read(variable: Variable, box: Box, target: Uint8Array): void;

  /**
   * Does the same as `read`, for any variable. In a remote store, `read` works only for the variables that
   * say where and when cells are.
   */
  fetch(variable: Variable, box: Box, target: Uint8Array): Promise<void>;

  readStrings(variable: Variable, box: Box): string[];

  /** Reads a box into a new array of bytes. */
  readBytes(variable: Variable, box: Box): Uint8Array;

  /** The chunks of a variable, if they can be copied unchanged; undefined if it is stored in another way. */
  chunks(variable: Variable): StoredChunks | undefined;

  close(): void;
}
