import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { python } from './python.ts';
import { readNetcdf } from './read-netcdf.ts';
import { describeWith } from './tools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'classic-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Big-endian four-byte integers. */
function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

function name(text: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil(text.length / 4) * 4);
  bytes.write(text);
  return Buffer.concat([words(text.length), bytes]);
}

/** A CDF-1 file with one variable of shorts over a record dimension, whose records have no padding. */
function oneRecordVariable(records: number): Buffer {
  const header = (begin: number) =>
    Buffer.concat([
      Buffer.from('CDF\x01', 'latin1'),
      words(records),
      words(0x0a, 1),
      name('t'),
      words(0),
      words(0, 0),
      words(0x0b, 1),
      name('v'),
      words(1, 0),
      words(0, 0),
      words(3, 4, begin),
    ]);
  const data = Buffer.from([0, 1, 0, 2, 0xff, 0xff]);
  return Buffer.concat([header(header(0).length), data]);
}

describe('a classic NetCDF file', () => {
  it.each([
    ['says how many records it has', 3],
    ['is still being written, as long as it is', 0xffffffff],
  ])(
    'a classic NetCDF file that %s is read; a single record variable is not padded',
    async (_, records) => {
      const path = join(folder, 'records.nc');
      await writeFile(path, oneRecordVariable(records));
      const { dimensions, variables } = await readNetcdf(path);
      expect(dimensions).toEqual({ t: -3 });
      expect(variables['v']).toMatchObject({ type: 'short', values: [1, 2, -1] });
    },
  );

  it.each([
    ['has another version', 'CDF\x03....', 'is classic NetCDF of version 3; allowed: CDF-1'],
    ['ends in its header', 'CDF\x01\0\0\0\0\0\0\0\x0a\0\0\0\x02', 'is damaged'],
    ['has another list', 'CDF\x01\0\0\0\0\0\0\0\x0b\0\0\0\x01', 'is damaged'],
    ['has too many dimensions', 'CDF\x01\0\0\0\0\0\0\0\x0a\xff\0\0\0', 'allowed: at most 1024'],
  ])('a classic NetCDF file that %s is refused by name', async (_, content, expected) => {
    const path = join(folder, 'bad.nc');
    await writeFile(path, Buffer.from(content, 'latin1'));
    await expect(readNetcdf(path)).rejects.toThrow(/^File "bad.nc" /);
    await expect(readNetcdf(path)).rejects.toThrow(expected);
  });

  it('a classic NetCDF file that ends before its data does is damaged', async () => {
    const path = join(folder, 'short.nc');
    const bytes = oneRecordVariable(3);
    await writeFile(path, bytes);
    await truncate(path, bytes.length - 1);
    await expect(readNetcdf(path)).rejects.toThrow('File "short.nc" is damaged');
  });
});

describeWith(['netCDF4'], 'a classic NetCDF file of the NetCDF library', () => {
  it.each([
    ['NETCDF3_CLASSIC', ['i1', 'i2', 'i4', 'f4', 'f8']],
    ['NETCDF3_64BIT_OFFSET', ['i1', 'i2', 'i4', 'f4', 'f8']],
    ['NETCDF3_64BIT_DATA', ['i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f4', 'f8']],
  ])(
    'a classic NetCDF file of format %s is read as it was written, number by number',
    async (format, types) => {
      const path = join(folder, `${format}.nc`);
      const script = `
import json, sys, netCDF4, numpy as np
path, format, types = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
file = netCDF4.Dataset(path, 'w', format=format)
for name, size in (('t', None), ('y', 2), ('x', 3), ('n', 5)): file.createDimension(name, size)
file.title = 'Tïtle'
file.numbers = np.array([1.5, 2.5])
for type in types:
    variable = file.createVariable(type, type, ('t', 'y', 'x'))
    variable.units = 'K'
    fixed = file.createVariable('fixed_' + type, type, ('y', 'x'))
    info = np.iinfo(type) if type[0] != 'f' else np.finfo(type)
    values = np.array([info.min, info.max, 0, 1, 2, 3], type).reshape(2, 3)
    fixed[:] = values
    for step in range(3): variable[step] = values
text = file.createVariable('text', 'S1', ('t', 'n'))
text[:] = np.array([list('abcde')] * 3, 'S1')
file.close()
file = netCDF4.Dataset(path); file.set_auto_maskandscale(False)
print(json.dumps({name: [str(cell) for cell in variable[...].ravel().tolist()] for name, variable in file.variables.items() if name != 'text'}))`;
      const expected = python('netCDF4', script, path, format, JSON.stringify(types)) as Record<
        string,
        string[]
      >;
      const read = await readNetcdf(path);
      expect(read.dimensions).toEqual({ t: -3, y: 2, x: 3, n: 5 });
      expect(read.attributes).toEqual({ title: 'Tïtle', numbers: [1.5, 2.5] });
      expect(read.variables['text']?.values.join('')).toBe('abcdeabcdeabcde');
      for (const [variable, values] of Object.entries(expected)) {
        const found = read.variables[variable]?.values.map(Number);
        expect(found, variable).toEqual(values.map(Number));
      }
    },
  );
});
