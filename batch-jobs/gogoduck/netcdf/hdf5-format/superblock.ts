import type { FileBytes } from './file-bytes.ts';
import { MetadataBlock } from './metadata-block.ts';

const size = 48;
/** Where the version and the address of the file's end are stored. */
const versionAt = 8;
const endAt = 28;

/**
 * Records the new end of a file in its superblock.
 *
 * Source: HDF5 File Format Specification 3.0, II.A "Superblock", versions 2 and 3.
 *
 * @param file descriptor of the same file
 * @throws if the file has another kind of superblock
 */
export function setEndOfFile(bytes: FileBytes, file: number, end: number): void {
  const superblock = new MetadataBlock(bytes, 0, size);
  const version = superblock.bytes.readUInt8(versionAt);
  if (version !== 2 && version !== 3) throw new Error(`superblock version ${version}`);
  superblock.bytes.writeBigUInt64LE(BigInt(end), endAt);
  superblock.write(file);
}

/** Whether addresses have eight bytes and count from the start of the file, as in nearly all files. */
export function hasPlainAddresses(bytes: FileBytes): boolean {
  const head = bytes.read(0, 32);
  const version = head.readUInt8(versionAt);
  // Sizes of offsets and of lengths, and the base address.
  const [sizesAt, baseAt] = version < 2 ? [13, version === 0 ? 24 : 28] : [9, 12];
  return (
    version <= 3 &&
    head.readUInt8(sizesAt) === 8 &&
    head.readUInt8(sizesAt + 1) === 8 &&
    bytes.read(baseAt, 8).readBigUInt64LE() === 0n
  );
}

/**
 * Address of the object header of the root group.
 *
 * @throws if the file is truncated, is being written, or has another kind of superblock
 */
export function rootAddress(bytes: FileBytes): number {
  const version = bytes.read(versionAt, 1).readUInt8();
  // Where the addresses of the file's end and the root group are stored.
  const [end, root] = version < 2 ? [40 + 4 * version, 64 + 4 * version] : [endAt, 36];
  if (version >= 2) {
    const flags = new MetadataBlock(bytes, 0, size).bytes.readUInt8(11);
    if (flags !== 0) throw new Error('the file is being written');
  }
  const isWhole = version <= 3 && bytes.read(end, 8).readBigUInt64LE() <= bytes.size;
  if (!isWhole) throw new Error('the file ends before it should');
  return Number(bytes.read(root, 8).readBigUInt64LE());
}
