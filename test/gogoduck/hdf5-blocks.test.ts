import { describe, expect, it } from 'vitest';
import { checksum } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/checksum.ts';
import { FileBytes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/file-bytes.ts';
import { MetadataBlock } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/metadata-block.ts';
import { ObjectHeader } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/object-header.ts';
import {
  hasPlainAddresses,
  rootAddress,
  setEndOfFile,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/superblock.ts';
import { bytesOf, inFile, noAddress, summed } from './hdf5-bytes.ts';

describe('the bytes of an HDF5 file', () => {
  it.each([256 * 1024, 256 * 1024 + 1])(
    'bytes of a file of %d are read anywhere, small and large parts, up to its end',
    (size) => {
      const content = Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * 7) % 251));
      inFile(content, (bytes) => {
        expect(bytes.size).toBe(size);
        const parts: [number, number][] = [
          [0, 10],
          [5, 100],
          [16 * 1024 - 3, 3],
          [16 * 1024 - 3, 4],
          [16 * 1024, 10],
          [2, 3],
          [1000, 4 * 1024 - 1],
          [1000, 4 * 1024],
          [size - 5, 5],
          [size, 0],
          [7, 100_000],
        ];
        for (const [at, length] of parts) {
          const found = bytes.read(at, length);
          expect(found).toHaveLength(length);
          expect(Buffer.compare(found, content.subarray(at, at + length))).toBe(0);
        }
        expect(() => bytes.read(size - 5, 6)).toThrow(`the file ends before ${size + 1}`);
        expect(() => bytes.read(-1, 1)).toThrow('the file ends');
        expect(() => bytes.read(5, -1)).toThrow('the file ends');
      });
    },
  );
});

describe('blocks with a checksum', () => {
  it.each([
    ['', 0xdeadbeef],
    ['Four score and seven years ago', 0x17770551],
  ])('the checksum of "%s" is that of its author', (text, expected) => {
    expect(checksum(Buffer.from(text))).toBe(expected);
  });

  it('a block is read if its checksum is right, and gets a new one when it is written', () => {
    const block = summed(bytesOf('abcdef'));
    inFile(bytesOf('xx', block, 'yy'), (bytes, file) => {
      const read = new MetadataBlock(bytes, 2, block.length);
      expect(read.bytes.toString('latin1', 0, 6)).toBe('abcdef');
      read.bytes.write('A');
      read.write(file);
      const changed = new MetadataBlock(new FileBytes(file), 2, block.length);
      expect(changed.bytes.toString('latin1', 0, 6)).toBe('Abcdef');
      expect(new FileBytes(file).read(0, 2).toString()).toBe('xx');
    });
    inFile(block, (bytes) => {
      expect(() => new MetadataBlock(bytes, 0, block.length - 1)).toThrow('another checksum');
      expect(() => new MetadataBlock(bytes, 0, 3)).toThrow('another checksum');
    });
  });
});

describe('the superblock', () => {
  const signature = '\x89HDF\r\n\x1a\n';
  /** Of version 0 or 1. */
  const old = (version: 0 | 1, { offsets = 8, lengths = 8, base = 0, end = 200, root = 96 } = {}) =>
    bytesOf(
      signature,
      [version, 1],
      [0, 4],
      [offsets, 1],
      [lengths, 1],
      [0, 1],
      [0, 8],
      ...(version === 1 ? [[0, 4] as const] : []),
      [base, 8],
      [noAddress, 8],
      [end, 8],
      [noAddress, 8],
      [0, 8],
      [root, 8],
      Buffer.alloc(200),
    ).subarray(0, 200);
  /** Of version 2 or later. */
  const recent = (
    version: number,
    { offsets = 8, lengths = 8, flags = 0, base = 0, end = 48, root = 96 } = {},
  ) =>
    summed(
      bytesOf(
        signature,
        [version, 1],
        [offsets, 1],
        [lengths, 1],
        [flags, 1],
        [base, 8],
        [noAddress, 8],
        [end, 8],
        [root, 8],
      ),
    );

  it.each([
    ['version 0', old(0), true],
    ['version 1', old(1), true],
    ['version 2', recent(2), true],
    ['version 3', recent(3), true],
    ['version 4', recent(4), false],
    ['version 0 with short addresses', old(0, { offsets: 4 }), false],
    ['version 0 with short lengths', old(0, { lengths: 4 }), false],
    ['version 0 that begins elsewhere', old(0, { base: 512 }), false],
    ['version 1 that begins elsewhere', old(1, { base: 512 }), false],
    ['version 2 with short addresses', recent(2, { offsets: 4 }), false],
    ['version 2 with short lengths', recent(2, { lengths: 4 }), false],
    ['version 2 that begins elsewhere', recent(2, { base: 512 }), false],
  ])('addresses of %s are plain, or the file is refused', (_, bytes, expected) => {
    expect(inFile(bytes, hasPlainAddresses)).toBe(expected);
  });

  it('the root group is where the superblock says, in a file that is whole', () => {
    expect(inFile(old(0, { root: 123 }), rootAddress)).toBe(123);
    expect(inFile(old(1, { root: 124 }), rootAddress)).toBe(124);
    expect(inFile(recent(2, { root: 125 }), rootAddress)).toBe(125);
    expect(inFile(recent(3, { root: 126 }), rootAddress)).toBe(126);
    for (const bytes of [
      old(0, { end: 201 }),
      old(1, { end: 201 }),
      recent(2, { end: 49 }),
      recent(4),
    ]) {
      expect(() => inFile(bytes, rootAddress)).toThrow('ends before it should');
    }
    expect(() => inFile(recent(3, { flags: 1 }), rootAddress)).toThrow('is being written');
  });

  it('the end of a file is recorded with a new checksum', () => {
    for (const version of [2, 3]) {
      inFile(recent(version), (bytes, file) => {
        setEndOfFile(bytes, file, 40);
        expect(() => rootAddress(new FileBytes(file))).not.toThrow();
        setEndOfFile(bytes, file, 49);
        expect(() => rootAddress(new FileBytes(file))).toThrow('ends before it should');
      });
    }
    for (const version of [1, 4]) {
      expect(() => inFile(recent(version), (bytes, file) => setEndOfFile(bytes, file, 40))).toThrow(
        `superblock version ${version}`,
      );
    }
  });
});

describe('object headers', () => {
  const continuation = (address: number, size: number) => bytesOf([address, 8], [size, 8]);
  /** A message of version 1. */
  const old = (type: number, body: Buffer, flags = 0) =>
    bytesOf([type, 2], [body.length, 2], [flags, 1], [0, 3], body);
  const firstVersion = (messages: Buffer) =>
    bytesOf([1, 1], [0, 1], [1, 2], [1, 4], [messages.length, 4], [0, 4], messages);
  const read = (bytes: Buffer, at = 0) =>
    inFile(bytes, (file) => new ObjectHeader(file, at).messages).map(({ type, shared, body }) => [
      type,
      shared,
      body.toString('latin1'),
    ]);

  it('a header of version 1 goes on where it says', () => {
    const head = firstVersion(
      bytesOf(old(5, bytesOf('abcd')), old(16, continuation(100, 24)), old(300, bytesOf('ef'), 2)),
    );
    const bytes = bytesOf(
      head,
      Buffer.alloc(100 - head.length),
      old(7, bytesOf('ghij')),
      Buffer.alloc(12),
    );
    expect(read(bytes)).toEqual([
      [5, false, 'abcd'],
      [16, false, continuation(100, 24).toString('latin1')],
      [300, true, 'ef'],
      [7, false, 'ghij'],
      [0, false, ''],
    ]);
    expect(() => read(bytesOf([3, 1], Buffer.alloc(40)))).toThrow('no object header at 0');
  });

  it.each([
    ['with the smallest prefix', 0, 0, 0, 1],
    ['with times', 0x20, 16, 0, 1],
    ['with limits of attributes', 0x10, 4, 0, 1],
    ['with both', 0x30, 20, 0, 1],
    ['with the order of messages', 0x04, 0, 2, 1],
    ['with a size of two bytes', 0x01, 0, 0, 2],
    ['with a size of four bytes', 0x02, 0, 0, 4],
    ['with a size of eight bytes', 0x03, 0, 0, 8],
  ])('a header of version 2 %s is read and written', (_, flags, before, order, sizeBytes) => {
    const next = (type: number, body: Buffer, shared = 0) =>
      bytesOf([type, 1], [body.length, 2], [shared, 1], Buffer.alloc(order), body);
    const own = bytesOf(
      next(5, bytesOf('abcd')),
      next(16, continuation(120, 10 + 8 + order)),
      [0, 3],
    );
    const head = summed(
      bytesOf('OHDR', [2, 1], [flags, 1], Buffer.alloc(before), [own.length, sizeBytes], own),
    );
    const more = summed(bytesOf('OCHK', next(7, bytesOf('efghij'), 2)));
    const bytes = bytesOf(head, Buffer.alloc(120 - head.length), more);
    const expected = [
      [5, false, 'abcd'],
      [16, false, continuation(120, 10 + 8 + order).toString('latin1')],
      [7, true, 'efghij'],
    ];
    expect(read(bytes)).toEqual(expected);
    inFile(bytes, (file, descriptor) => {
      const header = new ObjectHeader(file, 0);
      header.message(5).write('A');
      header.message(7).write('E');
      header.write(descriptor);
      const changed = new ObjectHeader(new FileBytes(descriptor), 0);
      expect(changed.message(5).toString()).toBe('Abcd');
      expect(changed.message(7).toString()).toBe('Efghij');
      expect(() => changed.message(9)).toThrow('no header message of type 9');
    });
  });

  it('a header of another version is not read as a header', () => {
    expect(() => read(bytesOf('OHDR', [3, 1], Buffer.alloc(40)))).toThrow(
      'no object header of version 2 at 0',
    );
  });

  it('a header goes on at most a thousand times, even if it goes on in a circle', () => {
    const circle = firstVersion(old(16, continuation(16, 24)));
    expect(() => read(circle)).toThrow('the object header has no end');
    const link = (at: number) => old(16, continuation(16 + 24 * (at + 1), 24));
    const chain = (count: number) =>
      bytesOf(
        [1, 1],
        [0, 7],
        [24, 4],
        [0, 4],
        ...Array.from({ length: count }, (_, at) => link(at)),
        old(5, Buffer.alloc(16)),
      );
    expect(read(chain(1_023))).toHaveLength(1_024);
    expect(() => read(chain(1_024))).toThrow('the object header has no end');
  });
});
