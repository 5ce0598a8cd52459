import type { Box } from './netcdf-file.ts';

/** Numbers and characters as little-endian bytes, row by row; strings as such. */
export type Values = Uint8Array | readonly string[];

/** A NetCDF file that is being written: defined already, and given its data box by box. */
export interface NetcdfSink {
  /**
   * Takes a box of a variable, which begins where a chunk does and ends where one or the variable does.
   *
   * @param values the caller's own again when this has ended
   */
  write(variable: string, box: Box, values: Values): Promise<void>;

  /**
   * Takes a chunk that is compressed already, in the way that the variable is.
   *
   * @param position of the chunk among the variable's chunks, along each dimension
   * @param bytes the caller's own again when this has ended
   */
  writeStored(variable: string, position: readonly number[], bytes: Uint8Array): Promise<void>;

  /**
   * Ends the file, which is complete when this has ended, and only then.
   *
   * @throws when a variable was not given all of its cells
   */
  close(): Promise<void>;

  /** Lets go of a file that will not be complete. */
  abandon(): Promise<void>;
}
