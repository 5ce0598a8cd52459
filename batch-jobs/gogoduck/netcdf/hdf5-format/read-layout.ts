import { ravelled } from '../positions.ts';
import { product } from '../product.ts';
import type { ChunkGrid, StoredChunk } from './chunk-index.ts';
import type { FileBytes } from './file-bytes.ts';
import { messageTypes, type ObjectHeader } from './object-header.ts';

const contiguous = 1;
const chunked = 2;
const noAddress = 2n ** 64n - 1n;
/** Maximum number of levels of a tree; five levels hold a thousand million chunks. */
const mostLevels = 6;

/** Where the cells of a dataset are stored. */
export type DataLayout =
  /** Chunks by ordinal. A chunk that is absent was never written. */
  | {
      readonly kind: 'chunked';
      readonly grid: ChunkGrid;
      readonly chunks: ReadonlyMap<number, StoredChunk>;
    }
  /** All in one place, row by row. */
  | { readonly kind: 'contiguous'; readonly address: number; readonly size: number };

/**
 * Reads where the cells of a dataset are stored.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.i "The Data Layout Message", version 3, and III.A.1
 * "Version 1 B-trees", node type 1.
 *
 * @param header the dataset's
 * @param shape of the dataset
 * @returns undefined for a dataset that is stored in another way, or has no storage yet
 * @throws if the layout cannot be read
 */
export function readLayout(
  file: FileBytes,
  header: Pick<ObjectHeader, 'message'>,
  shape: readonly number[],
): DataLayout | undefined {
  const layout = header.message(messageTypes.dataLayout);
  if (layout.readUInt8(0) !== 3) return undefined;
  const kind = layout.readUInt8(1);
  if (kind === contiguous) {
    const address = layout.readBigUInt64LE(2);
    if (address === noAddress) return undefined;
    const size = Number(layout.readBigUInt64LE(10));
    return { kind: 'contiguous', address: Number(address), size };
  }
  if (kind !== chunked || layout.readUInt8(2) !== shape.length + 1) return undefined;
  const lengths = [...shape, 1].map((_, axis) => layout.readUInt32LE(11 + 4 * axis));
  const cellSize = lengths.pop() ?? 0;
  if (lengths.some((length) => length === 0)) return undefined;
  const counts = shape.map((size, axis) => Math.ceil(size / (lengths[axis] ?? 1)));
  const grid = { counts, chunk: lengths, cellSize };
  const root = layout.readBigUInt64LE(3);
  const chunks = new Map<number, StoredChunk>();
  if (root !== noAddress) readNode(file, Number(root), undefined, grid, chunks);
  return { kind: 'chunked', grid, chunks };
}

function readNode(
  file: FileBytes,
  address: number,
  expectedLevel: number | undefined,
  grid: ChunkGrid,
  chunks: Map<number, StoredChunk>,
): void {
  const head = file.read(address, 24);
  const level = head.readUInt8(5);
  const isExpected =
    head.toString('latin1', 0, 4) === 'TREE' &&
    head.readUInt8(4) === 1 &&
    level === (expectedLevel ?? level) &&
    level < mostLevels;
  if (!isExpected) throw new Error(`no index of chunks at ${address}`);
  const rank = grid.chunk.length;
  const keySize = 8 + 8 * (rank + 1);
  const entries = head.readUInt16LE(6);
  const body = file.read(address + 24, entries * (keySize + 8));
  const total = product(grid.counts);
  for (let entry = 0; entry < entries; entry++) {
    const at = entry * (keySize + 8);
    const child = Number(body.readBigUInt64LE(at + keySize));
    if (level > 0) {
      readNode(file, child, level - 1, grid, chunks);
      continue;
    }
    const position = grid.chunk.map(
      (length, axis) => Number(body.readBigUInt64LE(at + 8 + 8 * axis)) / length,
    );
    // A dataset that was shrunk may still have chunks past its edge.
    if (position.some((index, axis) => index >= (grid.counts[axis] ?? 0))) continue;
    const ordinal = ravelled(position, grid.counts);
    if (!Number.isInteger(ordinal) || ordinal >= total) throw new Error('a chunk has no place');
    const [size, skipped] = [body.readUInt32LE(at), body.readUInt32LE(at + 4)];
    chunks.set(ordinal, { address: child, size, skipped });
  }
}
