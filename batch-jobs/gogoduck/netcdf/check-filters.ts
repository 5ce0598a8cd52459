import type { DefinedVariable } from './define-netcdf.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { filters } from './hdf5-format/attach-chunks.ts';

/**
 * Verifies with the library that chunks that it did not write are declared as they are compressed.
 *
 * @throws if the library finds different filters
 */
export function checkFilters(
  file: Pick<Hdf5File, 'filters'>,
  variables: Iterable<Pick<DefinedVariable, 'dataset' | 'chunked'>>,
): void {
  for (const { dataset, chunked } of variables) {
    if (!chunked) continue;
    const { shuffle, deflateLevel } = chunked.compression;
    const expected = [
      ...(shuffle ? [{ id: filters.shuffle, values: [chunked.grid.cellSize] }] : []),
      { id: filters.deflate, values: [deflateLevel] },
    ];
    const found = file.filters(dataset).map(({ id, values }) => ({ id, values }));
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      throw new Error(`${dataset} has the filters ${JSON.stringify(found)}`);
    }
  }
}
