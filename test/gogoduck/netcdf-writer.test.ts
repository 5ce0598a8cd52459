import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Hdf5File, loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { Hdf5NetcdfFile } from '../../batch-jobs/gogoduck/netcdf/hdf5-netcdf-file.ts';
import type { Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import { NetcdfWriter } from '../../batch-jobs/gogoduck/netcdf/netcdf-writer.ts';
import { describeNetcdfSink } from '../contracts/netcdf-sink.ts';
import { makeNetcdf, numbers } from './make-netcdf.ts';
import { python } from './python.ts';
import { readNetcdf } from './read-netcdf.ts';
import { describeWith, output } from './tools.ts';
import { type CreateNetcdf, definitionOf, writeChunks } from './write-chunks.ts';

const create: CreateNetcdf = async (path, definition) =>
  new NetcdfWriter(await loadHdf5(), path, definition);

describeNetcdfSink('a NetCDF writer', create);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netcdf-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** One of everything that the classic model of NetCDF-4 and its newer types have. */
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
  it('a NetCDF-4 file is read as it was written: dimensions, types, attributes and values', async () => {
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
});

describe('the dimension scales of a NetCDF-4 file', () => {
  it('the dimension scales of a variable are those of its dimensions, and a coordinate is its own', async () => {
    const path = await makeNetcdf(join(folder, 'scales.nc'), everything);
    const file = Hdf5File.open(await loadHdf5(), path);
    const scales = (name: string, rank: number) => [
      file.attributeNames(name).includes('DIMENSION_LIST'),
      file.scales(name, rank),
    ];
    expect(scales('time', 1)).toEqual([false, [undefined]]);
    expect(scales('_nc4_non_coord_x', 2)).toEqual([true, ['time', 'x']]);
    expect(scales('letters', 2)).toEqual([true, ['time', 'length']]);
    expect(scales('scalar', 0)).toEqual([false, []]);
    expect(file.scaleName('time')).toBe('time');
    file.close();
  });
});

describe('chunks that are written as they are stored', () => {
  const writerOf = async (name: string) => {
    const path = join(folder, name);
    const definition = definitionOf('byte', [3, 3], [2, 2], [{ name: 'text', type: 'string' }]);
    return { path, writer: await create(path, definition) };
  };
  const stored = (...cells: number[]) => deflateSync(Uint8Array.from(cells));

  it('chunks that are stored already are written with those that are not, past the edges, too', async () => {
    const { path, writer } = await writerOf('stored.nc');
    await writer.writeStored('data', [0, 0], stored(0, 1, 3, 4));
    await writer.write('data', { start: [0, 2], count: [2, 1] }, Uint8Array.of(2, 5));
    await writer.writeStored('data', [1, 0], stored(6, 7, 0, 0));
    await writer.writeStored('data', [1, 1], stored(8, 0, 0, 0));
    await writer.write('text', { start: [0], count: [3] }, ['a', 'b', 'c']);
    await writer.close();
    const file = Hdf5NetcdfFile.open(await loadHdf5(), path);
    const data = file.variables.get('data') as Variable;
    expect([...file.readBytes(data, { start: [0, 0], count: [3, 3] })]).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(file.chunks(data)?.stored([1, 1])).toEqual(Buffer.from(stored(8, 0, 0, 0)));
    expect(file.chunks(file.variables.get('text') as Variable)).toBeUndefined();
    file.close();
  });

  it('chunks are written before and after so many texts that the library writes them in between', async () => {
    const count = 100_000;
    const path = join(folder, 'many-texts.nc');
    const text = { name: 'text', type: 'string' } as const;
    const writer = await create(path, definitionOf('byte', [count], [count / 2], [text]));
    const half = { start: [0], count: [count / 2] };
    const rest = { start: [count / 2], count: [count / 2] };
    await writer.write('data', half, new Uint8Array(count / 2).fill(1));
    await writer.write('text', half, Array(count / 2).fill('a'));
    await writer.write('text', rest, Array(count / 2).fill('b'));
    await writer.write('data', rest, new Uint8Array(count / 2).fill(2));
    await writer.close();
    const { variables } = await readNetcdf(path);
    const ends = (name: string) =>
      [0, count / 2 - 1, count / 2, count - 1].map((at) => variables[name]?.values[at]);
    expect([ends('data'), ends('text')]).toEqual([
      [1, 1, 2, 2],
      ['a', 'a', 'b', 'b'],
    ]);
  });

  it('chunks that are missing are counted by their cells', async () => {
    const { writer } = await writerOf('missing.nc');
    await writer.writeStored('data', [1, 1], stored(8, 0, 0, 0));
    await writer.writeStored('data', [0, 1], stored(2, 0, 5, 0));
    await expect(writer.close()).rejects.toThrow('6 cells of data were not written');
    await writer.abandon();
  });

  it('chunks are written to no variable without chunks, and nothing to one that is not there', async () => {
    const { writer } = await writerOf('no-chunks.nc');
    await expect(writer.writeStored('text', [0], stored(1))).rejects.toThrow('text has no chunks');
    await expect(writer.writeStored('other', [0], stored(1))).rejects.toThrow('is not defined');
    await expect(writer.write('other', { start: [], count: [] }, [])).rejects.toThrow(
      'variable other is not defined',
    );
    await expect(
      writer.write('data', { start: [1, 0], count: [1, 3] }, new Uint8Array(3)),
    ).rejects.toThrow('data cannot be written');
    await writer.abandon();
  });
});

describeWith(['ncdump', 'netCDF4', 'ncks'], 'a NetCDF-4 file, to other software', () => {
  it('our reader and others see the same NetCDF-4 file', async () => {
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

  it('a NetCDF-4 file has the chunks that were written, compressed', async () => {
    const path = join(folder, 'chunks-others.nc');
    const values = await writeChunks(create, path, 'short', [70, 9, 8], [1, 2, 8]);
    const script = `
import json, sys, netCDF4
data = netCDF4.Dataset(sys.argv[1])['data']
filters = data.filters()
print(json.dumps([data[:].ravel().tolist(), data.chunking(), filters['zlib'], filters['shuffle'], filters['complevel']]))`;
    expect(python('netCDF4', script, path)).toEqual([values, [1, 2, 8], true, true, 1]);
    // NCO rewrites the file in one chunk, with the machine's HDF5 library.
    const copy = join(folder, 'copy.nc');
    output('ncks', ['-O', '-h', '--cnk_plc=g3d', '--cnk_dmn', 'a,70', path, copy]);
    expect((await readNetcdf(copy)).variables['data']?.values).toEqual(values);
  });
});
