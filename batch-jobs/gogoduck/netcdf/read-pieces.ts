import type { Box, NetcdfFile, Variable } from './netcdf-file.ts';
import { product } from './product.ts';
import { sizeOf } from './types.ts';

/** Runs of indices along one dimension, in the order in which they are wanted. */
export type Pieces = readonly { readonly start: number; readonly count: number }[];

export function countsOf(pieces: readonly Pieces[]): number[] {
  return pieces.map((runs) => runs.reduce((sum, { count }) => sum + count, 0));
}

/**
 * Reads the cells where the pieces of all dimensions intersect, row by row, as if the pieces were adjacent in
 * the file.
 */
export function readPieces(
  file: NetcdfFile,
  variable: Variable,
  pieces: readonly Pieces[],
  target: Uint8Array,
): void {
  const split = pieces.findIndex((runs) => runs.length > 1);
  if (split === -1) {
    file.read(variable, boxOf(pieces), target);
    return;
  }
  for (const part of partsOf(variable, pieces, split, target)) {
    readPieces(file, variable, part.pieces, part.bytes);
    part.place();
  }
}

/** Reads pieces like {@link readPieces}, for any variable. */
export async function fetchPieces(
  file: NetcdfFile,
  variable: Variable,
  pieces: readonly Pieces[],
  target: Uint8Array,
): Promise<void> {
  const split = pieces.findIndex((runs) => runs.length > 1);
  if (split === -1) {
    await file.fetch(variable, boxOf(pieces), target);
    return;
  }
  for (const part of partsOf(variable, pieces, split, target)) {
    await fetchPieces(file, variable, part.pieces, part.bytes);
    part.place();
  }
}

function boxOf(pieces: readonly Pieces[]): Box {
  const single = pieces.map(([run]) => run ?? { start: 0, count: 0 });
  return { start: single.map(({ start }) => start), count: single.map(({ count }) => count) };
}

/** A part of the pieces, to be read into its own bytes and then copied to its places. */
interface Part {
  readonly pieces: readonly Pieces[];
  readonly bytes: Uint8Array;
  readonly place: () => void;
}

/** @param split dimension with more than one run */
function* partsOf(
  { type }: Variable,
  pieces: readonly Pieces[],
  split: number,
  target: Uint8Array,
): Generator<Part> {
  const counts = countsOf(pieces);
  const inner = product(counts.slice(split + 1)) * sizeOf(type);
  const outer = product(counts.slice(0, split));
  const rowSize = (counts[split] ?? 0) * inner;
  let offset = 0;
  for (const group of groupsOf(pieces[split] ?? [], outer * inner)) {
    const [first] = group;
    const hull = { start: first?.start ?? 0, count: endOf(group) - (first?.start ?? 0) };
    const hullSize = hull.count * inner;
    const bytes = new Uint8Array(outer * hullSize);
    const place = () => {
      for (const { start, count } of group) {
        const size = count * inner;
        const from = (start - hull.start) * inner;
        for (let row = 0; row < outer; row++) {
          const source = bytes.subarray(row * hullSize + from, row * hullSize + from + size);
          target.set(source, row * rowSize + offset);
        }
        offset += size;
      }
    };
    yield { pieces: pieces.with(split, [hull]), bytes, place };
  }
}

/** Maximum number of bytes of separate runs that are read together. */
const groupBytes = 8 * 1024 * 1024;

/** Groups runs to be read together with the cells between them, which is faster than reading each run. */
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

/** Maximum number of unwanted indices to read between two runs. */
const mostBetween = 100;

function endOf(runs: Pieces): number {
  const last = runs.at(-1);
  return last ? last.start + last.count : 0;
}

/** The boxes that the pieces consist of, with their positions in the file and in the output. */
export function boxesOf(pieces: readonly Pieces[]): { source: Box; target: Box }[] {
  let boxes: { source: Box; target: Box }[] = [
    { source: { start: [], count: [] }, target: { start: [], count: [] } },
  ];
  for (const runs of pieces) {
    boxes = boxes.flatMap(({ source, target }) => {
      let position = 0;
      return runs.map(({ start, count }) => {
        const at = position;
        position += count;
        return {
          source: { start: [...source.start, start], count: [...source.count, count] },
          target: { start: [...target.start, at], count: [...target.count, count] },
        };
      });
    });
  }
  return boxes;
}
