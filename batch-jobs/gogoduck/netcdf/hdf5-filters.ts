import { filters } from './hdf5-format/attach-chunks.ts';
import type { Hdf5Filter } from './hdf5-format/read-form.ts';
import type { StoredFilters } from './stored-data.ts';

/** Filters that the HDF5 library has in itself: deflate, shuffle, fletcher32, szip, n-bit, scale-offset. */
const builtIn = [1, 2, 3, 4, 5, 6];
/** Filters that it loads: bzip2, lzf, blosc, lz4, bitshuffle, zstd, bitgroom, granular bitround, blosc2. */
const loaded = [307, 32000, 32001, 32004, 32008, 32015, 32022, 32023, 32026];
const known = new Set([...builtIn, ...loaded]);

/**
 * Names of further filters that files of this field are found with.
 *
 * Source: "Registered Filter Plugins", https://github.com/HDFGroup/hdf5_plugins/blob/master/docs/RegisteredFilterPlugins.md
 */
const names: Readonly<Record<number, string>> = {
  32013: 'zfp',
  32017: 'sz',
  32018: 'fcidecomp',
  32019: 'jpeg',
  32024: 'sz3',
  32028: 'sperr',
};

/** The first filter that cannot be undone here, in words; undefined when all can. */
export function unknownFilter(found: readonly Hdf5Filter[]): string | undefined {
  const unknown = found.find(({ id }) => !known.has(id));
  if (!unknown) return undefined;
  const name = names[unknown.id] ?? unknown.name;
  return name ? `"${name}" (HDF5 filter ${unknown.id})` : `HDF5 filter ${unknown.id}`;
}

/** The filters where they are shuffle and deflate, as nearly always; undefined for others. */
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
      // Told another size, it would have put other bytes in planes.
      const isWhole = first?.values[0] === cellSize;
      return isWhole ? { shuffle: true, deflateLevel: second?.values[0] } : undefined;
    }
    default:
      return undefined;
  }
}
