import { filters } from './hdf5-format/attach-chunks.ts';
import type { Hdf5Filter } from './hdf5-format/read-form.ts';
import type { StoredFilters } from './stored-data.ts';

/** Filters built into the HDF5 library: deflate, shuffle, fletcher32, szip, n-bit, scale-offset. */
const builtIn = [1, 2, 3, 4, 5, 6];
/** Filters that it loads: bzip2, lzf, blosc, lz4, bitshuffle, zstd, bitgroom, granular bitround, blosc2. */
const loaded = [307, 32000, 32001, 32004, 32008, 32015, 32022, 32023, 32026];
const known = new Set([...builtIn, ...loaded]);

/**
 * Names of further filters that occur in files of this field.
 *
 * Source: "Registered Filter Plugins",
 * https://github.com/HDFGroup/hdf5_plugins/blob/master/docs/RegisteredFilterPlugins.md
 */
const names: Readonly<Record<number, string>> = {
  32013: 'zfp',
  32017: 'sz',
  32018: 'fcidecomp',
  32019: 'jpeg',
  32024: 'sz3',
  32028: 'sperr',
};

/** The first filter that cannot be decoded, in words; undefined if all can. */
export function unknownFilter(found: readonly Hdf5Filter[]): string | undefined {
  const unknown = found.find(({ id }) => !known.has(id));
  if (!unknown) return undefined;
  const name = names[unknown.id] ?? unknown.name;
  return name ? `"${name}" (HDF5 filter ${unknown.id})` : `HDF5 filter ${unknown.id}`;
}

/** The filters, if they are only shuffle and deflate, as in nearly all files; otherwise undefined. */
export function storedFilters(
  found: readonly Hdf5Filter[],
  cellSize: number,
): StoredFilters | undefined {
  const ids = found.map(({ id }) => id);
  const [first, second] = found;
  switch (ids.join()) {
    case '':
      return { shuffle: false, deflateLevel: undefined };
    case `${filters.deflate}`:
      return { shuffle: false, deflateLevel: first?.values[0] };
    case `${filters.shuffle},${filters.deflate}`: {
      // With another size, the filter would have arranged the bytes differently.
      const isWhole = first?.values[0] === cellSize;
      return isWhole ? { shuffle: true, deflateLevel: second?.values[0] } : undefined;
    }
    default:
      return undefined;
  }
}
