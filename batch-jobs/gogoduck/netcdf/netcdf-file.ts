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
  /** Names of its dimensions, the slowest first; none for a scalar. */
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
}

/** A box of a variable: where it starts and how many cells it has along each dimension. */
export interface Box {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** A file that is read by NetCDF's data model, in any of its formats. */
export interface NetcdfFile {
  /** The file's own name, fit for messages. */
  readonly name: string;

  /** Names of all that is in the file: of its variables, and of dimensions as the format stores them. */
  readonly members: ReadonlySet<string>;

  /**
   * In the order in which they were defined.
   *
   * @throws {JobError} when the file holds what is not read here
   */
  readonly dimensions: ReadonlyMap<string, Dimension>;

  /** @throws {JobError} as `dimensions` does */
  readonly variables: ReadonlyMap<string, Variable>;

  /** Variables whose type is not read here, by name, and what it is called; they are not among the others. */
  readonly unread: ReadonlyMap<string, string>;

  /**
   * Type and shape of one variable, without reading all the others.
   *
   * @returns undefined when there is none, or none whose type is read here
   */
  layout(name: string): Pick<Variable, 'type' | 'shape'> | undefined;

  /** The attributes of a variable, or of the file. */
  attributes(variable?: Variable): Attributes;

  /** Those attributes that say what a variable's numbers mean: packing, units, calendar and flags. */
  encodingAttributes(variable: Variable): Attributes;

  /** Reads a box of numbers or characters, row by row, little-endian, into `target`. */
  read(variable: Variable, box: Box, target: Uint8Array): void;

  /**
   * Reads as `read` does, of any variable. A store elsewhere can be read of at once only where it says
   * where and when cells are.
   */
  fetch(variable: Variable, box: Box, target: Uint8Array): Promise<void>;

  readStrings(variable: Variable, box: Box): string[];

  /** Reads a box as bytes of its own. */
  readBytes(variable: Variable, box: Box): Uint8Array;

  /**
   * The chunks that a variable is stored in, where they can be taken as they are; undefined where it
   * is stored in another way.
   */
  chunks(variable: Variable): StoredChunks | undefined;

  close(): void;
}
