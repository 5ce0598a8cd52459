import { fstatSync, readSync } from 'node:fs';

/** Files up to this size are read whole: one system call is cheaper than many. */
const smallFile = 256 * 1024;

const smallRead = 4 * 1024;
const windowSize = 16 * 1024;

/** The bytes of an open file, at any address. */
export class FileBytes {
  readonly size: number;
  readonly #file: number;
  #whole: Buffer | undefined;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;

  /** @param file descriptor; the caller closes it */
  constructor(file: number) {
    this.#file = file;
    this.size = fstatSync(file).size;
  }

  /** @throws if the file ends before the last byte */
  read(address: number, size: number): Buffer {
    if (address < 0 || size < 0 || address + size > this.size) {
      throw new Error(`the file ends before ${address + size}`);
    }
    if (this.size <= smallFile) {
      this.#whole ??= readFully(this.#file, 0, this.size);
      return this.#whole.subarray(address, address + size);
    }
    return size < smallRead ? this.#readNear(address, size) : readFully(this.#file, address, size);
  }

  /** Small reads are mostly sequential, so each read fetches a larger window. */
  #readNear(address: number, size: number): Buffer {
    const offset = address - this.#windowAt;
    if (offset >= 0 && offset + size <= this.#window.length) {
      return this.#window.subarray(offset, offset + size);
    }
    this.#window = readFully(this.#file, address, Math.min(windowSize, this.size - address));
    this.#windowAt = address;
    return this.#window.subarray(0, size);
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
