import type { FileBytes } from './file-bytes.ts';
import { MetadataBlock } from './metadata-block.ts';

const headerSize = 38;
/** Bytes of a node besides its records: signature, version, type and, at the end, a checksum. */
const nodeOverhead = 10;

/**
 * The records of a B-tree of version 2 with at most two levels, which hold a thousand records.
 *
 * Source: HDF5 File Format Specification 3.0, III.A.2 "Version 2 B-trees".
 *
 * @throws if there is no such tree
 */
export function treeRecords(file: FileBytes, address: number): Buffer[] {
  const { bytes } = new MetadataBlock(file, address, headerSize);
  const depth = bytes.readUInt16LE(12);
  if (bytes.toString('latin1', 0, 4) !== 'BTHD' || bytes.readUInt8(4) !== 0 || depth > 1) {
    throw new Error(`no tree of two levels at ${address}`);
  }
  const size = { node: bytes.readUInt32LE(6), record: bytes.readUInt16LE(10) };
  const count = bytes.readUInt16LE(24);
  if (count === 0) return [];
  const root = Number(bytes.readBigUInt64LE(16));
  if (depth === 0) return nodeRecords(file, root, 'BTLF', count, size.record, 0).records;
  const mostInLeaf = Math.floor((size.node - nodeOverhead) / size.record);
  const countBytes = Math.floor(Math.log2(mostInLeaf) / 8) + 1;
  const pointers = (8 + countBytes) * (count + 1);
  const { records, rest } = nodeRecords(file, root, 'BTIN', count, size.record, pointers);
  const all: Buffer[] = [];
  for (let child = 0; child <= count; child++) {
    const at = child * (8 + countBytes);
    const leaf = Number(rest.readBigUInt64LE(at));
    const inLeaf = rest.readUIntLE(at + 8, countBytes);
    all.push(...nodeRecords(file, leaf, 'BTLF', inLeaf, size.record, 0).records);
    all.push(...records.slice(child, child + 1));
  }
  return all;
}

function nodeRecords(
  file: FileBytes,
  address: number,
  signature: string,
  count: number,
  recordSize: number,
  pointers: number,
): { records: Buffer[]; rest: Buffer } {
  const end = 6 + count * recordSize;
  const { bytes } = new MetadataBlock(file, address, end + pointers + 4);
  if (bytes.toString('latin1', 0, 4) !== signature)
    throw new Error(`no ${signature} at ${address}`);
  const records = Array.from({ length: count }, (_, index) =>
    bytes.subarray(6 + index * recordSize, 6 + (index + 1) * recordSize),
  );
  return { records, rest: bytes.subarray(end, end + pointers) };
}
