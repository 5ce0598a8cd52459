import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import { numbers } from './make-netcdf.ts';
import { python } from './python.ts';
import { readNetcdf } from './read-netcdf.ts';
import { runGogoduck } from './run-gogoduck.ts';
import { describeWith, output } from './tools.ts';

const layer = useLayer();
const zarr = { result: 'application/zarr+zip', content: 'application/zarr+zip' } as const;
const cells = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A file with a variable of each kind. */
const file = (hour: number): GridSketch => ({
  times: [hour, hour + 1],
  dimensions: { length: 3 },
  attributes: { title: 'T "quoted" é', level: numbers('short', 4), ratio: numbers('float', 0.1) },
  variables: {
    packed: {
      type: 'short',
      dimensions: ['time', 'lat', 'lon'],
      values: cells(24).map((index) => (index % 5 === 0 ? -999 : index + hour)),
      attributes: {
        _FillValue: numbers('short', -999),
        scale_factor: 0.01,
        add_offset: 20,
        valid_range: numbers('short', 0, 100),
      },
    },
    big: {
      type: 'int64',
      dimensions: ['time', 'lat', 'lon'],
      values: cells(24).map((index) => 2n ** 60n + BigInt(index)),
      attributes: { _FillValue: numbers('int64', 2n ** 60n + 3n) },
    },
    flag: {
      type: 'ubyte',
      dimensions: ['time', 'lat', 'lon'],
      values: cells(24),
      attributes: { flag_values: numbers('ubyte', 0, 1), flag_meanings: 'bad good' },
    },
    gaps: {
      type: 'float',
      dimensions: ['time', 'lat', 'lon'],
      values: cells(24).map((index) => (index === 7 ? Number.NaN : index / 3)),
      attributes: { _FillValue: numbers('float', Number.NaN) },
    },
    word: { type: 'char', dimensions: ['time', 'length'], values: 'ab\0cde' },
    name: { type: 'string', dimensions: ['time'], values: ['x', 'später'] },
    crs: { type: 'int', values: [7], attributes: { grid_mapping_name: 'latitude_longitude' } },
  },
});

describeWith(['xarray', 'zarr'], 'a result as Zarr', () => {
  it.each([everywhere, 'LATITUDE,-39,-38;LONGITUDE,141,142'])(
    'a result as Zarr is read by xarray as the NetCDF of the same subset is (%s)',
    async (subset) => {
      await layer.grids(file(0), file(2));
      const netcdf = await runGogoduck(layer.layers, subset);
      const store = await runGogoduck(layer.layers, subset, zarr);
      const script = `
import sys, json, xarray as xr, zarr, numpy as np
store = zarr.ZipStore(sys.argv[2], mode='r')
one, other = xr.open_dataset(sys.argv[1]).load(), xr.open_zarr(store).load()
xr.testing.assert_equal(one, other)
plain = lambda attributes: {name: np.asarray(value).tolist() for name, value in attributes.items()}
assert plain(one.attrs) == plain(other.attrs), (one.attrs, other.attrs)
for name in one.variables:
    assert plain(one[name].attrs) == plain(other[name].attrs), name
    assert one[name].dtype.kind == other[name].dtype.kind, (name, one[name].dtype, other[name].dtype)
    for key in ('_FillValue', 'scale_factor', 'add_offset', 'units'):
        a, b = one[name].encoding.get(key), other[name].encoding.get(key)
        assert a == b or (a != a and b != b), (name, key, a, b)
raw, read = xr.open_dataset(sys.argv[1], mask_and_scale=False), xr.open_zarr(store, mask_and_scale=False)
assert raw.big.values.tolist() == read.big.values.tolist() and read.big.dtype == 'i8'
assert raw.packed.dtype == read.packed.dtype == 'i2'
print(json.dumps(sorted(other.variables)))`;
      expect(python('xarray', script, netcdf, store)).toEqual(
        [...Object.keys(file(0).variables ?? {}), 'lat', 'lon', 'temperature', 'time'].sort(),
      );
    },
  );

  it('a result as Zarr has chunks that end past its cells, both as stored and as compressed here', async () => {
    const side = cells(45);
    await layer.grids({
      times: [0],
      latitudes: side.map((index) => index / 2),
      longitudes: side.map((index) => 100 + index / 2),
    });
    const script = `
import sys, json, zarr
a = zarr.open_group(zarr.ZipStore(sys.argv[1], mode='r'), mode='r')['temperature']
print(json.dumps([list(a.shape), a[0, -1, -3:].tolist(), a[0, 0, :2].tolist(), a.compressor.codec_id]))`;
    const path = await runGogoduck(layer.layers, 'LATITUDE,3,22;LONGITUDE,101,122', zarr);
    expect(python('zarr', script, path)).toEqual([
      [1, 39, 43],
      [44 * 45 + 42, 44 * 45 + 43, 44 * 45 + 44],
      [6 * 45 + 2, 6 * 45 + 3],
      'zlib',
    ]);
  });

  it('a result as Zarr can be a layer itself', async () => {
    const { word: _, ...variables } = file(0).variables ?? {};
    await layer.grids({ ...file(0), variables });
    const store = await runGogoduck(layer.layers, everywhere, zarr);
    const copy = join(layer.layers, 'again', 'a.zarr');
    await mkdir(copy, { recursive: true });
    output('python3', ['-m', 'zipfile', '-e', store, copy]);
    const result = await readNetcdf(
      await runGogoduck(layer.layers, everywhere, {
        layer: 'again',
        subset: {
          latitude: { minimum: -90, maximum: 90 },
          longitude: { minimum: 0, maximum: 180 },
          variables: ['packed', 'gaps'],
        },
      }),
    );
    expect(result.variables['packed']?.values.slice(0, 3)).toEqual([-999, 1, 2]);
    expect(result.variables['packed']?.attributes).toMatchObject({ scale_factor: 0.01 });
  });
});
