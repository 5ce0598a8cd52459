import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksum } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/checksum.ts';
import { FileBytes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/file-bytes.ts';
import type { HeaderMessage } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/object-header.ts';

/** Little-endian numbers, each with its number of bytes. */
export function bytesOf(
  ...parts: (readonly [value: number | bigint, size: number] | Buffer | string)[]
): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part, 'latin1');
      if (part instanceof Buffer) return part;
      const [value, size] = part as readonly [number | bigint, number];
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(BigInt(value));
      return Buffer.concat([bytes, Buffer.alloc(Math.max(size - 8, 0))]).subarray(0, size);
    }),
  );
}

/** Reads a file of these bytes. `file` is its descriptor, open for reading and writing. */
export function inFile<T>(bytes: Uint8Array, read: (bytes: FileBytes, file: number) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'hdf5-bytes-'));
  const path = join(folder, 'file');
  writeFileSync(path, bytes);
  const file = openSync(path, 'r+');
  try {
    return read(new FileBytes(file), file);
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true });
  }
}

/** With the checksum that ends a block. */
export function summed(bytes: Buffer): Buffer {
  return bytesOf(bytes, [checksum(bytes), 4]);
}

/** The address of what is not there. */
export const noAddress = 2n ** 64n - 1n;
/** A message of an object header. */
export const message = (type: number, body: Buffer, shared = false): HeaderMessage => ({
  type,
  shared,
  body,
});
/** An object header of these messages. */
export const headerOf = (...messages: HeaderMessage[]) => ({
  messages,
  message: (type: number) => {
    const found = messages.find((each) => each.type === type);
    if (!found) throw new Error('no message');
    return found.body;
  },
});
