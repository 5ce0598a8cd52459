import type { FileBytes } from './file-bytes.ts';
import { MetadataBlock } from './metadata-block.ts';

const headerSize = 146;
/** Bits of a heap ID that say how its object is stored; 0 for an object in the heap's own blocks. */
const kindBits = 0x30;

/**
 * A heap that stores the links of a group or the attributes of an object if there are many.
 *
 * Source: HDF5 File Format Specification 3.0, III.G "Fractal Heap". Supported are heaps without filters, and
 * objects in direct blocks of the root, which holds a few hundred thousand bytes.
 */
export class FractalHeap {
  readonly #file: FileBytes;
  readonly #header: Buffer;
  readonly #offsetBytes: number;
  readonly #lengthBytes: number;
  #blocks: readonly Block[] | undefined;

  /** @throws if there is no such heap */
  constructor(file: FileBytes, address: number) {
    this.#file = file;
    this.#header = new MetadataBlock(file, address, headerSize).bytes;
    const isKnown =
      this.#header.toString('latin1', 0, 4) === 'FRHP' &&
      this.#header.readUInt8(4) === 0 &&
      this.#header.readUInt16LE(7) === 0;
    if (!isKnown) throw new Error(`no plain heap at ${address}`);
    this.#offsetBytes = Math.ceil(this.#header.readUInt16LE(128) / 8);
    const ofBlocks = Math.ceil(Math.log2(this.#number(120)) / 8);
    const ofObjects = Math.floor(Math.log2(this.#header.readUInt32LE(10)) / 8) + 1;
    this.#lengthBytes = Math.min(ofBlocks, ofObjects);
  }

  /** @throws if the object is stored in another way */
  object(id: Buffer): Buffer {
    if ((id.readUInt8(0) & kindBits) !== 0) throw new Error('the object is not in the heap itself');
    const offset = id.readUIntLE(1, this.#offsetBytes);
    const length = id.readUIntLE(1 + this.#offsetBytes, this.#lengthBytes);
    this.#blocks ??= this.#directBlocks();
    const block = this.#blocks.find(({ from, size }) => offset >= from && offset < from + size);
    if (!block || offset + length > block.from + block.size) {
      throw new Error('the object is in no direct block');
    }
    return this.#file.read(block.address + offset - block.from, length);
  }

  #directBlocks(): Block[] {
    const [width, first] = [this.#header.readUInt16LE(110), this.#number(112)];
    const [root, rows] = [this.#number(132), this.#header.readUInt16LE(140)];
    if (rows === 0) return [{ address: root, from: 0, size: first }];
    const largest = this.#number(120);
    const blocks: Block[] = [];
    let at = root + 13 + this.#offsetBytes;
    let from = 0;
    for (let row = 0; row < rows; row++) {
      const size = row === 0 ? first : first * 2 ** (row - 1);
      if (size > largest) break;
      for (let column = 0; column < width; column++, at += 8, from += size) {
        blocks.push({ address: Number(this.#file.read(at, 8).readBigUInt64LE()), from, size });
      }
    }
    return blocks;
  }

  #number(at: number): number {
    return Number(this.#header.readBigUInt64LE(at));
  }
}

interface Block {
  readonly address: number;
  /** Where the block begins in the heap's own space, and its size in bytes, including its header. */
  readonly from: number;
  readonly size: number;
}
