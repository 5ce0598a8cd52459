import type { NetcdfFile, Variable } from './netcdf-file.ts';
import { product } from './product.ts';
import { sizeOf } from './types.ts';

/** Runs of indices along one dimension, in the order they are wanted. */
export type Pieces = readonly { readonly start: number; readonly count: number }[];

export function countsOf(pieces: readonly Pieces[]): number[] {
  return pieces.map((runs) => runs.reduce((sum, { count }) => sum + count, 0));
}

/**
 * Reads the cells that the pieces of each dimension have in common, row by row, as if the pieces
 * lay side by side in the file.
 *
 * @param pieces at most one dimension has more than one run
 */
export function readPieces(
  file: NetcdfFile,
  variable: Variable,
  pieces: readonly Pieces[],
  target: Uint8Array,
): void {
  const split = pieces.findIndex((runs) => runs.length > 1);
  if (split === -1) {
    const single = pieces.map(([run]) => run ?? { start: 0, count: 0 });
    const box = {
      start: single.map(({ start }) => start),
      count: single.map(({ count }) => count),
    };
    file.read(variable, box, target);
    return;
  }
  const counts = countsOf(pieces);
  const inner = product(counts.slice(split + 1)) * sizeOf(variable.type);
  const outer = product(counts.slice(0, split));
  const rowSize = (counts[split] ?? 0) * inner;
  let offset = 0;
  for (const run of pieces[split] ?? []) {
    const size = run.count * inner;
    const part = new Uint8Array(outer * size);
    readPieces(file, variable, pieces.with(split, [run]), part);
    for (let row = 0; row < outer; row++) {
      target.set(part.subarray(row * size, (row + 1) * size), row * rowSize + offset);
    }
    offset += size;
  }
}
