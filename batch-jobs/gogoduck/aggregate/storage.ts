import type { VariableDefinition } from '../netcdf/define-netcdf.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import { product } from '../netcdf/product.ts';
import type { Pieces } from '../netcdf/read-pieces.ts';
import type { StoredFilters } from '../netcdf/stored-data.ts';
import { sizeOf } from '../netcdf/types.ts';
import { chunkOf, type Extents } from './chunking.ts';
import type { StepRun } from './order-steps.ts';

/** How the template stores a variable. */
export interface Storage {
  readonly chunk: readonly number[];
  readonly filters: StoredFilters;
}

/** How the output stores a variable. */
export interface OutputStorage extends Pick<VariableDefinition, 'chunk' | 'compression'> {
  /** Whether its chunks are those of the sources, which are taken as they are. */
  readonly copied: boolean;
}

/** Bytes of a chunk below which chunks are put together rather than copied. */
const leastCopied = 8 * 1024;

/** Variables in one chunk or in none are left out. */
export function readStorage(
  file: NetcdfFile,
  variables: Iterable<Variable>,
): ReadonlyMap<string, Storage> {
  const storage = new Map<string, Storage>();
  for (const variable of variables) {
    const chunks = file.chunks(variable);
    if (chunks) {
      storage.set(variable.name, { chunk: chunks.grid.chunk, filters: chunks.filters });
    }
  }
  return storage;
}

/**
 * Chooses chunks and compression: those of the source where whole chunks of it are wanted, which
 * spares inflating and deflating them; else chunks of a handy size at the source's level.
 *
 * @param pieces wanted along each dimension but time
 * @param runs steps wanted of each file
 */
export function storageInOutput(
  source: Variable,
  storage: Storage | undefined,
  isAsStored: boolean,
  extents: Extents,
  pieces: readonly Pieces[],
  runs: readonly StepRun[],
): OutputStorage {
  const { deflateLevel, shuffle } = storage?.filters ?? {};
  const compression =
    deflateLevel === undefined || shuffle === undefined
      ? undefined
      : { shuffle, deflateLevel: Math.max(deflateLevel, 1) };
  const isWhole =
    storage !== undefined &&
    compression !== undefined &&
    isAsStored &&
    product(storage.chunk) * sizeOf(source.type) >= leastCopied &&
    storage.chunk.every((length, axis) =>
      axis === extents.timeAxis
        ? areWholeSteps(length, runs)
        : isWholeAlong(length, source.shape[axis] ?? 0, pieces[axis] ?? []),
    );
  if (isWhole) return { chunk: storage.chunk, compression, copied: true };
  // A source that is not shuffled was written by software that could not.
  const own = compression && { ...compression, shuffle: true };
  return { chunk: chunkOf(extents), ...(own ? { compression: own } : {}), copied: false };
}

/** Whether runs of steps begin and end where chunks do, in the sources and in the output. */
function areWholeSteps(length: number, runs: readonly StepRun[]): boolean {
  return runs.every(({ start, count }) => start % length === 0 && count % length === 0);
}

/** Whether one run begins and ends where chunks do; a dataset of a fixed size has no larger chunk. */
function isWholeAlong(length: number, size: number, runs: Pieces): boolean {
  const [run] = runs;
  if (!run || runs.length > 1 || run.count < length) return false;
  const end = run.start + run.count;
  return run.start % length === 0 && (end % length === 0 || end === size);
}
