import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { python } from './python.ts';
import { readNetcdf } from './read-netcdf.ts';
import { describeWith } from './tools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hdf5-'));
});
afterAll(() => rm(folder, { recursive: true }));

/**
 * Writes a file with h5py. In the script, `file` is open, `np` is numpy and `path` its path. @returns its
 * path
 */
function made(name: string, script: string): string {
  const path = join(folder, name);
  const whole = `
import json, sys, h5py, numpy as np
path = sys.argv[1]
file = h5py.File(path, 'w', track_order=True)
${script}
file.close()
print('null')`;
  python('h5py', whole, path);
  return path;
}

describeWith(['h5py'], 'an HDF5 file that leads to other files', () => {
  const outside = () => join(folder, 'secret.h5');
  beforeAll(async () => {
    made('secret.h5', `file['secret'] = np.arange(4.)`);
    await writeFile(join(folder, 'secret.txt'), 'do not read');
  });

  it.each([
    [
      'an external link',
      (file: string) => `file['x'] = h5py.ExternalLink('${file}', '/secret')`,
      'has "x", which is a link out of the file (to "',
    ],
    [
      'a soft link to what an external link leads to',
      (file: string) => `
file['a'] = h5py.ExternalLink('${file}', '/')
file['x'] = h5py.SoftLink('/a/secret')
del file['a']
file['x2'] = h5py.SoftLink('/x')`,
      'has "x", which is a link out of the file (to "/a/secret")',
    ],
    [
      'external raw storage',
      (file: string) => `
plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
plist.set_external(b'${file}', 0, 4)
h5py.h5d.create(file.id, b'x', h5py.h5t.NATIVE_INT8, h5py.h5s.create_simple((4,)), plist)`,
      'has "x" with data that is stored in other files (external raw storage)',
    ],
    [
      'a virtual dataset',
      (file: string) => `
layout = h5py.VirtualLayout(shape=(4,), dtype='f8')
layout[:] = h5py.VirtualSource('${file}', 'secret', shape=(4,))
file.create_virtual_dataset('x', layout)`,
      'has "x" with data that is stored in other files (a virtual dataset)',
    ],
  ])(
    'an HDF5 file that refers to other files by %s is refused with the reason',
    async (_, script, words) => {
      const path = made('leads.nc', script(outside()));
      await expect(readNetcdf(path)).rejects.toThrow(`File "leads.nc" ${words}`);
    },
  );

  it('an HDF5 file with a soft link within itself is read', async () => {
    const path = made('soft.nc', `file['a'] = np.arange(3.)\nfile['b'] = h5py.SoftLink('/a')`);
    expect((await readNetcdf(path)).variables['b']?.values).toEqual([0, 1, 2]);
  });
});

describeWith(['h5py'], 'an HDF5 file of another kind than NetCDF-4', () => {
  it('an HDF5 file with enumerations is read as numbers with flags', async () => {
    const path = made(
      'enum.nc',
      `
kind = h5py.enum_dtype({'land': 0, 'open sea': 7}, basetype='i2')
file.create_dataset('mask', data=np.array([0, 7, 7], 'i2'), dtype=kind)`,
    );
    expect((await readNetcdf(path)).variables['mask']).toMatchObject({
      type: 'short',
      values: [0, 7, 7],
      attributes: { flag_values: [0, 7], flag_meanings: 'land open_sea' },
    });
  });

  it('an HDF5 file with texts of fixed length has strings', async () => {
    const path = made(
      'fixed.nc',
      `file.create_dataset('q', data=np.array([b'good', b'bad'], 'S4'))`,
    );
    expect((await readNetcdf(path)).variables['q']).toMatchObject({
      type: 'string',
      values: ['good', 'bad'],
    });
  });

  it('an HDF5 file whose coordinate has a compound type is refused by that name', async () => {
    const path = made(
      'unread.nc',
      `file.create_dataset('v', shape=(9,), dtype=[('a', 'f4'), ('b', 'f4')]).make_scale('v')`,
    );
    await expect(readNetcdf(path)).rejects.toThrow(
      'File "unread.nc" has coordinate v of type compound, which is not read here',
    );
  });

  it.each([
    ['shuffled and deflated', `compression='gzip', shuffle=True`],
    ['deflated', `compression='gzip'`],
    ['in chunks, not compressed', ''],
    ['shuffled only', `shuffle=True`],
    ['with checksums', `compression='gzip', shuffle=True, fletcher32=True`],
    ['big-endian', `compression='gzip', dtype='>i4'`],
    ['of the newest format', `compression='gzip', shuffle=True`],
  ])(
    'an HDF5 file whose chunks are %s is read, by our own code or the library',
    async (how, options) => {
      const path = made(
        'chunks.nc',
        `
${how.includes('newest') ? "file.close(); file = h5py.File(path, 'w', libver='latest')" : ''}
file.create_dataset('v', data=np.arange(7 * 9, dtype='i4').reshape(7, 9), chunks=(3, 4), ${options})`,
      );
      const values = Array.from({ length: 63 }, (_, index) => index);
      expect((await readNetcdf(path)).variables['v']?.values).toEqual(values);
    },
  );

  it('an HDF5 file gives fill values for chunks that were never written', async () => {
    const path = made(
      'sparse.nc',
      `
v = file.create_dataset('v', shape=(4, 4), dtype='i2', chunks=(2, 2), compression='gzip', fillvalue=-5)
v[2:, 2:] = 1`,
    );
    expect((await readNetcdf(path)).variables['v']?.values).toEqual([
      -5, -5, -5, -5, -5, -5, -5, -5, -5, -5, 1, 1, -5, -5, 1, 1,
    ]);
  });

  it('an HDF5 file with a damaged chunk is damaged', async () => {
    const path = made(
      'broken.nc',
      `
v = file.create_dataset('v', data=np.arange(1000), chunks=(1000,), compression='gzip')
address = v.id.get_chunk_info(0).byte_offset
file.close()
with open(path, 'r+b') as raw:
    raw.seek(address + 20); raw.write(b'\\xff' * 20)
file = h5py.File(path, 'r')`,
    );
    await expect(readNetcdf(path)).rejects.toThrow('File "broken.nc" is damaged');
  });
});

describeWith(['netCDF4', 'h5py'], 'a record variable', () => {
  it('an HDF5 file shorter than its dimension has fill values in the missing steps', async () => {
    const path = join(folder, 'unwritten.nc');
    const script = `
import sys, netCDF4
file = netCDF4.Dataset(sys.argv[1], 'w')
file.createDimension('t', None); file.createDimension('x', 2)
time = file.createVariable('t', 'f8', ('t',)); time[:] = [0, 1, 2]
v = file.createVariable('v', 'i2', ('t', 'x'), fill_value=-9); v[0] = [1, 2]
w = file.createVariable('w', 'f4', ('t', 'x'))
file.close()
print('null')`;
    python('netCDF4', script, path);
    const { dimensions, variables } = await readNetcdf(path);
    expect(dimensions).toEqual({ t: -3, x: 2 });
    expect(variables['v']?.values).toEqual([1, 2, -9, -9, -9, -9]);
    expect(variables['w']?.values).toEqual(Array(6).fill(9.969209968386869e36));
  });
});

describeWith(['h5py'], 'a hostile HDF5 file', () => {
  it.each([
    [
      'a dimension beyond counting',
      `file.create_dataset('v', shape=(2**53,), chunks=(1000,), dtype='i1', compression='gzip')`,
      'has v of 9007199254740992 cells along a dimension; allowed: below 2147483648',
    ],
    [
      'thousands of variables',
      `for index in range(2001): file.create_dataset(f'v{index}', shape=(1,))`,
      'has 2001 variables; allowed: at most 2000',
    ],
    [
      'a text of a hundred megabytes',
      `file.create_dataset('v', data=['a' * 100_000_000], dtype=h5py.string_dtype())`,
      'has texts of 100000000 bytes in v; allowed: at most 67108864',
    ],
  ])('an HDF5 file is refused for %s, before memory is taken for it', async (_, script, words) => {
    const path = made('hostile.nc', script);
    await expect(readNetcdf(path)).rejects.toThrow(`File "hostile.nc" ${words}`);
  });
});

describe('what is no file of data', () => {
  it('what is not a data file is refused at once, without waiting for a pipe', async () => {
    const path = join(folder, 'pipe.nc');
    spawnSync('mkfifo', [path]);
    await expect(readNetcdf(path)).rejects.toThrow(
      'File "pipe.nc" is no file of data, but a folder, pipe or device.',
    );
    await expect(readNetcdf(folder)).rejects.toThrow('is no file of data');
  });
});
