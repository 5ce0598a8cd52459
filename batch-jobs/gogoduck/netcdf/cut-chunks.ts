import type { Box } from './netcdf-file.ts';
import { product, ravelled, unravelled } from './positions.ts';

/** A chunk's cells, all of them: those past the edge of the dataset are 0. */
export interface Chunk {
  readonly ordinal: number;
  readonly bytes: Uint8Array;
}

/**
 * Cuts the cells of a box into the chunks they belong to.
 *
 * @param box begins and ends where chunks do (or the dataset does)
 * @param counts number of the dataset's chunks along each dimension
 */
export function* cutChunks(
  values: Uint8Array,
  { start, count }: Box,
  chunk: readonly number[],
  counts: readonly number[],
  cellSize: number,
): Generator<Chunk> {
  const chunkBytes = product(chunk) * cellSize;
  const first = start.map((at, axis) => at / (chunk[axis] ?? 1));
  if (!first.every(Number.isInteger)) throw new Error('the values begin inside a chunk');
  const within = count.map((length, axis) => Math.ceil(length / (chunk[axis] ?? 1)));
  const total = product(within);
  for (let index = 0; index < total; index++) {
    const at = unravelled(index, within);
    const ordinal = ravelled(
      at.map((position, axis) => position + (first[axis] ?? 0)),
      counts,
    );
    const isWhole = total === 1 && values.length === chunkBytes;
    const from = at.map((position, axis) => position * (chunk[axis] ?? 1));
    yield { ordinal, bytes: isWhole ? values : copied(values, count, from, chunk, cellSize) };
  }
}

/** The chunk whose first cell is that of the box at `from`. */
function copied(
  values: Uint8Array,
  box: readonly number[],
  from: readonly number[],
  chunk: readonly number[],
  cellSize: number,
): Uint8Array {
  const bytes = new Uint8Array(product(chunk) * cellSize);
  const size = chunk.map((length, axis) => Math.min(length, (box[axis] ?? 0) - (from[axis] ?? 0)));
  const rowBytes = (size.at(-1) ?? 1) * cellSize;
  const rows = size.slice(0, -1);
  for (let row = 0; row < product(rows); row++) {
    const at = [...unravelled(row, rows), 0];
    const inBox = at.map((position, axis) => position + (from[axis] ?? 0));
    const source = ravelled(inBox, box) * cellSize;
    bytes.set(values.subarray(source, source + rowBytes), ravelled(at, chunk) * cellSize);
  }
  return bytes;
}
