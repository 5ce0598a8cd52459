import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { attributeIn } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import {
  attachChunks,
  deflatePlaceholder,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/attach-chunks.ts';
import { checksum } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/checksum.ts';
import {
  type ChunkGrid,
  chunkIndex,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/chunk-index.ts';
import { FileBytes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/file-bytes.ts';
import { MetadataBlock } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/metadata-block.ts';
import {
  type HeaderMessage,
  messageTypes,
  ObjectHeader,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/object-header.ts';
import { storedAttributes } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-attributes.ts';
import {
  type Form,
  filtersOf,
  formIn,
  formOf,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-form.ts';
import { readLayout } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/read-layout.ts';
import {
  hasPlainAddresses,
  rootAddress,
  setEndOfFile,
} from '../../batch-jobs/gogoduck/netcdf/hdf5-format/superblock.ts';
import { storedElsewhere } from '../../batch-jobs/gogoduck/netcdf/hdf5-guard.ts';

const folder = mkdtempSync(join(tmpdir(), 'hdf5-format-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

/** Little-endian numbers, each with its number of bytes. */
function bytesOf(
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
function inFile<T>(bytes: Uint8Array, read: (bytes: FileBytes, file: number) => T): T {
  const path = join(folder, `${files++}`);
  writeFileSync(path, bytes);
  const file = openSync(path, 'r+');
  try {
    return read(new FileBytes(file), file);
  } finally {
    closeSync(file);
  }
}

/** With the checksum that ends a block. */
function summed(bytes: Buffer): Buffer {
  return bytesOf(bytes, [checksum(bytes), 4]);
}

const noAddress = 2n ** 64n - 1n;
const message = (type: number, body: Buffer, shared = false): HeaderMessage => ({
  type,
  shared,
  body,
});
const headerOf = (...messages: HeaderMessage[]) => ({
  messages,
  message: (type: number) => {
    const found = messages.find((each) => each.type === type);
    if (!found) throw new Error('no message');
    return found.body;
  },
});

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

  it('a header of another version is none', () => {
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

describe('the form of HDF5 data', () => {
  const scalar = bytesOf([2, 1], [0, 1], [0, 1], [0, 1]);
  const type = (kind: number, bits: number, size: number, ...rest: Buffer[]) =>
    bytesOf([0x10 | kind, 1], [bits, 1], [0, 2], [size, 4], ...rest);
  const whole = (size: number, bits: number, precision = size * 8, offset = 0) =>
    type(0, bits, size, bytesOf([offset, 2], [precision, 2]));
  const real = (size: number, bits = 0x20, changed: readonly number[] = []) => {
    const usual = size === 4 ? [23, 8, 0, 23, 127] : [52, 11, 0, 52, 1023];
    const [a = 0, b = 0, c = 0, d = 0, bias = 0] = usual.map((each, at) => changed[at] ?? each);
    return type(
      1,
      bits,
      size,
      bytesOf([0, 2], [size * 8, 2], [a, 1], [b, 1], [c, 1], [d, 1], [bias, 4]),
    );
  };
  const of = (datatype: Buffer) => {
    const form = formIn(datatype, scalar);
    return form && [form.type, form.size, form.signed, form.littleEndian, form.cset];
  };

  it.each<[string, Buffer, unknown]>([
    ['signed', whole(2, 0x08), [0, 2, true, true, undefined]],
    ['unsigned', whole(4, 0), [0, 4, false, true, undefined]],
    ['big-endian', whole(4, 0x09), [0, 4, true, false, undefined]],
    ['shorter than their bytes', whole(4, 0x08, 24), undefined],
    ['not at the first bit', whole(4, 0x08, 32, 1), undefined],
    ['of single precision', real(4), [1, 4, false, true, undefined]],
    ['of double precision', real(8), [1, 8, false, true, undefined]],
    ['big-endian and real', real(8, 0x21), [1, 8, false, false, undefined]],
    ['real in the order of a VAX', real(8, 0x41), undefined],
    ['of another exponent', real(4, 0x20, [22]), undefined],
    ['of a longer exponent', real(4, 0x20, [23, 9]), undefined],
    ['of another mantissa', real(4, 0x20, [23, 8, 1]), undefined],
    ['of a longer mantissa', real(4, 0x20, [23, 8, 0, 24]), undefined],
    ['of another bias', real(4, 0x20, [23, 8, 0, 23, 128]), undefined],
    ['texts', type(3, 0x00, 7), [3, 7, false, true, 0]],
    ['texts of UTF-8', type(3, 0x10, 7), [3, 7, false, true, 1]],
    ['compounds', type(6, 0, 8, Buffer.alloc(20)), undefined],
    ['texts of any length', type(9, 0, 16, Buffer.alloc(20)), undefined],
  ])('data that is %s is of its form, or left to the library', (_, datatype, expected) => {
    expect(of(datatype)).toEqual(expected);
  });

  it.each<[string, Buffer, unknown]>([
    ['a scalar', scalar, [[], []]],
    [
      'version 1',
      bytesOf([1, 1], [2, 1], [0, 1], [0, 5], [5, 8], [6, 8]),
      [
        [5, 6],
        [5, 6],
      ],
    ],
    [
      'version 1 that may grow',
      bytesOf([1, 1], [2, 1], [1, 1], [0, 5], [5, 8], [6, 8], [noAddress, 8], [7, 8]),
      [
        [5, 6],
        [2 ** 64, 7],
      ],
    ],
    ['version 2', bytesOf([2, 1], [1, 1], [0, 1], [1, 1], [5, 8]), [[5], [5]]],
    [
      'version 2 that may grow',
      bytesOf([2, 1], [1, 1], [1, 1], [1, 1], [5, 8], [9, 8]),
      [[5], [9]],
    ],
    ['nothing', bytesOf([2, 1], [0, 1], [0, 1], [2, 1]), [null, null]],
    ['version 3', bytesOf([3, 1], [0, 1], [0, 1], [0, 1]), undefined],
    ['version 0', bytesOf([0, 1], [0, 7]), undefined],
  ])('a shape of %s is read, or left to the library', (_, dataspace, expected) => {
    const form = formIn(whole(2, 0x08), dataspace);
    expect(form && [form.shape, form.maxshape]).toEqual(expected);
  });

  it('a form is that of one message of each kind, in the header itself', () => {
    const datatype = message(messageTypes.datatype, whole(2, 0x08));
    const dataspace = message(messageTypes.dataspace, scalar);
    expect(formOf(headerOf(datatype, dataspace))?.size).toBe(2);
    expect(formOf(headerOf(datatype))).toBeUndefined();
    expect(formOf(headerOf(dataspace))).toBeUndefined();
    expect(formOf(headerOf(datatype, datatype, dataspace))).toBeUndefined();
    expect(formOf(headerOf({ ...datatype, shared: true }, dataspace))).toBeUndefined();
  });

  it.each<[string, Buffer, unknown]>([
    [
      'version 1, whose names and numbers are padded',
      bytesOf(
        [1, 1],
        [2, 1],
        [0, 6],
        [2, 2],
        [8, 2],
        [0, 2],
        [1, 2],
        'shuffle\0',
        [4, 4],
        [0, 4],
        [1, 2],
        [8, 2],
        [0, 2],
        [2, 2],
        'deflate\0',
        [6, 4],
        [7, 4],
      ),
      [
        { id: 2, name: 'shuffle', values: [4] },
        { id: 1, name: 'deflate', values: [6, 7] },
      ],
    ],
    [
      'version 2, whose own filters have no names',
      bytesOf(
        [2, 1],
        [3, 1],
        [255, 2],
        [1, 2],
        [1, 2],
        [4, 4],
        [256, 2],
        [3, 2],
        [0, 2],
        [0, 2],
        'own',
        [1, 2],
        [0, 2],
        [1, 2],
        [9, 4],
      ),
      [
        { id: 255, name: '', values: [4] },
        { id: 256, name: 'own', values: [] },
        { id: 1, name: '', values: [9] },
      ],
    ],
    ['version 3', bytesOf([3, 1], [0, 20]), undefined],
    ['version 0', bytesOf([0, 1], [0, 20]), undefined],
  ])('filters of %s are read, or left to the library', (_, body, expected) => {
    const filters = message(messageTypes.filterPipeline, body);
    expect(filtersOf(headerOf(filters))).toEqual(expected);
    expect(filtersOf(headerOf({ ...filters, shared: true }))).toBeUndefined();
    expect(filtersOf(headerOf(filters, filters))).toBeUndefined();
    expect(filtersOf(headerOf())).toEqual([]);
  });

  it('data that is stored in other files is not read', () => {
    const layout = (version: number, kind: number) =>
      headerOf(message(messageTypes.dataLayout, bytesOf([version, 1], [kind, 1])));
    expect(storedElsewhere(headerOf(message(messageTypes.externalFiles, Buffer.alloc(8))))).toBe(
      'data that is stored in other files (external raw storage)',
    );
    for (const version of [4, 5]) {
      expect(storedElsewhere(layout(version, 3))).toContain('a virtual dataset');
      expect(storedElsewhere(layout(version, 2))).toBeUndefined();
    }
    expect(storedElsewhere(layout(3, 3))).toBeUndefined();
    expect(storedElsewhere(headerOf())).toBeUndefined();
  });

  it.each([1, 2, 3])('an attribute of version %d is read', (version) => {
    const padded = (bytes: Buffer) =>
      version === 1 ? bytesOf(bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)) : bytes;
    const [name, datatype] = [bytesOf('units\0'), whole(2, 0x08)];
    const attribute = (flags: number, own = version) =>
      bytesOf(
        [own, 1],
        [flags, 1],
        [name.length, 2],
        [datatype.length, 2],
        [scalar.length, 2],
        ...(version === 3 ? [[0, 1] as const] : []),
        padded(name),
        padded(datatype),
        padded(scalar),
        [7, 2],
      );
    const of = (...messages: HeaderMessage[]) =>
      inFile(Buffer.alloc(1), (file) => storedAttributes(file, headerOf(...messages)));
    const plain = message(messageTypes.attribute, attribute(0));
    expect(of(message(messageTypes.link, Buffer.alloc(4)), plain)).toMatchObject([
      { name: 'units', form: { type: 0, size: 2, shape: [] } },
    ]);
    const [found] = of(plain);
    expect(found && attributeIn(found)).toMatchObject({ kind: 'numbers', type: 'short' });
    expect([...(found?.data.subarray(0, 2) ?? [])]).toEqual([7, 0]);
    // Its type is stored elsewhere; version 1 has no such flag.
    const shared = of(message(messageTypes.attribute, attribute(1)));
    expect(shared.map(({ form }) => form === undefined)).toEqual([version > 1]);
    expect(() => of({ ...plain, shared: true })).toThrow('an attribute is shared');
    for (const other of [0, 4]) {
      expect(() => of(message(messageTypes.attribute, attribute(0, other)))).toThrow(
        `an attribute of version ${other}`,
      );
    }
  });

  it('the value of an attribute is that of its form, or left to the library', () => {
    const form = {
      type: 0,
      size: 2,
      signed: true,
      vlen: false,
      littleEndian: true,
      shape: [2],
      maxshape: [2],
    };
    const value = (changed: Partial<Form>, data: Buffer) =>
      attributeIn({ name: 'a', form: { ...form, ...changed }, data });
    expect(value({}, bytesOf([1, 2], [2, 2], [3, 2]))).toEqual({
      kind: 'numbers',
      type: 'short',
      values: Int16Array.of(1, 2),
    });
    expect(() => value({}, bytesOf([1, 2], [2, 1]))).toThrow('ends before its value');
    expect(value({ littleEndian: false }, bytesOf([1, 4]))).toBeUndefined();
    expect(value({ size: 1, littleEndian: false }, bytesOf([1, 2]))).toMatchObject({
      type: 'byte',
    });
    expect(value({ size: 3 }, bytesOf([1, 8]))).toBeUndefined();
    expect(attributeIn({ name: 'a', form: undefined, data: Buffer.alloc(8) })).toBeUndefined();
    const text = { type: 3, size: 4, cset: 1 };
    expect(value({ ...text, shape: [] }, bytesOf('abc\0'))).toEqual({
      kind: 'text',
      bytes: Uint8Array.from(Buffer.from('abc\0')),
      utf8: true,
    });
    expect(value({ ...text, shape: [2] }, bytesOf('abc\0de\0f'))).toEqual({
      kind: 'strings',
      values: ['abc', 'de'],
    });
    expect(value({ ...text, cset: 0, shape: null }, bytesOf(''))).toEqual({
      kind: 'text',
      bytes: new Uint8Array(),
      utf8: false,
    });
  });
});

describe('where the chunks of a dataset are', () => {
  const grid: ChunkGrid = { counts: [3, 2], chunk: [4, 5], cellSize: 2 };
  const shape = [10, 9];
  const layoutOf = (root: number | bigint, lengths = [4, 5, 2], kind = 2, version = 3, rank = 3) =>
    bytesOf(
      [version, 1],
      [kind, 1],
      [rank, 1],
      [root, 8],
      ...lengths.map((each) => [each, 4] as const),
    );
  const stored = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ address: 1000 + at, size: 50 + at, skipped: 0 }));
  const read = (file: Buffer, layout: Buffer, of: readonly number[] = shape) =>
    inFile(file, (bytes) =>
      readLayout(bytes, headerOf(message(messageTypes.dataLayout, layout)), of),
    );

  it('an index is read as it was written, of any number of chunks', () => {
    for (const rows of [1, 32, 33, 64, 65, 2_100]) {
      const of = { ...grid, counts: [rows, 2] };
      const chunks = stored(rows * 2);
      const { bytes, root } = chunkIndex(chunks, of, 16);
      const layout = read(bytesOf(Buffer.alloc(16), bytes), layoutOf(root), [rows * 4 - 1, 9]);
      expect(layout).toEqual({
        kind: 'chunked',
        grid: of,
        chunks: new Map(chunks.map((chunk, ordinal) => [ordinal, chunk])),
      });
    }
  });

  it('chunks past the edge of a dataset do not count, and those that lie between are a fault', () => {
    const { bytes, root } = chunkIndex(stored(6), grid, 0);
    const found = read(bytes, layoutOf(root), [8, 9]);
    expect(found?.kind === 'chunked' && [...found.chunks.keys()]).toEqual([0, 1, 2, 3]);
    expect(() => read(bytes, layoutOf(root, [3, 5, 2]))).toThrow('a chunk has no place');
  });

  it('a dataset without an index has no chunks', () => {
    expect(read(Buffer.alloc(8), layoutOf(noAddress))).toMatchObject({ chunks: new Map() });
  });

  it.each<[string, Buffer]>([
    ['another version', layoutOf(0, [4, 5, 2], 2, 4)],
    ['another kind', layoutOf(0, [4, 5, 2], 0)],
    ['another number of dimensions', layoutOf(0, [4, 5, 2, 1], 2, 3, 4)],
    ['chunks without cells', layoutOf(noAddress, [4, 0, 2])],
    ['all in one place that is not there yet', bytesOf([3, 1], [1, 1], [noAddress, 8], [180, 8])],
  ])('a dataset of %s is left to the library', (_, layout) => {
    expect(read(Buffer.alloc(8), layout)).toBeUndefined();
  });

  it('a dataset may be all in one place', () => {
    expect(read(Buffer.alloc(8), bytesOf([3, 1], [1, 1], [96, 8], [180, 8]))).toEqual({
      kind: 'contiguous',
      address: 96,
      size: 180,
    });
  });

  it('an index of another kind is a fault, and one of more than six levels', () => {
    const { bytes, root } = chunkIndex(stored(6), grid, 0);
    const changed = (at: number, value: number) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(value, at);
      return copy;
    };
    expect(() => read(changed(0, 0), layoutOf(root))).toThrow('no index of chunks at 0');
    expect(() => read(changed(4, 0), layoutOf(root))).toThrow('no index of chunks at 0');
    expect(() => read(changed(5, 6), layoutOf(root))).toThrow('no index of chunks at 0');
    // Each level is one below the one above.
    const deep = Array.from({ length: 6 }, (_, at) =>
      bytesOf(
        'TREE',
        [1, 1],
        [5 - at, 1],
        [1, 2],
        [0, 16],
        [50, 4],
        [0, 4 + 24],
        [at === 5 ? 7000 : 64 * (at + 1), 8],
      ),
    );
    expect(read(bytesOf(...deep), layoutOf(0))).toMatchObject({
      chunks: new Map([[0, { address: 7000, size: 50, skipped: 0 }]]),
    });
    const skipping = bytesOf(deep[0] as Buffer, deep[2] as Buffer);
    expect(() => read(skipping, layoutOf(0))).toThrow('no index of chunks at 64');
  });

  it('filters that a chunk skipped are known', () => {
    const node = bytesOf('TREE', [1, 1], [0, 1], [1, 2], [0, 16], [50, 4], [3, 4], [0, 24], [7, 8]);
    expect(read(node, layoutOf(0))).toMatchObject({
      chunks: new Map([[0, { address: 7, size: 50, skipped: 3 }]]),
    });
  });

  it('chunks are attached to a dataset that is as expected, and to no other', () => {
    const pipeline = Buffer.alloc(2 + 24);
    pipeline.writeUInt8(2);
    const fileOf = (layout: Buffer, filters: Buffer) => {
      const next = (type: number, body: Buffer) =>
        bytesOf([type, 1], [body.length, 2], [0, 1], body);
      const own = bytesOf(next(8, layout), next(11, filters));
      return summed(bytesOf('OHDR', [2, 1], [0, 1], [own.length, 1], own));
    };
    const attach = (layout: Buffer, filters: Buffer, shuffle: boolean) =>
      inFile(fileOf(layout, filters), (bytes, file) => {
        const compression = { shuffle, deflateLevel: 7 };
        const index = attachChunks(bytes, file, 0, stored(6), grid, compression, 4096);
        const header = new ObjectHeader(new FileBytes(file), 0);
        return { index, header };
      });
    const { index, header } = attach(layoutOf(noAddress), pipeline, true);
    expect(filtersOf(header)).toEqual([
      { id: 2, name: '', values: [2] },
      { id: 1, name: '', values: [7] },
    ]);
    const { bytes, root } = chunkIndex(stored(6), grid, 4096);
    expect(index).toEqual(bytes);
    expect(header.message(messageTypes.dataLayout).readBigUInt64LE(3)).toBe(BigInt(root));
    expect(filtersOf(attach(layoutOf(0), pipeline.subarray(0, 12), false).header)).toEqual([
      { id: 1, name: '', values: [7] },
    ]);
    expect(deflatePlaceholder).toEqual([0, 0, 0, 0]);
    for (const layout of [
      layoutOf(0, [4, 5, 2], 2, 4),
      layoutOf(0, [4, 5, 2], 1),
      layoutOf(0, [4, 5, 2], 2, 3, 2),
      layoutOf(0, [4, 6, 2]),
      layoutOf(0, [4, 5, 4]),
    ]) {
      expect(() => attach(layout, pipeline, true)).toThrow('not laid out in the chunks expected');
    }
    const otherVersion = Buffer.from(pipeline);
    otherVersion.writeUInt8(1);
    for (const filters of [otherVersion, pipeline.subarray(0, 21)]) {
      expect(() => attach(layoutOf(0), filters, true)).toThrow('no room for its filters');
    }
  });
});
