import type { FileBytes } from './file-bytes.ts';
import { MetadataBlock } from './metadata-block.ts';

/** Types of header messages, HDF5 File Format Specification 3.0, IV.A.2. */
export const messageTypes = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  link: 0x06,
  externalFiles: 0x07,
  dataLayout: 0x08,
  filterPipeline: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  attributeInfo: 0x15,
} as const;

const sharedFlag = 0x02;

/** Maximum number of blocks of one header, far more than in a sane file. */
const mostBlocks = 1024;

/** A message of an object's header. Its body may be changed in place. */
export interface HeaderMessage {
  readonly type: number;
  /** Whether the body only says where the message is. */
  readonly shared: boolean;
  readonly body: Buffer;
}

/**
 * The header of an object in an HDF5 file.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.1 "Disk Format: Level 2A - Data Object Headers", versions
 * 1 and 2.
 */
export class ObjectHeader {
  readonly messages: readonly HeaderMessage[];
  /** Blocks of version 2, which end in checksums. */
  readonly #blocks: MetadataBlock[] = [];

  /** @throws if there is no such header at the address */
  constructor(file: FileBytes, address: number) {
    const isSecond = file.read(address, 4).toString('latin1') === 'OHDR';
    this.messages = isSecond ? this.#second(file, address) : first(file, address);
  }

  /** @throws if there is no such message */
  message(type: number): Buffer {
    const found = this.messages.find((message) => message.type === type);
    if (!found) throw new Error(`the object has no header message of type ${type}`);
    return found.body;
  }

  /**
   * Writes the messages of a version 2 header back.
   *
   * @param file descriptor
   */
  write(file: number): void {
    for (const block of this.#blocks) block.write(file);
  }

  #second(file: FileBytes, address: number): HeaderMessage[] {
    const prefix = file.read(address, 34);
    if (prefix.readUInt8(4) !== 2) throw new Error(`no object header of version 2 at ${address}`);
    const flags = prefix.readUInt8(5);
    // Flags say whether times and attribute limits come first. The size of the first block follows.
    const sizeAt = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const sizeBytes = 1 << (flags & 0x03);
    const size = prefix.readUIntLE(sizeAt, Math.min(sizeBytes, 6));
    const start = sizeAt + sizeBytes;
    const head = { size: flags & 0x04 ? 6 : 4, typeBytes: 1 };
    const block = new MetadataBlock(file, address, start + size + 4);
    this.#blocks.push(block);
    return withContinuations(messagesIn(block.bytes, start, block.bytes.length - 4, head), (at) => {
      const next = new MetadataBlock(file, at.address, at.size);
      this.#blocks.push(next);
      return messagesIn(next.bytes, 4, next.bytes.length - 4, head);
    });
  }
}

function first(file: FileBytes, address: number): HeaderMessage[] {
  const prefix = file.read(address, 16);
  if (prefix.readUInt8(0) !== 1) throw new Error(`no object header at ${address}`);
  const head = { size: 8, typeBytes: 2 };
  const read = (at: Extent) => messagesIn(file.read(at.address, at.size), 0, at.size, head);
  return withContinuations(read({ address: address + 16, size: prefix.readUInt32LE(8) }), read);
}

interface Extent {
  readonly address: number;
  readonly size: number;
}

function withContinuations(
  messages: HeaderMessage[],
  read: (extent: Extent) => HeaderMessage[],
): HeaderMessage[] {
  let blocks = 1;
  // The list grows during the iteration, because a continuation may contain another one.
  for (const { type, body } of messages) {
    if (type !== messageTypes.continuation) continue;
    if (++blocks > mostBlocks) throw new Error('the object header has no end');
    const [address, size] = [body.readBigUInt64LE(0), body.readBigUInt64LE(8)];
    messages.push(...read({ address: Number(address), size: Number(size) }));
  }
  return messages;
}

function messagesIn(
  bytes: Buffer,
  start: number,
  end: number,
  head: { readonly size: number; readonly typeBytes: number },
): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  // The remaining bytes may be too few for a message.
  for (let at = start; at + head.size <= end; ) {
    const bodyAt = at + head.size;
    const size = bytes.readUInt16LE(at + head.typeBytes);
    const type = bytes.readUIntLE(at, head.typeBytes);
    const shared = (bytes.readUInt8(at + head.typeBytes + 2) & sharedFlag) !== 0;
    messages.push({ type, shared, body: bytes.subarray(bodyAt, bodyAt + size) });
    at = bodyAt + size;
  }
  return messages;
}
