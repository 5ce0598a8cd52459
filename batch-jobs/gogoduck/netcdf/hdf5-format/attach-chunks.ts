import { type ChunkGrid, chunkIndex, type StoredChunk } from './chunk-index.ts';
import type { FileBytes } from './file-bytes.ts';
import { messageTypes, ObjectHeader } from './object-header.ts';

/** Numbers and flags of filters, HDF5 File Format Specification 3.0, IV.A.2.l. */
export const filters = { deflate: 1, shuffle: 2 } as const;
const optional = 1;

/** How chunks are compressed. */
export interface Compression {
  /** Whether the bytes of cells are first arranged in planes. */
  readonly shuffle: boolean;
  /** Level of the deflate filter: 1 (fast) to 9 (small). */
  readonly deflateLevel: number;
}

/**
 * Values with which to create a dataset's deflate filter, so that its header has room for the filters that
 * {@link attachChunks} writes.
 */
export const deflatePlaceholder: readonly number[] = [0, 0, 0, 0];

/**
 * Records in a dataset without chunks where its chunks are stored and how they are compressed.
 *
 * The HDF5 library does the same when it receives compressed chunks (`H5Dwrite_chunk`), but its WebAssembly
 * build does not offer that function.
 *
 * @param file descriptor, open for reading and writing
 * @param header address of the dataset's object header
 * @param end address at which the index will be written
 * @returns the index, to be written there
 * @throws if the dataset is not stored as expected; nothing was changed then
 */
export function attachChunks(
  bytes: FileBytes,
  file: number,
  header: number,
  chunks: readonly StoredChunk[],
  grid: ChunkGrid,
  compression: Compression,
  end: number,
): Buffer {
  const object = new ObjectHeader(bytes, header);
  const { bytes: index, root } = chunkIndex(chunks, grid, end);
  setIndex(object.message(messageTypes.dataLayout), grid, root);
  setFilters(object.message(messageTypes.filterPipeline), grid.cellSize, compression);
  object.write(file);
  return index;
}

/** Source: HDF5 File Format Specification 3.0, IV.A.2.i "The Data Layout Message", version 3. */
function setIndex(layout: Buffer, { chunk, cellSize }: ChunkGrid, root: number): void {
  const chunked = 2;
  const dimensions = [...chunk, cellSize];
  const isAsExpected =
    layout.readUInt8(0) === 3 &&
    layout.readUInt8(1) === chunked &&
    layout.readUInt8(2) === dimensions.length &&
    dimensions.every((length, axis) => layout.readUInt32LE(11 + 4 * axis) === length);
  if (!isAsExpected) throw new Error('the dataset is not laid out in the chunks expected');
  layout.writeBigUInt64LE(BigInt(root), 3);
}

/** Source: HDF5 File Format Specification 3.0, IV.A.2.l "The Filter Pipeline Message", version 2. */
function setFilters(pipeline: Buffer, cellSize: number, compression: Compression): void {
  const used = [
    ...(compression.shuffle ? [[filters.shuffle, cellSize] as const] : []),
    [filters.deflate, compression.deflateLevel] as const,
  ];
  const version = 2;
  if (pipeline.readUInt8(0) !== version || pipeline.length < 2 + 10 * used.length) {
    throw new Error('the dataset has no room for its filters');
  }
  pipeline.fill(0);
  let at = pipeline.writeUInt8(version, 0);
  at = pipeline.writeUInt8(used.length, at);
  for (const [filter, value] of used) {
    at = pipeline.writeUInt16LE(filter, at);
    at = pipeline.writeUInt16LE(optional, at);
    at = pipeline.writeUInt16LE(1, at);
    at = pipeline.writeUInt32LE(value, at);
  }
}
