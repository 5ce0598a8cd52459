import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { ZipFile } from 'yazl';
import type { Attributes } from './netcdf/attributes.ts';
import { fillCell } from './netcdf/fill-cell.ts';
import type { Hdf5 } from './netcdf/hdf5-file.ts';
import type { NetcdfFile, Variable } from './netcdf/netcdf-file.ts';
import { openNetcdf } from './netcdf/open-netcdf.ts';
import { positionsIn } from './netcdf/positions.ts';
import { product } from './netcdf/product.ts';
import { forEachRow } from './netcdf/rows.ts';
import { shuffle } from './netcdf/shuffle.ts';
import type { StoredChunks } from './netcdf/stored-data.ts';
import { sizeOf } from './netcdf/types.ts';
import {
  arrayMetadata,
  attributesMetadata,
  type Json,
  jsonText,
  object,
  whole,
  type ZarrStorage,
} from './netcdf/zarr/zarr-metadata.ts';

const compress = promisify(deflate);
/** Level for data that is not compressed yet; most archives use it. */
const usualLevel = 4;

/** An array of the store, and where its chunks come from. */
interface ZarrSource {
  readonly variable: Variable;
  readonly attributes: Attributes;
  readonly storage: ZarrStorage;
  /** Chunks that are compressed in the same way as the array. */
  readonly stored: StoredChunks | undefined;
}

/**
 * Writes a NetCDF file as a zipped Zarr store of version 2 with consolidated metadata, in the form that
 * xarray reads and writes. Deflated HDF5 chunks are valid Zarr chunks, and are copied unchanged. Memory holds
 * one chunk at a time.
 *
 * Source: Zarr storage specification version 2, https://zarr-specs.readthedocs.io/en/latest/v2/v2.0.html
 */
export async function writeZarr(hdf5: Hdf5, netcdf: string, to: string): Promise<void> {
  const file = await openNetcdf(hdf5, netcdf);
  try {
    const zip = new ZipFile();
    const sources = [...file.variables.values()].map((variable) => sourceOf(file, variable));
    const metadata = metadataOf(file.attributes(), sources);
    for (const [key, value] of metadata) add(zip, key, async () => Buffer.from(jsonText(value)));
    const all = object({
      zarr_consolidated_format: whole(1),
      metadata: metadata,
    });
    add(zip, '.zmetadata', async () => Buffer.from(jsonText(all)));
    for (const source of sources) {
      const { shape } = source.variable;
      const { chunk } = source.storage;
      const counts = shape.map((size, axis) => Math.ceil(size / (chunk[axis] ?? 1)));
      const origin = shape.map(() => 0);
      for (const position of positionsIn(origin, counts)) {
        const key = position.length === 0 ? '0' : position.join('.');
        const at = [...position];
        add(zip, `${source.variable.name}/${key}`, () => chunkBytes(file, source, at));
      }
    }
    zip.end();
    await pipeline(zip.outputStream, createWriteStream(to));
  } finally {
    file.close();
  }
}

/**
 * Adds an entry that is created when the zip file reaches it. It is not compressed, because chunks are
 * already compressed.
 */
function add(zip: ZipFile, key: string, make: () => Promise<Uint8Array>): void {
  zip.addReadStreamLazy(key, { compress: false }, (take) => {
    make().then(
      (bytes) => take(null, Readable.from([bytes])),
      (error: unknown) => zip.emit('error', error),
    );
  });
}

function sourceOf(file: NetcdfFile, variable: Variable): ZarrSource {
  const stored = file.chunks(variable);
  const { deflateLevel } = stored?.filters ?? {};
  const isNumber = variable.type !== 'string' && variable.type !== 'char';
  return {
    variable,
    attributes: file.attributes(variable),
    stored: deflateLevel === undefined ? undefined : stored,
    storage: {
      chunk: stored?.grid.chunk ?? variable.shape,
      shuffle: stored ? stored.filters.shuffle : isNumber && sizeOf(variable.type) > 1,
      level: deflateLevel ?? usualLevel,
    },
  };
}

/** Metadata of the group and its arrays, by key. */
function metadataOf(attributes: Attributes, sources: readonly ZarrSource[]): Map<string, Json> {
  const arrays = sources.flatMap(({ variable, attributes: own, storage }) => [
    [`${variable.name}/.zarray`, arrayMetadata(variable, own, storage)] as const,
    [`${variable.name}/.zattrs`, attributesMetadata(own, variable.dimensions)] as const,
  ]);
  return new Map<string, Json>([
    ['.zgroup', object({ zarr_format: whole(2) })],
    ['.zattrs', attributesMetadata(attributes)],
    ...arrays,
  ]);
}

async function chunkBytes(
  file: NetcdfFile,
  { variable, attributes, storage, stored }: ZarrSource,
  position: readonly number[],
): Promise<Uint8Array> {
  const known = stored?.stored(position);
  if (known) return known;
  const { chunk, shuffle: isShuffled, level } = storage;
  const start = position.map((at, axis) => at * (chunk[axis] ?? 1));
  const count = chunk.map((length, axis) =>
    Math.min(length, (variable.shape[axis] ?? 0) - (start[axis] ?? 0)),
  );
  if (variable.type === 'string') {
    return compress(textsAsBytes(file.readStrings(variable, { start, count })), { level });
  }
  const cell = fillCell(variable.type, attributes);
  const cells = new Uint8Array(product(chunk) * cell.length);
  for (let at = 0; at < cells.length; at += cell.length) cells.set(cell, at);
  const found = file.readBytes(variable, { start, count });
  const origin = chunk.map(() => 0);
  forEachRow(
    count,
    { shape: count, start: origin },
    { shape: chunk, start: origin },
    (from, at, length) => {
      const row = found.subarray(from * cell.length, (from + length) * cell.length);
      cells.set(row, at * cell.length);
    },
  );
  return compress(isShuffled ? shuffle(cells, cell.length) : cells, { level });
}

/** Source: numcodecs, `VLenUTF8`: the number of texts, then the length and the bytes of each. */
function textsAsBytes(texts: readonly string[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(texts.length);
  const parts = texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat([count, ...parts]);
}
