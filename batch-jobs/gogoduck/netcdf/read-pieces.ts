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
  for (const group of groupsOf(pieces[split] ?? [], outer * inner)) {
    const [first] = group;
    const hull = { start: first?.start ?? 0, count: endOf(group) - (first?.start ?? 0) };
    const hullSize = hull.count * inner;
    const part = new Uint8Array(outer * hullSize);
    readPieces(file, variable, pieces.with(split, [hull]), part);
    for (const { start, count } of group) {
      const size = count * inner;
      const from = (start - hull.start) * inner;
      for (let row = 0; row < outer; row++) {
        const source = part.subarray(row * hullSize + from, row * hullSize + from + size);
        target.set(source, row * rowSize + offset);
      }
      offset += size;
    }
  }
}

/** Most bytes that are read at once of runs that are apart. */
const groupBytes = 8 * 1024 * 1024;

/** Runs that are read together with what is between them, which is less work than one by one. */
function groupsOf(runs: Pieces, bytesPerIndex: number): Pieces[] {
  const groups: { start: number; count: number }[][] = [];
  for (const run of runs) {
    const group = groups.at(-1);
    const end = endOf(group ?? []);
    const hull = run.start + run.count - (group?.[0]?.start ?? 0);
    const isNear = run.start >= end && run.start - end <= mostBetween;
    if (group && isNear && hull * bytesPerIndex <= groupBytes) group.push(run);
    else groups.push([run]);
  }
  return groups;
}

/** Indices between two runs that are read and not wanted. */
const mostBetween = 100;

function endOf(runs: Pieces): number {
  const last = runs.at(-1);
  return last ? last.start + last.count : 0;
}
