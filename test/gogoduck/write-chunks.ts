import { textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import type {
  NetcdfDefinition,
  VariableDefinition,
} from '../../batch-jobs/gogoduck/netcdf/define-netcdf.ts';
import type { NetcdfSink } from '../../batch-jobs/gogoduck/netcdf/netcdf-sink.ts';
import { product } from '../../batch-jobs/gogoduck/netcdf/product.ts';
import { bytesOf, type NumericType, numbersOf } from '../../batch-jobs/gogoduck/netcdf/types.ts';

export type CreateNetcdf = (path: string, definition: NetcdfDefinition) => Promise<NetcdfSink>;

type Triple = readonly [number, number, number];

/** A file with one variable, `data`, and other variables on its first dimension. */
export function definitionOf(
  type: NumericType,
  shape: readonly number[],
  chunk: readonly number[],
  others: readonly Pick<VariableDefinition, 'name' | 'type'>[] = [],
): NetcdfDefinition {
  const dimensions = shape.map((size, axis) => ({
    name: 'abc'.charAt(axis),
    size,
    unlimited: axis === 0,
  }));
  const names = dimensions.map(({ name }) => name);
  const attributes = new Map();
  return {
    dimensions,
    attributes: new Map([['title', textAttribute('chunks')]]),
    variables: [
      { name: 'data', type, dimensions: names, attributes, chunk },
      ...others.map((other) => ({
        ...other,
        dimensions: names.slice(0, 1),
        attributes,
        chunk: chunk.slice(0, 1),
      })),
    ],
  };
}

/**
 * Writes numbers that count from 0 to 112 repeatedly, one row of chunks at a time, from the same memory.
 *
 * @returns the numbers
 */
export async function writeChunks(
  create: CreateNetcdf,
  path: string,
  type: NumericType,
  shape: Triple,
  chunk: Triple,
): Promise<number[]> {
  const sink = await create(path, definitionOf(type, shape, chunk));
  const [steps, rows, columns] = shape;
  const valueAt = (index: number) => index % 113;
  const memory = numbersOf(type, Array(chunk[0] * rows * columns).fill(0));
  for (let step = 0; step < steps; step += chunk[0]) {
    const count = [Math.min(chunk[0], steps - step), rows, columns];
    const first = step * rows * columns;
    const values = Array.from({ length: product(count) }, (_, index) => valueAt(first + index));
    const box = bytesOf(memory).subarray(0, product(count) * memory.BYTES_PER_ELEMENT);
    box.set(bytesOf(numbersOf(type, values)));
    await sink.write('data', { start: [step, 0, 0], count }, box);
  }
  await sink.close();
  return Array.from({ length: product(shape) }, (_, index) => valueAt(index));
}
