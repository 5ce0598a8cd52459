import type { Box } from './netcdf-file.ts';

/** Numbers and characters as little-endian bytes, row by row; strings as they are. */
export type Values = Uint8Array | readonly string[];

/** A NetCDF file that is being written. It is already defined, and receives its data box by box. */
export interface NetcdfSink {
  /**
   * Writes a box of a variable. The box begins at a chunk boundary, and ends at a chunk boundary or at the
   * end of the variable.
   *
   * @param values the caller may reuse them once the promise has settled
   */
  write(variable: string, box: Box, values: Values): Promise<void>;

  /**
   * Writes a chunk that is already compressed in the same way as the variable.
   *
   * @param position of the chunk among the variable's chunks, along each dimension
   * @param bytes the caller may reuse them once the promise has settled
   */
  writeStored(variable: string, position: readonly number[], bytes: Uint8Array): Promise<void>;

  /**
   * Completes the file. It is complete once the promise has resolved, and not before.
   *
   * @throws if a variable has not received all of its cells
   */
  close(): Promise<void>;

  /** Releases a file that will not be completed. */
  abandon(): Promise<void>;
}
