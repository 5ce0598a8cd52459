import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { everywhere, useLayer } from './layer-folder.ts';
import { python } from './python.ts';
import { describeWith } from './tools.ts';
import { type ArraySketch, gridStore, writeStore } from './write-store.ts';

const layer = useLayer();

/** The result, with the warnings of its run. */
async function withWarnings() {
  const warnings: string[] = [];
  const result = await layer.result(everywhere, {}, { warn: (text) => warnings.push(text) });
  return { ...result, warnings };
}

/** Writes a grid with h5py: `v`, and a variable `x` of a type that NetCDF does not define. */
function writeWith(x: string, hour = 0): void {
  const script = `
import sys, h5py, numpy as np
f = h5py.File(sys.argv[1], 'w', track_order=True)
for name, values, units in (('time', [${hour}.], 'hours since 2020-01-01'), ('lat', [-2., -1.], 'degrees_north'), ('lon', [10., 11., 12.], 'degrees_east')):
    s = f.create_dataset(name, data=values); s.attrs['units'] = units; s.make_scale(name)
v = f.create_dataset('v', data=np.arange(6, dtype='i4').reshape(1, 2, 3))
for axis, name in enumerate(('time', 'lat', 'lon')): v.dims[axis].attach_scale(f[name])
v.attrs['ancillary_variables'] = 'x lat'
${x}
f.close()
print('null')`;
  python('h5py', script, join(layer.path, `${hour}.nc`));
}

describeWith(['h5py'], 'a variable of a type that is not read', () => {
  it.each([
    ['compound', `f.create_dataset('x', shape=(2, 3), dtype=[('a', 'f4'), ('b', 'f4')])`],
    ['opaque', `f.create_dataset('x', data=np.zeros((2, 3), 'V5'))`],
    ['reference', `f.create_dataset('x', data=[f['v'].ref], dtype=h5py.ref_dtype)`],
    [
      'variable-length list',
      `f.create_dataset('x', shape=(2,), dtype=h5py.vlen_dtype(np.int32))[0] = [1, 2]`,
    ],
  ])(
    'a variable of a type that is not read (%s) is left out, and the others are given',
    async (type, x) => {
      writeWith(x);
      const { variables, warnings, attributes } = await withWarnings();
      expect(Object.keys(variables)).toEqual(['time', 'lat', 'lon', 'v']);
      expect(variables['v']).toMatchObject({
        values: [0, 1, 2, 3, 4, 5],
        attributes: { ancillary_variables: 'lat' },
      });
      const warning = `Variable x is left out: its type (${type}) is not read.`;
      expect(warnings).toEqual([expect.stringContaining(warning)]);
      expect(attributes['history']).toContain(warning);
    },
  );
});

describeWith(['h5py'], 'a variable of which one file has a type that is not read', () => {
  it('a variable of which one file has a type that is not read is refused', async () => {
    const grid = `; [x.dims[axis].attach_scale(f[name]) for axis, name in enumerate(('time', 'lat', 'lon'))]`;
    writeWith(`x = f.create_dataset('x', data=np.zeros((1, 2, 3)))${grid}`);
    writeWith(`x = f.create_dataset('x', data=np.zeros((1, 2, 3), 'V5'))${grid}`, 1);
    const { message, exitCode } = await layer.fault();
    expect([message, exitCode]).toEqual([
      'File "1.nc" has no variable x, which file "0.nc" has. Only files of one kind can be joined; a shorter period may hold such.',
      65,
    ]);
  });
});

describe('an array of a Zarr store of a type that is not read', () => {
  const array = (type: string, size: number): ArraySketch => ({
    dimensions: ['lat', 'lon'],
    shape: [2, 3],
    type,
    bytes: new Uint8Array(6 * size),
  });

  it.each([
    ['<c8', 8],
    ['<M8[ns]', 8],
    ['<f2', 2],
  ])(
    'an array of a Zarr store of a type that is not read (%s) is left out, and the others are given',
    async (type, size) => {
      const v: ArraySketch = { ...array('|i1', 1), bytes: Uint8Array.from([0, 1, 2, 3, 4, 5]) };
      await writeStore(join(layer.path, '0.zarr'), gridStore(0, { v, x: array(type, size) }));
      const { variables, warnings } = await withWarnings();
      expect(variables['x']).toBeUndefined();
      expect(variables['v']?.values).toEqual([0, 1, 2, 3, 4, 5]);
      expect(warnings).toEqual([expect.stringContaining('Variable x is left out: its type (')]);
    },
  );

  it('a coordinate of a type that is not read is refused', async () => {
    const lat: ArraySketch = {
      dimensions: ['lat'],
      shape: [2],
      type: '<f2',
      bytes: new Uint8Array(4),
    };
    await writeStore(join(layer.path, '0.zarr'), gridStore(0, { lat }));
    expect((await layer.fault()).message).toBe(
      'File "0.zarr" has coordinate lat of type <f2, which is not read here; allowed: whole numbers, 32 and 64-bit floats, texts.',
    );
  });
});
