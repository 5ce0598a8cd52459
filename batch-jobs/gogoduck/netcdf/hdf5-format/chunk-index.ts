import { unravelled } from '../positions.ts';

/** Where a compressed chunk is stored. */
export interface StoredChunk {
  readonly address: number;
  readonly size: number;
  /** Filters that were skipped for this chunk, one bit each; 0 if all were applied. */
  readonly skipped: number;
}

/** How a dataset is divided into chunks. */
export interface ChunkGrid {
  /** Number of chunks along each dimension. */
  readonly counts: readonly number[];
  /** Cells of a chunk along each dimension. */
  readonly chunk: readonly number[];
  /** Bytes of a cell. */
  readonly cellSize: number;
}

/** Maximum number of children of a node: twice the default K of such trees. */
const fanOut = 64;
const noAddress = 2n ** 64n - 1n;

/**
 * The index of a dataset's chunks, a B-tree of version 1: its nodes one after the other, to be written at
 * `address`.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.1 "Version 1 B-trees", node type 1.
 *
 * @param chunks all chunks of the dataset, row by row; at least one
 */
export function chunkIndex(
  chunks: readonly StoredChunk[],
  grid: ChunkGrid,
  address: number,
): { readonly bytes: Buffer; readonly root: number } {
  const keySize = 8 + 8 * (grid.chunk.length + 1);
  const nodeSize = 24 + (fanOut + 1) * keySize + fanOut * 8;
  const nodes: Buffer[] = [];
  // What the nodes of a level point to: the first chunk below, and the address.
  let children = chunks.map((stored, first) => ({ first, address: stored.address }));
  for (let level = 0; level === 0 || children.length > 1; level++) {
    const base = address + nodes.length * nodeSize;
    const groups = inGroups(children);
    for (const [index, group] of groups.entries()) {
      const node = Buffer.alloc(nodeSize);
      node.write('TREE', 'latin1');
      node.writeUInt8(1, 4);
      node.writeUInt8(level, 5);
      node.writeUInt16LE(group.length, 6);
      const isLast = index === groups.length - 1;
      node.writeBigUInt64LE(index === 0 ? noAddress : BigInt(base + (index - 1) * nodeSize), 8);
      node.writeBigUInt64LE(isLast ? noAddress : BigInt(base + (index + 1) * nodeSize), 16);
      let at = 24;
      for (const { first, address: child } of group) {
        at = writeKey(node, at, chunks[first]?.size ?? 0, unravelled(first, grid.counts), grid);
        at = node.writeBigUInt64LE(BigInt(child), at);
      }
      const next = groups[index + 1]?.[0];
      if (next)
        writeKey(
          node,
          at,
          chunks[next.first]?.size ?? 0,
          unravelled(next.first, grid.counts),
          grid,
        );
      else writeKey(node, at, 0, beyond(grid), grid);
      nodes.push(node);
    }
    children = groups.map((group, index) => ({
      first: group[0]?.first ?? 0,
      address: base + index * nodeSize,
    }));
  }
  return { bytes: Buffer.concat(nodes), root: children[0]?.address ?? 0 };
}

function inGroups<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / fanOut) }, (_, group) =>
    items.slice(group * fanOut, (group + 1) * fanOut),
  );
}

/** @param position in chunks along each dimension; a missing position within the cell is 0 */
function writeKey(
  node: Buffer,
  at: number,
  size: number,
  position: readonly number[],
  { chunk, cellSize }: ChunkGrid,
): number {
  node.writeUInt32LE(size, at);
  // No filter was skipped.
  let next = node.writeUInt32LE(0, at + 4);
  for (const [axis, length] of [...chunk, cellSize].entries()) {
    next = node.writeBigUInt64LE(BigInt((position[axis] ?? 0) * length), next);
  }
  return next;
}

/** The right edge of the tree, past the last chunk in every direction. */
function beyond({ counts }: ChunkGrid): number[] {
  return [...counts, 1];
}
