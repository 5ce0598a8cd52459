import { product } from './product.ts';

/** A box's place in an array. */
export interface Place {
  readonly shape: readonly number[];
  readonly start: readonly number[];
}

/**
 * Visits the longest runs of cells that are adjacent in both arrays, for a box that is in both.
 *
 * @param size of the box
 * @param visit receives the ordinals of a run's first cell in each array, and its number of cells
 */
export function forEachRow(
  size: readonly number[],
  from: Place,
  to: Place,
  visit: (from: number, to: number, cells: number) => void,
): void {
  if (product(size) === 0) return;
  // Dimensions that are whole in both arrays form one run with the next dimension before them.
  let inner = size.length - 1;
  // Stryker disable next-line EqualityOperator: without any such dimension, all cells are one run as well
  while (inner > 0 && size[inner] === from.shape[inner] && size[inner] === to.shape[inner]) inner--;
  const cells = product(size.slice(Math.max(inner, 0)));
  const [fromStrides, toStrides] = [stridesOf(from.shape), stridesOf(to.shape)];
  let fromFirst = 0;
  let toFirst = 0;
  for (let axis = 0; axis < size.length; axis++) {
    fromFirst += (from.start[axis] as number) * (fromStrides[axis] as number);
    toFirst += (to.start[axis] as number) * (toStrides[axis] as number);
  }
  visitFrom(0, fromFirst, toFirst);

  function visitFrom(axis: number, fromAt: number, toAt: number): void {
    if (axis >= inner) {
      visit(fromAt, toAt, cells);
      return;
    }
    const [fromStride, toStride] = [fromStrides[axis], toStrides[axis]] as [number, number];
    for (let index = 0; index < (size[axis] as number); index++) {
      visitFrom(axis + 1, fromAt + index * fromStride, toAt + index * toStride);
    }
  }
}

/** Number of cells from one index to the next along each dimension. */
function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return strides;
}
