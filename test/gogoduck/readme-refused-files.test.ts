import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { gridSketch } from './grid-sketch.ts';
import { type LayerFolder, useLayer } from './layer-folder.ts';
import { python } from './python.ts';
import { code, readmeTable } from './readme-tables.ts';
import { describeWith } from './tools.ts';
import { type ArraySketch, gridStore, writeStore } from './write-store.ts';

const layer = useLayer();
const rows = readmeTable('file').map(([what = '', answer]) => [what, code(answer)] as const);

/** Writes a file with h5py. In the script, `f` is open and `np` is numpy. */
async function byH5py({ path }: LayerFolder, script: string): Promise<void> {
  const whole = `
import sys, h5py, numpy as np
f = h5py.File(sys.argv[1], 'w', track_order=True)
${script}
f.close()
print('null')`;
  python('h5py', whole, join(path, '0.nc'));
}

const nameless: ArraySketch = { dimensions: [], shape: [2], type: '|i1', bytes: new Uint8Array(2) };

/** Writes the layer of each row of the README's table, by the text of the row. */
const makers: Readonly<Record<string, (folder: LayerFolder) => Promise<unknown>>> = {
  'a text': ({ path }) => writeFile(join(path, '0.nc'), 'time,lat,lon\n'),
  'NetCDF-4 that ends too soon': async (folder) => {
    await truncate(await folder.file('0.nc', gridSketch({ times: [0] })), 600);
  },
  'classic NetCDF of a version that there is not': ({ path }) =>
    writeFile(join(path, '0.nc'), Buffer.from('CDF\x07\0\0\0\0\0\0\0\0')),
  'a coordinate of a compound type': (folder) =>
    byH5py(
      folder,
      `f.create_dataset('lat', shape=(9,), dtype=[('a', 'f4'), ('b', 'f4')]).make_scale('lat')`,
    ),
  'data compressed by zfp': (folder) =>
    byH5py(
      folder,
      `
space = h5py.h5s.create_simple((4,))
plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
plist.set_chunk((4,))
plist.set_filter(32013, h5py.h5z.FLAG_OPTIONAL, (1, 2))
h5py.h5d.create(f.id, b'sst', h5py.h5t.NATIVE_FLOAT, space, plist)`,
    ),
  'a link to another file': (folder) =>
    byH5py(folder, `f['sst'] = h5py.ExternalLink('other.nc', '/sst')`),
  'data that is stored in another file': (folder) =>
    byH5py(
      folder,
      `
plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
plist.set_external(b'other.bin', 0, 4)
h5py.h5d.create(f.id, b'sst', h5py.h5t.NATIVE_INT8, h5py.h5s.create_simple((4,)), plist)`,
    ),
  'a virtual dataset': (folder) =>
    byH5py(
      folder,
      `
layout = h5py.VirtualLayout(shape=(4,), dtype='f8')
layout[:] = h5py.VirtualSource('other.nc', 'sst', shape=(4,))
f.create_virtual_dataset('sst', layout)`,
    ),
  'a dimension of more cells than can be counted with': (folder) =>
    byH5py(folder, `f.create_dataset('sst', shape=(2**31,), chunks=(1000,), dtype='i1')`),
  'a folder that is no Zarr store': ({ path }) =>
    mkdir(join(path, '0.zarr')).then(() => writeFile(join(path, '0.zarr', '.zmetadata'), '{}')),
  'a Zarr array without names of its dimensions': ({ path }) =>
    writeStore(join(path, '0.zarr'), gridStore(0, { sst: nameless })),
  'a Zarr coordinate of 16-bit floats': ({ path }) =>
    writeStore(
      join(path, '0.zarr'),
      gridStore(0, {
        lat: { dimensions: ['lat'], shape: [2], type: '<f2', bytes: new Uint8Array(4) },
      }),
    ),
};

describeWith(['h5py'], 'what the README says of files that are refused', () => {
  it("GoGoDuck's README has a row for each refused file that is tested", () => {
    expect(rows.map(([what]) => what)).toEqual(Object.keys(makers));
  });

  it.each(rows)("GoGoDuck's README says what is answered to a file: %s", async (what, answer) => {
    await makers[what]?.(layer);
    const { message, exitCode } = await layer.fault();
    expect([message, exitCode]).toEqual([answer, 65]);
  });
});
