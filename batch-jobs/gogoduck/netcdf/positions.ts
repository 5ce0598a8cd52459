import { product } from './product.ts';

/** The position of a cell along each dimension, from its ordinal row by row. */
export function unravelled(ordinal: number, shape: readonly number[]): number[] {
  const position: number[] = [];
  let rest = ordinal;
  for (const length of shape.toReversed()) {
    position.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return position;
}

/** The ordinal, row by row, of a cell at a position. */
export function ravelled(position: readonly number[], shape: readonly number[]): number {
  return position.reduce((sum, at, axis) => sum * (shape[axis] ?? 1) + at, 0);
}

/** All positions of a box, row by row. */
export function* positionsIn(
  start: readonly number[],
  count: readonly number[],
): Generator<number[]> {
  const total = product(count);
  for (let ordinal = 0; ordinal < total; ordinal++) {
    yield unravelled(ordinal, count).map((at, axis) => at + (start[axis] ?? 0));
  }
}
