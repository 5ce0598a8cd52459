import { MetadataBlock, readAt } from './metadata-block.ts';

/** Types of header messages, HDF5 File Format Specification 3.0, IV.A.2. */
export const messageTypes = { dataLayout: 0x08, filterPipeline: 0x0b, continuation: 0x10 } as const;

/** A message of an object's header; its body may be changed in place. */
export interface HeaderMessage {
  readonly type: number;
  readonly body: Buffer;
}

/**
 * The header of an object in an HDF5 file.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.1.b "Version 2 Data Object Header Prefix".
 */
export class ObjectHeader {
  readonly messages: readonly HeaderMessage[];
  readonly #blocks: readonly MetadataBlock[];

  /** @throws when there is no such header at the address */
  constructor(file: number, address: number) {
    const prefix = readAt(file, address, 34);
    if (prefix.toString('latin1', 0, 4) !== 'OHDR' || prefix.readUInt8(4) !== 2) {
      throw new Error(`no object header of version 2 at ${address}`);
    }
    const flags = prefix.readUInt8(5);
    // Times and attribute limits are there when flags say so, and then the size of the first block.
    const sizeAt = 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const sizeBytes = 1 << (flags & 0x03);
    const size = prefix.readUIntLE(sizeAt, Math.min(sizeBytes, 6));
    const start = sizeAt + sizeBytes;
    const first = new MetadataBlock(file, address, start + size + 4);

    const messageHead = flags & 0x04 ? 6 : 4;
    const blocks = [first];
    const messages = messagesIn(first.bytes, start, messageHead);
    // The list grows while it is walked: a continuation may hold another one.
    for (const { type, body } of messages) {
      if (type !== messageTypes.continuation) continue;
      const block = new MetadataBlock(
        file,
        Number(body.readBigUInt64LE(0)),
        Number(body.readBigUInt64LE(8)),
      );
      blocks.push(block);
      messages.push(...messagesIn(block.bytes, 4, messageHead));
    }
    this.messages = messages;
    this.#blocks = blocks;
  }

  /** @throws when there is no such message */
  message(type: number): Buffer {
    const found = this.messages.find((message) => message.type === type);
    if (!found) throw new Error(`the object has no header message of type ${type}`);
    return found.body;
  }

  write(): void {
    for (const block of this.#blocks) block.write();
  }
}

function messagesIn(bytes: Buffer, start: number, headSize: number): HeaderMessage[] {
  const messages: HeaderMessage[] = [];
  const end = bytes.length - 4;
  // What is left at the end may be too short for a message.
  for (let at = start; at + headSize <= end; ) {
    const bodyAt = at + headSize;
    const size = bytes.readUInt16LE(at + 1);
    messages.push({ type: bytes.readUInt8(at), body: bytes.subarray(bodyAt, bodyAt + size) });
    at = bodyAt + size;
  }
  return messages;
}
