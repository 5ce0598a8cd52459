import type { FileBytes } from './file-bytes.ts';
import { FractalHeap } from './fractal-heap.ts';
import { messageTypes, ObjectHeader } from './object-header.ts';
import { rootAddress } from './superblock.ts';
import { treeRecords } from './tree-records.ts';

const noAddress = 2n ** 64n - 1n;

interface Link {
  readonly name: string;
  readonly order: bigint | undefined;
  readonly address: number;
}

/**
 * Addresses of the object headers of the root group's members, by name, in order of creation if the file
 * records it.
 *
 * Source: HDF5 File Format Specification 3.0, IV.A.2.c "The Link Info Message" and IV.A.2.g "The Link
 * Message".
 *
 * @throws for a group of the old kind, for links that lead elsewhere, and for damage
 */
export function readLinks(file: FileBytes): ReadonlyMap<string, number> {
  const header = new ObjectHeader(file, rootAddress(file));
  const info = header.message(messageTypes.linkInfo);
  const flags = info.readUInt8(1);
  const at = flags & 1 ? 10 : 2;
  const heapAddress = info.readBigUInt64LE(at);
  const bodies = header.messages
    .filter(({ type }) => type === messageTypes.link)
    .map(({ body }) => body);
  if (heapAddress !== noAddress) {
    const heap = new FractalHeap(file, Number(heapAddress));
    const records = treeRecords(file, Number(info.readBigUInt64LE(at + 8)));
    // The heap ID follows the hash of the name.
    bodies.push(...records.map((record) => heap.object(record.subarray(4))));
  }
  const links = bodies.map(linkIn);
  const isOrdered = links.every(({ order }) => order !== undefined);
  links.sort((one, other) =>
    isOrdered
      ? Number((one.order ?? 0n) - (other.order ?? 0n))
      : Buffer.compare(Buffer.from(one.name), Buffer.from(other.name)),
  );
  return new Map(links.map(({ name, address }) => [name, address]));
}

function linkIn(body: Buffer): Link {
  const flags = body.readUInt8(1);
  let at = 2;
  const kind = flags & 0x08 ? body.readUInt8(at++) : 0;
  if (kind !== 0) throw new Error('a link leads elsewhere');
  const order = flags & 0x04 ? body.readBigUInt64LE(at) : undefined;
  if (order !== undefined) at += 8;
  if (flags & 0x10) at += 1;
  const lengthBytes = 1 << (flags & 0x03);
  const length = body.readUIntLE(at, Math.min(lengthBytes, 6));
  at += lengthBytes;
  const name = body.toString('utf8', at, at + length);
  return { name, order, address: Number(body.readBigUInt64LE(at + length)) };
}
