import { fstatSync, readSync } from 'node:fs';

/** Files up to this size are read at once: one call to the system is cheaper than many. */
const smallFile = 256 * 1024;

/** The bytes of an open file, at any address. */
export class FileBytes {
  readonly size: number;
  readonly #file: number;
  #whole: Buffer | undefined;

  /** @param file descriptor; the caller closes it */
  constructor(file: number) {
    this.#file = file;
    this.size = fstatSync(file).size;
  }

  /** @throws when the file ends before the last of them */
  read(address: number, size: number): Buffer {
    if (address < 0 || size < 0 || address + size > this.size) {
      throw new Error(`the file ends before ${address + size}`);
    }
    if (this.size > smallFile) return readFully(this.#file, address, size);
    this.#whole ??= readFully(this.#file, 0, this.size);
    return this.#whole.subarray(address, address + size);
  }
}

function readFully(file: number, address: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  for (let done = 0; done < size; ) {
    const read = readSync(file, bytes, done, size - done, address + done);
    if (read === 0) throw new Error(`the file ends before ${address + size}`);
    done += read;
  }
  return bytes;
}
