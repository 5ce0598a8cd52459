import type { Box } from './netcdf-file.ts';
import { positionsIn, ravelled } from './positions.ts';
import { product } from './product.ts';
import { forEachRow } from './rows.ts';

/** All cells of a chunk: those past the edge of the dataset are 0. */
export interface Chunk {
  readonly ordinal: number;
  readonly bytes: Uint8Array;
}

/**
 * Splits the cells of a box into the chunks they belong to.
 *
 * @param box begins and ends at chunk boundaries (or at the end of the dataset)
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
  const isWhole = product(within) === 1 && values.length === chunkBytes;
  for (const position of positionsIn(first, within)) {
    const ordinal = ravelled(position, counts);
    if (isWhole) {
      yield { ordinal, bytes: values };
      continue;
    }
    const bytes = new Uint8Array(chunkBytes);
    const from = position.map((at, axis) => (at - (first[axis] ?? 0)) * (chunk[axis] ?? 1));
    const size = chunk.map((length, axis) =>
      Math.min(length, (count[axis] ?? 0) - (from[axis] ?? 0)),
    );
    const to = { shape: chunk, start: chunk.map(() => 0) };
    forEachRow(size, { shape: count, start: from }, to, (source, at, cells) => {
      bytes.set(values.subarray(source * cellSize, (source + cells) * cellSize), at * cellSize);
    });
    yield { ordinal, bytes };
  }
}
