import { readAttribute } from './attributes.ts';
import type { Hdf5Dataset } from './hdf5-dataset.ts';
import type { Hdf5File } from './hdf5-file.ts';
import { unknownFilter } from './hdf5-filters.ts';
import { className } from './hdf5-types.ts';
import type { Dimension, Variable } from './netcdf-file.ts';
import { Refusal } from './refusal.ts';
import type { NetcdfType } from './types.ts';

/** A dimension without a variable is stored as a dimension scale of this name. */
export const bareDimensionName = 'This is a netCDF dimension but not a netCDF variable.';

/**
 * Upper limit for the cells along a dimension: far more than in any archive, and small enough to count with.
 */
const longest = 2 ** 31;

export interface Hdf5NetcdfHeader {
  readonly variables: ReadonlyMap<string, Variable>;
  readonly dimensions: ReadonlyMap<string, Dimension>;
  /** Variables with an unsupported type, and the name of that type. */
  readonly unread: ReadonlyMap<string, string>;
}

interface Scale {
  readonly id: number;
  readonly name: string;
  readonly unlimited: boolean;
  size: number;
}

interface Found {
  readonly name: string;
  readonly dataset: Hdf5Dataset;
  readonly type: NetcdfType;
  /** IDs of its dimensions, if it is a coordinate with several dimensions. */
  readonly ids: readonly number[] | undefined;
}

/**
 * Reads the variables and dimensions of a file, in order of definition.
 *
 * @param names of the members of the file, by path
 * @param open returns the dataset at a path
 * @throws {Refusal} for unsupported content
 */
export function readNetcdfHeader(
  file: Hdf5File,
  names: ReadonlyMap<string, string>,
  open: (path: string) => Hdf5Dataset,
): Hdf5NetcdfHeader {
  const scales = new Map<string, Scale>();
  const found: Found[] = [];
  const unread = new Map<string, string>();
  for (const name of names.keys()) {
    const dataset = open(name);
    const { shape, metadata } = dataset;
    const tooLong = shape.find((size) => size >= longest);
    if (tooLong !== undefined) {
      throw new Refusal(
        `has ${name} of ${tooLong} cells along a dimension; allowed: below ${longest}.`,
      );
    }
    const scale = file.scaleName(name);
    if (scale !== undefined) {
      const unlimited = (metadata.maxshape?.[0] ?? 0) > Number.MAX_SAFE_INTEGER;
      const id = integers(file, name, '_Netcdf4Dimid')[0] ?? scales.size;
      scales.set(name, { id, name, size: shape[0] ?? 0, unlimited });
      if (scale.startsWith(bareDimensionName)) continue;
    }
    // Leaving out a coordinate would make its dimension look like one without coordinates.
    if (dataset.type === undefined && scale === undefined) {
      unread.set(names.get(name) ?? name, className(metadata));
      continue;
    }
    const isShared = scale !== undefined && shape.length > 1;
    const ids = isShared ? integers(file, name, '_Netcdf4Coordinates') : undefined;
    found.push({ ...variableOf(dataset, names.get(name) ?? name), dataset, ids });
  }
  const variables = found.map((variable) => ({
    ...variable,
    dimensions: dimensionsOf(file, variable, scales),
  }));
  // The last steps of a growing dimension may have been written to one variable only.
  for (const { dimensions, dataset } of variables) {
    for (const [axis, name] of dimensions.entries()) {
      const scale = scales.get(name);
      if (scale) scale.size = Math.max(scale.size, dataset.shape[axis] ?? 0);
    }
  }
  const ordered = [...scales.values()].sort((a, b) => a.id - b.id);
  const called = (path: string) => names.get(path) ?? path;
  return {
    unread,
    dimensions: new Map(
      ordered.map(({ name, size, unlimited }) => [
        called(name),
        { name: called(name), size, unlimited },
      ]),
    ),
    variables: new Map(
      variables.map(({ name, type, dimensions }) => {
        const shape = dimensions.map((dimension) => scales.get(dimension)?.size ?? 0);
        return [name, { name, type, dimensions: dimensions.map(called), shape }];
      }),
    ),
  };
}

function variableOf(dataset: Hdf5Dataset, name: string): { name: string; type: NetcdfType } {
  const { type, filters, metadata } = dataset;
  if (type === undefined) {
    throw new Refusal(
      `has coordinate ${name} of type ${className(metadata)}, which is not read here; allowed: numbers, enumerations, characters and strings.`,
    );
  }
  const filter = unknownFilter(filters);
  if (filter === undefined) return { name, type };
  throw new Refusal(
    `has variable ${name} compressed by ${filter}, which is not read here; allowed: deflate, szip, bzip2, lzf, lz4, zstd, blosc and bitshuffle. "nccopy -F none" or "h5repack -f GZIP=4" stores it so.`,
  );
}

/** Names of a variable's dimensions. Unnamed dimensions are numbered in order, as in netCDF-C. */
function dimensionsOf(
  file: Hdf5File,
  { dataset, ids }: Found,
  scales: Map<string, Scale>,
): string[] {
  if (ids) {
    const byId = new Map([...scales.values()].map((scale) => [scale.id, scale.name]));
    const names = ids.map((id) => byId.get(id));
    if (names.every((name) => name !== undefined)) return names;
  }
  const { name, shape, metadata } = dataset;
  if (scales.has(name) && shape.length === 1) return [name];
  const used = new Set<string>();
  return file.scales(name, shape.length).map((scale, axis) => {
    const dimension = scale ?? phonyDimension(shape[axis] ?? 0, metadata.maxshape?.[axis]);
    used.add(dimension);
    return dimension;
  });

  /** A dimension of the same size that this variable does not use yet, or a new one. */
  function phonyDimension(size: number, maximum = 0): string {
    const unlimited = maximum > Number.MAX_SAFE_INTEGER;
    for (const scale of scales.values()) {
      const isPhony = scale.name.startsWith('phony_dim_') && !used.has(scale.name);
      if (isPhony && scale.size === size && scale.unlimited === unlimited) return scale.name;
    }
    const phony = `phony_dim_${scales.size}`;
    scales.set(phony, { id: scales.size, name: phony, size, unlimited });
    return phony;
  }
}

function integers(file: Hdf5File, dataset: string, attribute: string): number[] {
  if (!file.attributeNames(dataset).includes(attribute)) return [];
  const value = readAttribute(file, dataset, attribute);
  return value?.kind === 'numbers' ? Array.from(value.values, Number) : [];
}
