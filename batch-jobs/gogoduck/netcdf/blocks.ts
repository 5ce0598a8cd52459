import type { Box } from './netcdf-file.ts';

/** Cuts an array into boxes of at most about `cells` cells, in storage order. */
export function* blocksOf(shape: readonly number[], cells: number): Generator<Box> {
  const largest = shape.map(() => 1);
  let room = cells;
  // Whole rows of the fastest dimensions, as far as they fit.
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = Math.max(shape[axis] ?? 1, 1);
    largest[axis] = Math.max(Math.min(size, room), 1);
    room = Math.floor(room / size);
  }
  yield* boxesFrom(0, { start: [], count: [] });

  function* boxesFrom(axis: number, { start, count }: Box): Generator<Box> {
    if (axis === shape.length) {
      yield { start, count };
      return;
    }
    const size = shape[axis] ?? 0;
    const step = largest[axis] ?? 1;
    for (let at = 0; at < size; at += step) {
      yield* boxesFrom(axis + 1, {
        start: [...start, at],
        count: [...count, Math.min(step, size - at)],
      });
    }
  }
}
