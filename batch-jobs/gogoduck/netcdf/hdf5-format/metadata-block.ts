import { writeSync } from 'node:fs';
import { checksum } from './checksum.ts';
import type { FileBytes } from './file-bytes.ts';

const checksumSize = 4;

/** A metadata block of an HDF5 file that ends in a checksum. */
export class MetadataBlock {
  readonly bytes: Buffer;
  readonly #address: number;

  /**
   * @param size including the checksum
   * @throws if the checksum does not match the block, so the content is not what was expected
   */
  constructor(file: FileBytes, address: number, size: number) {
    this.#address = address;
    this.bytes = file.read(address, size);
    if (size < checksumSize || this.#sum() !== this.bytes.readUInt32LE(size - checksumSize)) {
      throw new Error(`the metadata at ${address} has another checksum`);
    }
  }

  /**
   * Writes the block back, with its new checksum.
   *
   * @param file descriptor
   */
  write(file: number): void {
    this.bytes.writeUInt32LE(this.#sum(), this.bytes.length - checksumSize);
    writeSync(file, this.bytes, 0, this.bytes.length, this.#address);
  }

  #sum(): number {
    return checksum(this.bytes.subarray(0, this.bytes.length - checksumSize));
  }
}
