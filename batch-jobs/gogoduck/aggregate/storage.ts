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
  /** Whether the chunks of the sources are copied unchanged. */
  readonly copied: boolean;
}

/** Chunks with fewer bytes are merged instead of copied. */
const leastCopied = 8 * 1024;

/** Leaves out variables without chunks that can be copied. */
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
 * Chooses chunks and compression. If the request needs whole chunks of the source, their layout is kept,
 * which avoids decompressing and compressing them. Otherwise, chunks have a practical size and the source's
 * compression level.
 *
 * @param pieces wanted along each dimension except time
 * @param runs wanted steps of each file
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
  // A source without shuffle was written by software that did not support it.
  const own = compression && { ...compression, shuffle: true };
  return { chunk: chunkOf(extents), ...(own ? { compression: own } : {}), copied: false };
}

/** Whether runs of steps begin and end at chunk boundaries, in the sources and in the output. */
function areWholeSteps(length: number, runs: readonly StepRun[]): boolean {
  return runs.every(({ start, count }) => start % length === 0 && count % length === 0);
}

/**
 * Whether there is a single run that begins and ends at chunk boundaries. A dataset of a fixed size has no
 * larger chunk.
 */
function isWholeAlong(length: number, size: number, runs: Pieces): boolean {
  const [run] = runs;
  if (!run || runs.length > 1 || run.count < length) return false;
  const end = run.start + run.count;
  return run.start % length === 0 && (end % length === 0 || end === size);
}
