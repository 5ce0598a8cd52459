import { join } from 'node:path';
import { File } from 'h5wasm/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { useLayer } from './layer-folder.ts';
import { python } from './python.ts';
import { readNetcdf } from './read-netcdf.ts';
import { describeWith } from './tools.ts';

const layer = useLayer();
const values = Array.from({ length: 2 * 20 * 30 }, (_, index) => index);

describeWith(['netCDF4'], 'chunks that netCDF4 compressed', () => {
  it.each(['zstd', 'szip', 'blosc_lz', 'blosc_lz4', 'blosc_zlib', 'blosc_zstd'])(
    'chunks of h5wasm compressed by %s are read',
    async (filter) => {
      const script = `
import sys, netCDF4, numpy as np
d = netCDF4.Dataset(sys.argv[1], 'w')
for name, size in (('time', 2), ('lat', 20), ('lon', 30)): d.createDimension(name, size)
for name, values, units in (('time', [0, 1], 'days since 2020-01-01'), ('lat', np.arange(20.), 'degrees_north'), ('lon', np.arange(30.), 'degrees_east')):
    v = d.createVariable(name, 'f8', (name,)); v.units = units; v[:] = values
d.createVariable('v', 'f4', ('time', 'lat', 'lon'), compression='${filter}', shuffle=True, chunksizes=(1, 7, 8))[:] = np.arange(1200.).reshape(2, 20, 30)
d.close()
print('null')`;
      python('netCDF4', script, join(layer.path, '0.nc'));
      const { variables } = await layer.result('LATITUDE,6,7;LONGITUDE,7,8');
      expect(variables['v']?.values).toEqual([187, 188, 217, 218, 787, 788, 817, 818]);
    },
  );
});

describeWith(['h5py'], 'chunks that h5py compressed', () => {
  it('chunks of h5py compressed by lzf are read', async () => {
    const path = join(layer.path, 'lzf.nc');
    const script = `
import sys, h5py, numpy as np
with h5py.File(sys.argv[1], 'w') as f:
    f.create_dataset('v', data=np.arange(1200, dtype='f4').reshape(2, 20, 30), chunks=(1, 7, 8), compression='lzf', shuffle=True)
print('null')`;
    python('h5py', script, path);
    expect((await readNetcdf(path)).variables['v']?.values).toEqual(values);
  });
});

describe('chunks compressed', () => {
  beforeAll(loadHdf5);

  const write = (filter: number, settings: number[]): string => {
    const path = join(layer.path, `${filter}.nc`);
    const file = new File(path, 'w');
    file.create_dataset({
      name: 'v',
      data: Float32Array.from(values),
      shape: [2, 20, 30],
      dtype: '<f4',
      chunks: [1, 7, 8],
      compression: filter,
      compression_opts: settings,
    });
    file.close();
    return path;
  };

  it.each([
    ['bzip2', 307, [9]],
    ['lz4', 32004, [0]],
    ['bitshuffle', 32008, [0, 2]],
    ['zstd', 32015, [3]],
    ['blosc2', 32026, [2, 2, 4, 224, 5, 1, 1]],
  ])('chunks of netCDF-C compressed by %s are read', async (_, filter, settings) => {
    const { variables } = await readNetcdf(write(filter, settings));
    expect(variables['v']?.values).toEqual(values);
  });
});

describeWith(['h5py'], 'a filter that is not read', () => {
  it('an unknown filter is named with its number', async () => {
    const path = join(layer.path, 'zfp.nc');
    const script = `
import sys, h5py
with h5py.File(sys.argv[1], 'w') as f:
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((3,))
    plist.set_filter(32013, h5py.h5z.FLAG_OPTIONAL, (1,))
    h5py.h5d.create(f.id, b'v', h5py.h5t.NATIVE_FLOAT, h5py.h5s.create_simple((9,)), plist)
print('null')`;
    python('h5py', script, path);
    await expect(readNetcdf(path)).rejects.toThrow(
      'File "zfp.nc" has variable v compressed by "zfp" (HDF5 filter 32013), which is not read here; allowed: deflate, szip, bzip2, lzf, lz4, zstd, blosc and bitshuffle.',
    );
  });
});
