import type { Hdf5Filter } from './hdf5-file.ts';
import { filters } from './hdf5-format/attach-chunks.ts';
import type { StoredFilters } from './stored-data.ts';

/** Filters that the HDF5 library has in itself: deflate, shuffle, fletcher32, n-bit, scale-offset. */
const builtIn = new Set([1, 2, 3, 5, 6]);

/**
 * Names of filters that files of this field are found with.
 *
 * Source: "Registered Filter Plugins", https://github.com/HDFGroup/hdf5_plugins/blob/master/docs/RegisteredFilterPlugins.md
 */
const names: Readonly<Record<number, string>> = {
  4: 'szip',
  307: 'bzip2',
  32000: 'lzf',
  32001: 'blosc',
  32004: 'lz4',
  32008: 'bitshuffle',
  32013: 'zfp',
  32015: 'zstd',
  32017: 'sz',
  32022: 'granular bitround',
  32023: 'bitgroom',
  32026: 'blosc2',
  32028: 'bitround',
};

/** The first filter that cannot be undone here, in words; undefined when all can. */
export function unknownFilter(found: readonly Hdf5Filter[]): string | undefined {
  const unknown = found.find(({ id }) => !builtIn.has(id));
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
