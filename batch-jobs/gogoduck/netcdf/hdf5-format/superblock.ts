import { MetadataBlock } from './metadata-block.ts';

const size = 48;
/** Where the version and the address of the file's end stand. */
const versionAt = 8;
const endAt = 28;

/**
 * Tells a file where it ends now.
 *
 * Source: HDF5 File Format Specification 3.0, II.A "Superblock", versions 2 and 3.
 *
 * @throws when the file has another kind of superblock
 */
export function setEndOfFile(file: number, end: number): void {
  const superblock = new MetadataBlock(file, 0, size);
  const version = superblock.bytes.readUInt8(versionAt);
  if (version !== 2 && version !== 3) throw new Error(`superblock version ${version}`);
  superblock.bytes.writeBigUInt64LE(BigInt(end), endAt);
  superblock.write();
}
