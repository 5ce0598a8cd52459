import { readSync, writeSync } from 'node:fs';
import { checksum } from './checksum.ts';

const checksumSize = 4;

/** A block of metadata of an HDF5 file that ends in a checksum. */
export class MetadataBlock {
  readonly bytes: Buffer;
  readonly #file: number;
  readonly #address: number;

  /**
   * @param file descriptor
   * @param size with the checksum
   * @throws when the checksum is not that of the block: what is there is not what was expected
   */
  constructor(file: number, address: number, size: number) {
    this.#file = file;
    this.#address = address;
    this.bytes = readAt(file, address, size);
    if (this.#sum() !== this.bytes.readUInt32LE(size - checksumSize)) {
      throw new Error(`the metadata at ${address} has another checksum`);
    }
  }

  /** Writes the block back, with its new checksum. */
  write(): void {
    this.bytes.writeUInt32LE(this.#sum(), this.bytes.length - checksumSize);
    writeSync(this.#file, this.bytes, 0, this.bytes.length, this.#address);
  }

  #sum(): number {
    return checksum(this.bytes.subarray(0, this.bytes.length - checksumSize));
  }
}

export function readAt(file: number, address: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  if (readSync(file, bytes, 0, size, address) !== size) {
    throw new Error(`the file ends before ${address + size}`);
  }
  return bytes;
}
