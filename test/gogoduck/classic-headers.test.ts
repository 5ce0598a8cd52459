import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClassicNetcdfFile } from '../../batch-jobs/gogoduck/netcdf/classic/classic-netcdf-file.ts';
import { swapBytes } from '../../batch-jobs/gogoduck/netcdf/classic/swap-bytes.ts';
import { readNetcdf } from './read-netcdf.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'classic-headers-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Version = 1 | 2 | 5;
interface AttributeParts {
  readonly name: string;
  readonly type: number;
  /** Number of values; default: as many as there are bytes. */
  readonly count?: number;
  readonly bytes: Buffer;
}
interface Parts {
  readonly version?: Version;
  readonly records?: number | bigint;
  readonly dimensions?: readonly (readonly [name: string, length: number | bigint])[];
  readonly attributes?: readonly AttributeParts[];
  readonly variables?: readonly {
    readonly name: string;
    readonly type: number;
    readonly dimensions: readonly number[];
    readonly attributes?: readonly AttributeParts[];
    /** Where its data begins after the header. */
    readonly begin?: number;
  }[];
  readonly data?: Buffer;
  /** Tags of the three lists, if they are other ones. */
  readonly tags?: Readonly<Partial<Record<10 | 11 | 12, number>>>;
}

/** The bytes of a classic file. */
function classic({
  version = 1,
  records = 0,
  dimensions = [],
  attributes = [],
  variables = [],
  data = Buffer.alloc(0),
  tags = {},
}: Parts): Buffer {
  const word = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const long = (value: number | bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(BigInt(value));
    return bytes;
  };
  const count = (value: number | bigint) => (version === 5 ? long(value) : word(Number(value)));
  const offset = (value: number) => (version === 1 ? word(value) : long(value));
  const padded = (bytes: Buffer) =>
    Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  const name = (text: string) =>
    Buffer.concat([count(Buffer.byteLength(text)), padded(Buffer.from(text))]);
  const list = (tag: 10 | 11 | 12, items: readonly Buffer[]) =>
    Buffer.concat([
      word(tags[tag] ?? (items.length === 0 ? 0 : tag)),
      count(items.length),
      ...items,
    ]);
  const attributeList = (of: readonly AttributeParts[]) =>
    list(
      12,
      of.map((each) =>
        Buffer.concat([
          name(each.name),
          word(each.type),
          count(each.count ?? each.bytes.length),
          padded(each.bytes),
        ]),
      ),
    );
  const header = (size: number) =>
    Buffer.concat([
      Buffer.from(`CDF${String.fromCharCode(version)}`, 'latin1'),
      count(records),
      list(
        10,
        dimensions.map(([own, length]) => Buffer.concat([name(own), count(length)])),
      ),
      attributeList(attributes),
      list(
        11,
        variables.map((variable) =>
          Buffer.concat([
            name(variable.name),
            count(variable.dimensions.length),
            ...variable.dimensions.map(count),
            attributeList(variable.attributes ?? []),
            word(variable.type),
            count(0),
            offset(size + (variable.begin ?? 0)),
          ]),
        ),
      ),
    ]);
  return Buffer.concat([header(header(0).length), data]);
}

let files = 0;
async function reading(parts: Parts) {
  const path = join(folder, `${files++}.nc`);
  await writeFile(path, classic(parts));
  return await readNetcdf(path);
}

const text = (name: string, value: string | Buffer): AttributeParts => ({
  name,
  type: 2,
  bytes: Buffer.from(value as string),
});
const many = (count: number) => Array.from({ length: count }, (_, at) => at);

describe('the header of a classic NetCDF file', () => {
  it.each<[string, Version, number | bigint]>([
    ['with 32-bit offsets', 1, 2],
    ['with 64-bit offsets', 2, 2],
    ['with 64-bit data', 5, 2],
    ['with 32-bit offsets, that is being written', 1, 2 ** 32 - 1],
    ['with 64-bit data, that is being written', 5, 2n ** 64n - 1n],
  ])(
    'a classic header %s says where the data is, record by record',
    async (_, version, records) => {
      const { dimensions, variables } = await reading({
        version,
        records,
        dimensions: [
          ['t', 0],
          ['x', 3],
        ],
        variables: [
          { name: 'a', type: 1, dimensions: [0, 1], begin: 8 },
          { name: 'fixed', type: 3, dimensions: [1], begin: 0 },
          { name: 'b', type: 3, dimensions: [0], begin: 12 },
          { name: 'alone', type: 4, dimensions: [], begin: 0 },
        ],
        // Each variable's part of a record is padded to four bytes.
        data: Buffer.from([
          0, 7, 0, 8, 0, 9, 0, 0, 1, 2, 3, 0, 0, 20, 0, 0, 4, 5, 6, 0, 0, 21, 0, 0,
        ]),
      });
      expect(dimensions).toEqual({ t: -2, x: 3 });
      expect(variables['a']).toMatchObject({
        type: 'byte',
        dimensions: ['t', 'x'],
        shape: [2, 3],
        values: [1, 2, 3, 4, 5, 6],
      });
      expect(variables['fixed']).toMatchObject({ type: 'short', values: [7, 8, 9] });
      expect(variables['b']).toMatchObject({ type: 'short', values: [20, 21] });
      expect(variables['alone']).toMatchObject({ dimensions: [], values: [(7 << 16) + 8] });
    },
  );

  it('a box of a classic file is read, in records and beside them', async () => {
    const path = join(folder, 'boxes.nc');
    const data = Buffer.from(Uint8Array.from({ length: 12 + 3 * 12 }, (_, at) => at));
    const dimensions = [
      ['t', 0],
      ['y', 2],
      ['x', 3],
    ] as const;
    const variables = [
      { name: 'fixed', type: 3, dimensions: [1, 2], begin: 0 },
      { name: 'each', type: 1, dimensions: [0, 1, 2], begin: 12 },
      { name: 'once', type: 1, dimensions: [0], begin: 12 + 8 },
    ];
    await writeFile(path, classic({ records: 3, dimensions, variables, data: data }));
    const file = ClassicNetcdfFile.open(path);
    const read = (name: string, start: number[], count: number[]) => {
      const variable = file.variables.get(name);
      if (!variable) throw new Error(name);
      return [...file.readBytes(variable, { start, count })];
    };
    // Shorts, the most significant byte first in the file.
    expect(read('fixed', [0, 1], [2, 2])).toEqual([3, 2, 5, 4, 9, 8, 11, 10]);
    // A record has 8 bytes of one variable, two of them padding, and 4 of the other.
    expect(read('each', [1, 0, 1], [2, 2, 2])).toEqual(
      [12, 24].flatMap((record) => [1, 2, 4, 5].map((at) => 12 + record + at)),
    );
    expect(file.layout('each')).toEqual({ type: 'byte', shape: [3, 2, 3] });
    expect(file.layout('absent')).toBeUndefined();
    expect([...file.members].sort()).toEqual(['each', 'fixed', 'once', 't', 'x', 'y']);
    expect(file.unread.size).toBe(0);
    expect(file.chunks()).toBeUndefined();
    const absent = { name: 'absent', type: 'byte', dimensions: [], shape: [] } as const;
    expect(() => file.readBytes(absent, { start: [], count: [] })).toThrow('is damaged');
    expect(() => file.readStrings(absent)).toThrow('classic NetCDF has none');
    expect(file.attributes(absent).size).toBe(0);
    file.close();
    // It is closed already.
    expect(() => file.close()).toThrow('EBADF');
  });

  it('a classic file that is being written has the whole records that are in it', async () => {
    const { dimensions } = await reading({
      records: 2 ** 32 - 1,
      dimensions: [['t', 0]],
      variables: [
        { name: 'later', type: 3, dimensions: [0], begin: 4 },
        { name: 'first', type: 3, dimensions: [0], begin: 0 },
      ],
      data: Buffer.alloc(8 + 7),
    });
    expect(dimensions).toEqual({ t: -1 });
    const none = await reading({ records: 2 ** 32 - 1, dimensions: [['t', 0]] });
    expect(Math.abs(none.dimensions['t'] ?? 1)).toBe(0);
  });

  it.each<[number, string, number, readonly number[]]>([
    [1, 'byte', 1, [255]],
    [2, 'char', 1, [65]],
    [3, 'short', 2, [255, 254]],
    [4, 'int', 4, [255, 255, 255, 254]],
    [5, 'float', 4, [0xc0, 0, 0, 0]],
    [6, 'double', 8, [0xc0, 0, 0, 0, 0, 0, 0, 0]],
    [7, 'ubyte', 1, [255]],
    [8, 'ushort', 2, [1, 0]],
    [9, 'uint', 4, [0, 0, 1, 0]],
    [10, 'int64', 8, [255, 255, 255, 255, 255, 255, 255, 254]],
    [11, 'uint64', 8, [0, 0, 0, 0, 0, 0, 1, 0]],
  ])('type %d of a classic header is %s', async (type, name, size, bytes) => {
    const expected = { byte: -1, char: 'A', ubyte: 255, ushort: 256, uint: 256, uint64: 256 };
    const { variables, attributes } = await reading({
      version: 5,
      attributes: [{ name: 'a', type, count: 1, bytes: Buffer.from(bytes) }],
      variables: [{ name: 'v', type, dimensions: [], begin: 0 }],
      data: Buffer.from(bytes),
    });
    const value = expected[name as keyof typeof expected] ?? -2;
    expect(bytes).toHaveLength(size);
    expect(variables['v']).toMatchObject({ type: name, values: [value] });
    expect(attributes['a']).toBe(value);
  });

  it('texts of a classic header are UTF-8 where they are, and Latin-1 otherwise', async () => {
    const path = join(folder, 'texts.nc');
    const attributes = [
      text('plain', 'abc'),
      text('utf8', 'ü'),
      text('latin1', Buffer.from('ü', 'latin1')),
      text('ended', 'ab\0cd'),
      text('none', ''),
    ];
    await writeFile(path, classic({ attributes }));
    expect((await readNetcdf(path)).attributes).toEqual({
      plain: 'abc',
      utf8: 'ü',
      latin1: 'ü',
      ended: 'ab',
      none: '',
    });
    const file = ClassicNetcdfFile.open(path);
    expect([...file.attributes()].map(([, each]) => each.kind === 'text' && each.utf8)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ]);
    file.close();
  });

  it.each<[string, (count: number) => Parts, number, string]>([
    [
      'dimensions',
      (count) => ({ dimensions: many(count).map((at) => [`d${at}`, 1]) }),
      1_024,
      'has 1025 dimensions; allowed: at most 1024.',
    ],
    [
      'dimensions of a variable',
      (count) => ({
        dimensions: [['x', 1]],
        variables: [{ name: 'v', type: 1, dimensions: many(count).fill(0) }],
        data: Buffer.alloc(1),
      }),
      1_024,
      'has 1025 dimensions of a variable; allowed: at most 1024.',
    ],
    [
      'attributes',
      (count) => ({ attributes: many(count).map((at) => text(`a${at}`, 'x')) }),
      4_096,
      'has 4097 attributes; allowed: at most 4096.',
    ],
    [
      'variables',
      (count) => ({
        variables: many(count).map((at) => ({ name: `v${at}`, type: 1, dimensions: [] })),
        data: Buffer.alloc(1),
      }),
      2_000,
      'has 2001 variables; allowed: at most 2000.',
    ],
    [
      'bytes in a name',
      (count) => ({ attributes: [text('n'.repeat(count), 'x')] }),
      4_096,
      'has 4097 bytes in a name; allowed: at most 4096.',
    ],
    [
      'bytes of an attribute',
      (count) => ({ attributes: [text('a', 'x'.repeat(count))] }),
      1024 * 1024,
      'has attribute a of 1048577 bytes; allowed: at most 1048576.',
    ],
  ])('a classic header may have many %s, and no more', async (_, parts, most, words) => {
    await reading(parts(most));
    await expect(reading(parts(most + 1))).rejects.toThrow(words);
  });

  it('bytes of a classic attribute are those of all its numbers', async () => {
    const shorts = (count: number): Parts => ({
      attributes: [{ name: 'a', type: 3, count, bytes: Buffer.alloc(count * 2) }],
    });
    await reading(shorts(512 * 1024));
    await expect(reading(shorts(512 * 1024 + 1))).rejects.toThrow('a of 1048578 bytes');
  });

  it('a dimension of a classic file is shorter than 2 ** 31 cells', async () => {
    const parts = (length: number): Parts => ({ dimensions: [['x', length]] });
    expect((await reading(parts(2 ** 31 - 1))).dimensions).toEqual({ x: 2 ** 31 - 1 });
    await expect(reading(parts(2 ** 31))).rejects.toThrow('is damaged');
    await expect(reading({ dimensions: [['t', 0]], records: 2 ** 31 })).rejects.toThrow(
      'is damaged',
    );
  });

  it.each<[string, Parts]>([
    [
      'a variable of a dimension that is not there',
      { variables: [{ name: 'v', type: 1, dimensions: [0] }] },
    ],
    [
      'a variable of the dimension after the last',
      { dimensions: [['x', 1]], variables: [{ name: 'v', type: 1, dimensions: [1] }] },
    ],
    ['a variable of type 0', { variables: [{ name: 'v', type: 0, dimensions: [] }] }],
    ['a variable of type 12', { variables: [{ name: 'v', type: 12, dimensions: [] }] }],
    ['dimensions under another tag', { dimensions: [['x', 1]], tags: { 10: 11 } }],
    ['dimensions under the tag of none', { dimensions: [['x', 1]], tags: { 10: 0 } }],
    [
      'variables under another tag',
      { variables: [{ name: 'v', type: 1, dimensions: [] }], tags: { 11: 12 } },
    ],
    ['attributes under another tag', { attributes: [text('a', 'x')], tags: { 12: 10 } }],
  ])('a classic header with %s is damaged', async (_, parts) => {
    await expect(reading({ ...parts, data: Buffer.alloc(8) })).rejects.toThrow('is damaged');
  });

  it('a classic header may have an empty list under its own tag', async () => {
    expect((await reading({ tags: { 10: 10, 11: 11, 12: 12 } })).variables).toEqual({});
  });

  it('bytes of classic numbers are reversed in place', () => {
    const bytes = () => Uint8Array.of(9, 1, 2, 3, 4, 5, 6, 7, 8).subarray(1);
    expect([...swapBytes(bytes(), 1)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...swapBytes(bytes(), 2)]).toEqual([2, 1, 4, 3, 6, 5, 8, 7]);
    expect([...swapBytes(bytes(), 4)]).toEqual([4, 3, 2, 1, 8, 7, 6, 5]);
    expect([...swapBytes(bytes(), 8)]).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  });
});
