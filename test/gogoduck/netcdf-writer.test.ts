import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { checksum } from '../../batch-jobs/gogoduck/netcdf/hdf5-format/checksum.ts';
import { NetcdfWriter } from '../../batch-jobs/gogoduck/netcdf/netcdf-writer.ts';
import { shuffle } from '../../batch-jobs/gogoduck/netcdf/shuffle.ts';
import { bytesOf, type NumericType, numbersOf } from '../../batch-jobs/gogoduck/netcdf/types.ts';
import { makeNetcdf, numbers } from './make-netcdf.ts';
import { readNetcdf } from './read-netcdf.ts';
import { describeWith, output, python } from './tools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcdf-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** One of everything that NetCDF-4's classic model and its newer types have. */
const everything = {
  dimensions: { time: -2, x: 3, nv: 2, length: 5 },
  attributes: {
    title: 'Tïtle',
    short: numbers('short', 3),
    empty: '',
    texts: { kind: 'strings', values: ['a', 'bé'] },
    large: numbers('int64', 2 ** 40),
  },
  variables: {
    time: {
      type: 'double',
      dimensions: ['time'],
      values: [1, 2],
      attributes: { units: 'days since 2000-01-01' },
    },
    x: { type: 'float', dimensions: ['time', 'x'], values: [0, 1, 2, 3, 4, 5] },
    letters: { type: 'char', dimensions: ['time', 'length'], values: 'abcdefg\0\0\0' },
    names: { type: 'string', dimensions: ['time'], values: ['héllo', ''] },
    name: { type: 'string', values: ['alone'] },
    scalar: { type: 'int', values: [7], attributes: { array: numbers('double', 1.5, 2.5) } },
    long: { type: 'int64', dimensions: ['x', 'nv'], values: [0, 1, 2, 3, 4, 2 ** 40] },
    positive: { type: 'ushort', dimensions: ['x'], values: [0, 1, 65535] },
  },
} as const;

describe('a NetCDF-4 file', () => {
  it('is read as it was written: dimensions, types, attributes and values', async () => {
    const read = await readNetcdf(await makeNetcdf(join(folder, 'all.nc'), everything));
    expect(read.dimensions).toEqual(everything.dimensions);
    expect(read.attributes).toEqual({
      title: 'Tïtle',
      short: 3,
      empty: '',
      texts: 'a\nbé',
      large: 2 ** 40,
    });
    expect(Object.keys(read.variables)).toEqual(Object.keys(everything.variables));
    expect(read.variables['x']).toMatchObject({
      dimensions: ['time', 'x'],
      values: [0, 1, 2, 3, 4, 5],
    });
    expect(read.variables['letters']?.values.join('')).toBe('abcdefg\0\0\0');
    expect(read.variables['names']).toMatchObject({ type: 'string', values: ['héllo', ''] });
    expect(read.variables['name']).toMatchObject({ dimensions: [], values: ['alone'] });
    expect(read.variables['scalar']).toMatchObject({
      values: [7],
      attributes: { array: [1.5, 2.5] },
    });
    expect(read.variables['long']?.values.at(-1)).toBe(2 ** 40);
    expect(read.variables['positive']).toMatchObject({ type: 'ushort', values: [0, 1, 65535] });
  });

  it.each(['byte', 'short', 'int', 'float', 'double', 'uint64'] as const)(
    'takes streamed chunks of %s that its readers find, with those past its edges',
    async (type) => {
      const path = join(folder, `streamed-${type}.nc`);
      const values = await streamed(path, type, [7, 5, 6], [2, 3, 4]);
      expect((await readNetcdf(path)).variables['data']?.values).toEqual(values);
    },
  );

  it('takes more chunks than one node, or two levels, of their index hold', async () => {
    const path = join(folder, 'many-chunks.nc');
    const values = await streamed(path, 'short', [70, 9, 8], [1, 1, 1]);
    expect((await readNetcdf(path)).variables['data']?.values).toEqual(values);
  });

  it('keeps strings that come while chunks are streamed', async () => {
    const path = join(folder, 'strings.nc');
    const writer = new NetcdfWriter(await loadHdf5(), path, {
      dimensions: [{ name: 'n', size: 2, unlimited: true }],
      attributes: new Map(),
      deflateLevel: 1,
      variables: [
        {
          name: 'data',
          type: 'int',
          dimensions: ['n'],
          attributes: new Map(),
          chunk: [1],
          streamed: true,
        },
        {
          name: 'text',
          type: 'string',
          dimensions: ['n'],
          attributes: new Map(),
          chunk: [1],
          streamed: false,
        },
      ],
    });
    for (const [index, text] of ['one', 'two'].entries()) {
      const box = { start: [index], count: [1] };
      await writer.write('data', box, bytesOf(Int32Array.of(index)));
      await writer.write('text', box, [text]);
    }
    await writer.close();
    const { variables } = await readNetcdf(path);
    expect(variables['data']?.values).toEqual([0, 1]);
    expect(variables['text']?.values).toEqual(['one', 'two']);
  });

  it('is refused when chunks are missing, begin in others or have another size', async () => {
    const open = async (name: string) =>
      new NetcdfWriter(await loadHdf5(), join(folder, name), definition('short', [4, 4], [2, 4]));
    const box = (row: number, rows: number) => ({ start: [row, 0], count: [rows, 4] });
    const missing = await open('missing.nc');
    await missing.write('data', box(0, 2), new Uint8Array(16));
    await expect(missing.close()).rejects.toThrow('1 of 2 chunks were written');
    const inside = await open('inside.nc');
    await expect(inside.write('data', box(1, 2), new Uint8Array(16))).rejects.toThrow(
      'inside a chunk',
    );
    await inside.abandon();
    const short = await open('short.nc');
    await expect(short.write('data', box(0, 2), new Uint8Array(15))).rejects.toThrow('15 bytes');
    await short.abandon();
  });
});

describe('the checksum of HDF5 metadata', () => {
  it("is Bob Jenkins' lookup3, as its author's own examples have it", () => {
    expect(checksum(new Uint8Array())).toBe(0xdeadbeef);
    expect(checksum(Buffer.from('Four score and seven years ago'))).toBe(0x17770551);
  });
});

describe('shuffling', () => {
  it.each([1, 2, 3, 4, 8])('puts the bytes of cells of %i bytes in planes', (size) => {
    const cells = 5;
    const bytes = Uint8Array.from({ length: cells * size }, (_, index) => index);
    const expected = bytes.map((_, index) => (index % cells) * size + Math.floor(index / cells));
    expect(shuffle(bytes, size)).toEqual(expected);
    // The same where the bytes lie at an odd address.
    const odd = new Uint8Array(bytes.length + 1);
    odd.set(bytes, 1);
    expect(shuffle(odd.subarray(1), size)).toEqual(expected);
  });
});

describeWith(['ncdump', 'netCDF4', 'ncks'], 'a NetCDF-4 file, to other software', () => {
  it('is what it is to ours', async () => {
    const path = await makeNetcdf(join(folder, 'all-others.nc'), everything);
    const dump = output('ncdump', [path]);
    expect(output('ncdump', ['-k', path]).trim()).toBe('netCDF-4');
    for (const line of [
      'time = UNLIMITED ; // (2 currently)',
      'length = 5 ;',
      'double time(time) ;',
      'float x(time, x) ;',
      'char letters(time, length) ;',
      'string names(time) ;',
      'string name ;',
      'int64 long(x, nv) ;',
      'scalar:array = 1.5, 2.5 ;',
      ':short = 3s ;',
      ':empty = "" ;',
      'string :texts = "a", "bé" ;',
      ':large = 1099511627776LL ;',
      '"abcde", "fg"',
      'names = "héllo", _ ;',
      'name = "alone" ;',
    ]) {
      expect(dump.replaceAll(/\n\s+/g, ' ')).toContain(line);
    }
  });

  it('has the chunks that were streamed, shuffled and compressed', async () => {
    const path = join(folder, 'streamed-others.nc');
    const values = await streamed(path, 'short', [70, 9, 8], [1, 2, 8]);
    const script = `
import json, sys, netCDF4
data = netCDF4.Dataset(sys.argv[1])['data']
filters = data.filters()
print(json.dumps([data[:].ravel().tolist(), data.chunking(), filters['zlib'], filters['shuffle'], filters['complevel']]))`;
    expect(python('netCDF4', script, path)).toEqual([values, [1, 2, 8], true, true, 1]);
    // NCO rewrites the file by the HDF5 library of the machine, in one chunk.
    const copy = join(folder, 'copy.nc');
    output('ncks', ['-O', '-h', '--cnk_plc=g3d', '--cnk_dmn', 'a,70', path, copy]);
    expect((await readNetcdf(copy)).variables['data']?.values).toEqual(values);
  });
});

function definition(type: NumericType, shape: number[], chunk: number[]) {
  const dimensions = shape.map((size, axis) => ({
    name: 'abc'.charAt(axis),
    size,
    unlimited: axis === 0,
  }));
  return {
    dimensions,
    attributes: new Map([['title', textAttribute('streamed')]]),
    deflateLevel: 1,
    variables: [
      {
        name: 'data',
        type,
        dimensions: dimensions.map(({ name }) => name),
        attributes: new Map(),
        chunk,
        streamed: true,
      },
    ],
  };
}

/** Streams numbers that count up, some rows of chunks at a time. @returns the numbers */
async function streamed(
  path: string,
  type: NumericType,
  shape: [number, number, number],
  chunk: [number, number, number],
): Promise<number[]> {
  const writer = new NetcdfWriter(await loadHdf5(), path, definition(type, shape, chunk));
  const [steps, rows, columns] = shape;
  const valueAt = (index: number) => index % 113;
  for (let step = 0; step < steps; step += chunk[0]) {
    const count = [Math.min(chunk[0], steps - step), rows, columns];
    const cells = count.reduce((product, length) => product * length, 1);
    const first = step * rows * columns;
    const values = Array.from({ length: cells }, (_, index) => valueAt(first + index));
    await writer.write('data', { start: [step, 0, 0], count }, bytesOf(numbersOf(type, values)));
  }
  await writer.close();
  return Array.from({ length: steps * rows * columns }, (_, index) => valueAt(index));
}
