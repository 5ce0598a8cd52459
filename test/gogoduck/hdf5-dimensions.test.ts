import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import { Hdf5File, loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { Hdf5NetcdfFile } from '../../batch-jobs/gogoduck/netcdf/hdf5-netcdf-file.ts';
import { NetcdfWriter } from '../../batch-jobs/gogoduck/netcdf/netcdf-writer.ts';
import { python } from './python.ts';
import { readNetcdf } from './read-netcdf.ts';
import { describeWith } from './tools.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hdf5-dimensions-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
/** Writes a file with h5py. In the script, `f` is open and `np` is numpy. */
function byH5py(script: string, options = 'track_order=True'): string {
  const path = join(folder, `${files++}.nc`);
  const whole = `
import sys, h5py, numpy as np
f = h5py.File(sys.argv[1], 'w', ${options})
${script}
f.close()
print('null')`;
  python('h5py', whole, path);
  return path;
}
/** The dimensions of each variable. */
const shapes = ({ variables }: Awaited<ReturnType<typeof readNetcdf>>) =>
  Object.fromEntries(
    Object.entries(variables).map(([name, each]) => [name, each.dimensions.join()]),
  );

describeWith(['h5py'], 'dimensions of an HDF5 file', () => {
  it('dimensions without names are numbered, one per size, and twice if a variable has the size twice', async () => {
    const read = await readNetcdf(
      byH5py(`
f['lat'] = np.arange(2.)
f['lon'] = np.arange(3.)
f['t'] = np.arange(6.).reshape(2, 3)
f['square'] = np.zeros((2, 2))
f['cube'] = np.zeros((2, 2, 2))
f['turned'] = np.zeros((3, 2))`),
    );
    expect(shapes(read)).toEqual({
      lat: 'phony_dim_0',
      lon: 'phony_dim_1',
      t: 'phony_dim_0,phony_dim_1',
      square: 'phony_dim_0,phony_dim_2',
      cube: 'phony_dim_0,phony_dim_2,phony_dim_3',
      turned: 'phony_dim_1,phony_dim_0',
    });
    expect(read.dimensions).toEqual({
      phony_dim_0: 2,
      phony_dim_1: 3,
      phony_dim_2: 2,
      phony_dim_3: 2,
    });
  });

  it('dimensions without names that may grow are others than those that may not', async () => {
    const read = await readNetcdf(
      byH5py(`
f['a'] = np.arange(2.)
f.create_dataset('b', data=np.arange(2.), maxshape=(None,))
f.create_dataset('c', data=np.arange(4.).reshape(2, 2), maxshape=(None, 2))
f.create_dataset('d', data=np.arange(2.), maxshape=(9,))`),
    );
    expect(shapes(read)).toEqual({
      a: 'phony_dim_0',
      b: 'phony_dim_1',
      c: 'phony_dim_1,phony_dim_0',
      d: 'phony_dim_0',
    });
    expect(read.dimensions).toEqual({ phony_dim_0: 2, phony_dim_1: -2 });
  });

  it('dimensions with names are others than those without, and come as they were made', async () => {
    const read = await readNetcdf(
      byH5py(`
y = f.create_dataset('y', data=np.arange(2.)); y.make_scale('y')
v = f.create_dataset('v', data=np.zeros((2, 2, 3)))
v.dims[1].attach_scale(y)
x = f.create_dataset('x', data=np.arange(3.)); x.make_scale('x')
w = f.create_dataset('w', data=np.zeros((3, 2))); w.dims[0].attach_scale(x); w.dims[1].attach_scale(y)`),
    );
    expect(shapes(read)).toEqual({
      y: 'y',
      v: 'phony_dim_2,y,phony_dim_3',
      x: 'x',
      w: 'x,y',
    });
    expect(read.dimensions).toEqual({ y: 2, x: 3, phony_dim_2: 2, phony_dim_3: 3 });
  });

  it('dimensions have less than 2 ** 31 cells', async () => {
    const opened = async (cells: number) => {
      const script = `f.create_dataset('v', shape=(${cells},), chunks=(1000,), dtype='i1')`;
      return Hdf5NetcdfFile.open(await loadHdf5(), byH5py(script));
    };
    const file = await opened(2 ** 31 - 1);
    expect(file.dimensions.get('phony_dim_0')?.size).toBe(2 ** 31 - 1);
    file.close();
    const longer = await opened(2 ** 31);
    expect(() => longer.dimensions).toThrow(
      'has v of 2147483648 cells along a dimension; allowed: below 2147483648.',
    );
    longer.close();
  });

  it('a file has at most 2,000 members', async () => {
    const hdf5 = await loadHdf5();
    const of = (count: number) =>
      byH5py(`for at in range(${count}): f.create_dataset(str(at), shape=())`);
    const file = Hdf5NetcdfFile.open(hdf5, of(2_000));
    expect(file.members.size).toBe(2_000);
    file.close();
    expect(() => Hdf5NetcdfFile.open(hdf5, of(2_001))).toThrow(
      'has 2001 variables; allowed: at most 2000 in a file.',
    );
  });

  it('types that are kept beside the data are no variables', async () => {
    const read = await readNetcdf(byH5py(`f['kind'] = np.dtype('i4')\nf['v'] = np.arange(2.)`));
    expect(shapes(read)).toEqual({ v: 'phony_dim_0' });
  });

  it('attributes of more than a mebibyte are refused, and are read up to it', async () => {
    const of = (bytes: number) =>
      byH5py(
        `f.create_dataset('v', data=np.arange(3.)).attrs.create('a', np.zeros(${bytes}, 'i1'))`,
        `libver='latest'`,
      );
    const { variables } = await readNetcdf(of(1024 * 1024));
    expect(variables['v']?.attributes['a']).toHaveLength(1024 * 1024);
    await expect(readNetcdf(of(1024 * 1024 + 1))).rejects.toThrow(
      'has attribute a of 1048577 bytes (of v); allowed: at most 1048576.',
    );
    const ofFile = byH5py(`f.attrs.create('b', np.zeros(300_000, 'i4'))`, `libver='latest'`);
    await expect(readNetcdf(ofFile)).rejects.toThrow('has attribute b of 1200000 bytes; allowed');
  });

  it('attributes of each kind are read, except those of HDF5 itself and of other types', async () => {
    const path = byH5py(`
v = f.create_dataset('v', data=np.arange(2.)); v.make_scale('v')
v.attrs['fixed'] = np.bytes_('ab')
v.attrs['list'] = np.array([b'ab', b'c'], 'S3')
v.attrs['any'] = 'än'
v.attrs['several'] = ['a', 'b']
v.attrs['nothing'] = h5py.Empty('S1')
v.attrs['swapped'] = np.array([258, 1], '>i2')
v.attrs['real'] = np.float32(0.5)
v.attrs['pair'] = np.array((1, 2), [('a', 'i4'), ('b', 'i4')])
v.attrs['reference'] = v.ref`);
    const { variables } = await readNetcdf(path);
    expect(variables['v']?.attributes).toEqual({
      fixed: 'ab',
      list: 'ab\nc',
      any: 'än',
      several: 'a\nb',
      nothing: '',
      swapped: [258, 1],
      real: 0.5,
    });
  });

  it('names of a file may have other letters, and links within it may be soft', async () => {
    const read = await readNetcdf(
      byH5py(
        `f['größe'] = np.arange(2.)\nf['b'] = h5py.SoftLink('/größe')\nf['b2'] = np.arange(3)`,
      ),
    );
    expect(read.variables['größe']?.values).toEqual([0, 1]);
    expect(read.variables['b']?.values).toEqual([0, 1]);
    const plain = await readNetcdf(byH5py(`f['größe'] = np.arange(2.)\nf['a'] = np.arange(3)`));
    expect(Object.keys(plain.variables)).toEqual(['größe', 'a']);
  });
});

describeWith(['netCDF4', 'h5py'], 'dimensions of a NetCDF-4 file', () => {
  function byNetcdf4(script: string): string {
    const path = join(folder, `${files++}.nc`);
    const whole = `
import sys, netCDF4, numpy as np
d = netCDF4.Dataset(sys.argv[1], 'w')
${script}
d.close()
print('null')`;
    python('netCDF4', whole, path);
    return path;
  }

  it('a coordinate of several dimensions names them itself', async () => {
    const read = await readNetcdf(
      byNetcdf4(`
for name, size in (('t', None), ('x', 3), ('y', 2), ('bare', 2)): d.createDimension(name, size)
d.createVariable('x', 'f8', ('x', 'y'))[:] = np.arange(6.).reshape(3, 2)
d.createVariable('v', 'f8', ('t', 'y', 'x', 'bare'))[0] = np.zeros((2, 3, 2))
d.createVariable('y', 'i2', ('y',))[:] = [4, 5]`),
    );
    expect(shapes(read)).toEqual({ x: 'x,y', v: 't,y,x,bare', y: 'y' });
    // In the order in which they were defined.
    expect(Object.entries(read.dimensions)).toEqual([
      ['t', -1],
      ['x', 3],
      ['y', 2],
      ['bare', 2],
    ]);
    expect(read.variables['x']?.values).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('a dimension is as long as the longest of its variables', async () => {
    const path = byNetcdf4(`
d.createDimension('t', None); d.createDimension('x', 2)
d.createVariable('t', 'f8', ('t',))[:] = [0, 1, 2]
v = d.createVariable('v', 'i2', ('t', 'x'), fill_value=-9); v[0] = [1, 2]
w = d.createVariable('w', 'i2', ('t',)); w[:] = [1, 2, 3, 4]`);
    const { dimensions, variables } = await readNetcdf(path);
    expect(dimensions).toEqual({ t: -4, x: 2 });
    expect(variables['v']?.values).toEqual([1, 2, ...Array(6).fill(-9)]);
    expect(variables['t']?.shape).toEqual([4]);
    const file = Hdf5NetcdfFile.open(await loadHdf5(), path);
    expect(file.layout('v')).toEqual({ type: 'short', shape: [1, 2] });
    expect(file.layout('absent')).toBeUndefined();
    file.close();
  });

  it('attributes that say what numbers mean are read without the others', async () => {
    const path = byNetcdf4(`
d.createDimension('x', 2); v = d.createVariable('v', 'i2', ('x',), fill_value=-9)
v.setncatts(dict(units='m', calendar='noleap', positive='up', scale_factor=2., add_offset=1., missing_value=np.int16(-8),
  _Unsigned='true', flag_values=np.int16(1), flag_masks=np.int16(1), flag_meanings='a', comment='c'))
w = d.createVariable('w', 'i2', ('x',)); w.units = ['m', 'n']; w.comment = 'c'`);
    const file = Hdf5NetcdfFile.open(await loadHdf5(), path);
    const of = (name: string) => {
      const variable = file.variables.get(name);
      return variable ? file.encodingAttributes(variable) : new Map();
    };
    expect([...of('v').keys()].sort()).toEqual(
      [
        ...['_FillValue', '_Unsigned', 'add_offset', 'calendar', 'flag_masks', 'flag_meanings'],
        ...['flag_values', 'missing_value', 'positive', 'scale_factor', 'units'],
      ].sort(),
    );
    expect(of('v')).toBe(of('v'));
    // Texts of any length are left to the library.
    expect([...of('w')].map(([name, each]) => [name, textOf(each)])).toEqual([['units', 'm\nn']]);
    file.close();
  });
});

describe('a NetCDF-4 file that is written', () => {
  it('a variable without cells keeps the level of its compression, and its dimension its kind', async () => {
    const path = join(folder, 'empty.nc');
    const hdf5 = await loadHdf5();
    const writer = new NetcdfWriter(hdf5, path, {
      dimensions: [
        { name: 'x', size: 0, unlimited: false },
        { name: 't', size: 3, unlimited: true },
        { name: 'long', size: 5_000, unlimited: false },
      ],
      attributes: new Map(),
      variables: [
        { name: 'v', type: 'short', dimensions: ['t', 'x'], attributes: new Map(), chunk: [1, 1] },
      ],
    });
    await writer.close();
    const file = Hdf5File.open(hdf5, path);
    expect(file.filters('v').map(({ id, values }) => [id, values])).toEqual([[1, [1]]]);
    expect(file.scaleName('x')).toBe(
      'This is a netCDF dimension but not a netCDF variable.         0',
    );
    expect(file.scaleName('long')).toBe(
      'This is a netCDF dimension but not a netCDF variable.      5000',
    );
    expect(file.metadata('long').chunks).toEqual([1024]);
    expect(file.metadata('t').chunks).toEqual([3]);
    file.close();
    const { dimensions } = await readNetcdf(path);
    expect(Object.entries(dimensions)).toEqual([
      ['x', 0],
      ['t', -3],
      ['long', 5_000],
    ]);
  });
});
