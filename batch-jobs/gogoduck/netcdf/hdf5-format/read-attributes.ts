import type { FileBytes } from './file-bytes.ts';
import { FractalHeap } from './fractal-heap.ts';
import { messageTypes, type ObjectHeader } from './object-header.ts';
import { type Form, formIn } from './read-form.ts';
import { treeRecords } from './tree-records.ts';

const noAddress = 2n ** 64n - 1n;
const sharedMessage = 0x02;
/** Size of the heap ID in the record of an attribute. */
const idSize = 8;

/** An attribute as it is stored. */
export interface StoredAttribute {
  readonly name: string;
  /** Undefined if only the HDF5 library can read it. */
  readonly form: Form | undefined;
  readonly data: Buffer;
}

/**
 * The attributes of an object, in no particular order.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.m "The Attribute Message" and IV.A.2.v "The Attribute
 * Info Message".
 *
 * @throws for attributes stored in another way, and for damage
 */
export function storedAttributes(
  file: FileBytes,
  header: Pick<ObjectHeader, 'messages'>,
): StoredAttribute[] {
  const bodies = header.messages
    .filter(({ type }) => type === messageTypes.attribute)
    .map(({ body, shared }) => unshared(body, shared));
  const info = header.messages.find(({ type }) => type === messageTypes.attributeInfo)?.body;
  if (info) {
    const at = info.readUInt8(1) & 1 ? 4 : 2;
    const heapAddress = info.readBigUInt64LE(at);
    if (heapAddress !== noAddress) {
      const heap = new FractalHeap(file, Number(heapAddress));
      for (const record of treeRecords(file, Number(info.readBigUInt64LE(at + 8)))) {
        const isShared = (record.readUInt8(idSize) & sharedMessage) !== 0;
        bodies.push(unshared(heap.object(record), isShared));
      }
    }
  }
  return bodies.map(attributeIn);
}

function unshared(body: Buffer, isShared: boolean): Buffer {
  if (isShared) throw new Error('an attribute is shared');
  return body;
}

function attributeIn(body: Buffer): StoredAttribute {
  const version = body.readUInt8(0);
  if (version < 1 || version > 3) throw new Error(`an attribute of version ${version}`);
  const isShared = version > 1 && body.readUInt8(1) !== 0;
  const [nameSize, typeSize, spaceSize] = [2, 4, 6].map((at) => body.readUInt16LE(at));
  const padded = (size = 0) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const nameAt = version === 3 ? 9 : 8;
  const typeAt = nameAt + padded(nameSize);
  const spaceAt = typeAt + padded(typeSize);
  const dataAt = spaceAt + padded(spaceSize);
  const name = body.toString('utf8', nameAt, nameAt + (nameSize ?? 0)).replace(/\0.*$/s, '');
  const form = isShared
    ? undefined
    : formIn(body.subarray(typeAt, spaceAt), body.subarray(spaceAt, dataAt));
  return { name, form, data: body.subarray(dataAt) };
}
