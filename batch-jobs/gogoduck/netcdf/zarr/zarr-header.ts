import { readdir } from 'node:fs/promises';
import type { AsyncReadable } from '@zarrita/storage';
import * as zarr from 'zarrita';
import type { Dimension, Variable } from '../netcdf-file.ts';
import { Refusal } from '../refusal.ts';
import type { NetcdfType } from '../types.ts';
import { type FolderStore, MirroredStore } from './zarr-store.ts';

export type ZarrArray = zarr.Array<zarr.DataType>;

export interface ZarrHeader {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly arrays: ReadonlyMap<string, ZarrArray>;
  /** Arrays with an unsupported type, and the name of that type. */
  readonly unread: ReadonlyMap<string, string>;
  /** Whether the fill value marks missing data, as in version 2. */
  readonly fillIsMissing: boolean;
}

const types: Readonly<Record<string, NetcdfType>> = {
  int8: 'byte',
  uint8: 'ubyte',
  bool: 'byte',
  int16: 'short',
  uint16: 'ushort',
  int32: 'int',
  uint32: 'uint',
  int64: 'int64',
  uint64: 'uint64',
  float32: 'float',
  float64: 'double',
  'v2:S1': 'char',
};

const mostArrays = 2_000;
const longest = 2 ** 31;

/**
 * Reads the metadata of a store: the arrays of its root group, with the dimensions that xarray names.
 *
 * Sources: Zarr storage specification versions 2 and 3, https://zarr-specs.readthedocs.io; xarray's "Zarr
 * Encoding Specification", https://docs.xarray.dev/en/stable/internals/zarr-encoding-spec.html
 *
 * @throws {Refusal} for unsupported content
 */
export async function readZarrHeader(store: FolderStore): Promise<ZarrHeader> {
  const listed = await zarr.withMaybeConsolidatedMetadata(store, { format: ['v3', 'v2'] });
  const group = await zarr.open(listed, { kind: 'group' }).catch((cause: unknown) => {
    if (zarr.isZarritaError(cause)) throw new Refusal('is no Zarr store: it has no group.');
    throw cause;
  });
  const names = 'contents' in listed ? namesIn(listed.contents()) : await namesInFolder(store);
  if (names.length > mostArrays) {
    throw new Refusal(`has ${names.length} arrays; allowed: at most ${mostArrays}.`);
  }
  const arrays = new Map<string, ZarrArray>();
  const dimensions = new Map<string, Dimension>();
  const variables = new Map<string, Variable>();
  const unread = new Map<string, string>();
  let fillIsMissing = true;
  for (const name of names) {
    const strange = await unreadType(listed, name);
    if (strange !== undefined) {
      unread.set(name, strange);
      continue;
    }
    const array = await zarr.open(group.resolve(name), { kind: 'array' });
    const type = typeOf(array);
    if (type === undefined) throw new Error(`array ${name} is of type ${array.dtype}`);
    const variable = variableOf(name, type, array, dimensions);
    arrays.set(name, array);
    variables.set(name, variable);
    if (!('_ARRAY_DIMENSIONS' in array.attrs)) fillIsMissing = false;
  }
  return { attributes: group.attrs, dimensions, variables, arrays, unread, fillIsMissing };
}

function typeOf({ dtype }: ZarrArray): NetcdfType | undefined {
  const isString = dtype === 'string' || dtype === 'v2:object' || /^v2:[US]/.test(dtype);
  return types[dtype] ?? (isString ? 'string' : undefined);
}

/** Types in the notation of version 2, and those of version 3 besides the names above. */
const readTypes = /^([<>|](i[1248]|u[1248]|f[48]|b1|[SU]\d+)|\|O|string)$/;

/**
 * The type of an array that is not supported, as in its metadata; undefined if it is supported.
 *
 * @throws {Refusal} for a coordinate, because its dimension would look like one without coordinates
 */
async function unreadType(store: AsyncReadable, name: string): Promise<string | undefined> {
  const json = async (file: string) => {
    const bytes = await store.get(`/${name}/${file}`);
    return bytes && (JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>);
  };
  const metadata = (await json('.zarray')) ?? (await json('zarr.json'));
  const declared = metadata?.['dtype'] ?? metadata?.['data_type'];
  if (declared === undefined) return undefined;
  const type = typeof declared === 'string' ? declared : JSON.stringify(declared);
  if (readTypes.test(type) || type in types) return undefined;
  const attributes = await json('.zattrs');
  const names = metadata?.['dimension_names'] ?? attributes?.['_ARRAY_DIMENSIONS'];
  if (!Array.isArray(names) || names.join('/') !== name) return type;
  throw new Refusal(
    `has coordinate ${name} of type ${type}, which is not read here; allowed: whole numbers, 32 and 64-bit floats, texts.`,
  );
}

function namesOfDimensions({ dimensionNames, attrs }: ZarrArray): unknown {
  return dimensionNames ?? attrs['_ARRAY_DIMENSIONS'];
}

function variableOf(
  name: string,
  type: NetcdfType,
  array: ZarrArray,
  dimensions: Map<string, Dimension>,
): Variable {
  const { shape } = array;
  const names = namesOfDimensions(array);
  if (!Array.isArray(names) || names.length !== shape.length) {
    throw new Refusal(
      `has array ${name} without names of its dimensions; allowed: stores with "_ARRAY_DIMENSIONS" (version 2) or "dimension_names" (version 3), as xarray writes them.`,
    );
  }
  for (const [axis, dimension] of names.map(String).entries()) {
    const size = shape[axis] ?? 0;
    const known = dimensions.get(dimension);
    if (size >= longest || (known && known.size !== size)) {
      throw new Refusal(
        `has dimension ${dimension} of ${size} cells in ${name}${known ? `, and of ${known.size} elsewhere` : ''}.`,
      );
    }
    dimensions.set(dimension, { name: dimension, size, unlimited: false });
  }
  return { name, type, shape, dimensions: names.map(String) };
}

function namesIn(contents: readonly { readonly path: string; readonly kind: string }[]): string[] {
  return contents
    .filter(({ kind, path }) => kind === 'array' && /^\/[^/]+$/.test(path))
    .map(({ path }) => path.slice(1))
    .filter((name) => name !== '..' && name !== '.');
}

async function namesInFolder(store: FolderStore): Promise<string[]> {
  const names: string[] = [];
  for (const name of await foldersOf(store)) {
    const isArray = (await store.get(`/${name}/.zarray`)) !== undefined;
    if (isArray || (await isArrayOfThree(store, name))) names.push(name);
    if (names.length > mostArrays) break;
  }
  return names.sort();
}

async function foldersOf(store: FolderStore): Promise<string[]> {
  if (!(store instanceof MirroredStore)) {
    const entries = await readdir(store.folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }
  const folders = await store.folders();
  if (folders) return folders;
  throw new Refusal(
    'has no consolidated metadata, without which a store at a URL cannot be listed; "zarr.consolidate_metadata" writes it.',
  );
}

async function isArrayOfThree(store: FolderStore, name: string): Promise<boolean> {
  const bytes = await store.get(`/${name}/zarr.json`);
  const { node_type: kind } = JSON.parse(Buffer.from(bytes ?? '{}').toString()) as {
    node_type?: string;
  };
  return kind === 'array';
}
