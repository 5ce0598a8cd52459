import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { GridSketch } from './grid-sketch.ts';
import { useLayer } from './layer-folder.ts';
import { type AttributeSketch, numbers } from './make-netcdf.ts';
import { python } from './python.ts';
import { describeWith } from './tools.ts';

const layer = useLayer();
const at = 'LATITUDE,-40,-40;LONGITUDE,140,142';

/** A file whose first cells have these flags. */
const file = (
  hour: number,
  values: readonly number[],
  attributes: Record<string, AttributeSketch>,
  type: 'byte' | 'ubyte' | 'short' = 'byte',
): GridSketch => ({
  times: [hour],
  variables: {
    quality: {
      type,
      dimensions: ['time', 'lat', 'lon'],
      values: [...values, ...Array(12 - values.length).fill(0)],
      attributes,
    },
  },
});
const named = (flags: Record<string, number>, more: Record<string, AttributeSketch> = {}) => ({
  flag_values: numbers('byte', ...Object.values(flags)),
  flag_meanings: Object.keys(flags).join(' '),
  ...more,
});
const filled = (fill: number) => ({ _FillValue: numbers('byte', fill) });

describe('flags of which files say different things', () => {
  it('different flags of files are combined, in the order in which files name them', async () => {
    await layer.grids(
      file(0, [0, 1], named({ bad: 0, good: 1 })),
      file(1, [3, 2, 0], named({ best: 3, bad: 0, better: 2 })),
    );
    const { variables, attributes } = await layer.result(at);
    expect(variables['quality']).toMatchObject({
      type: 'byte',
      values: [0, 1, 0, 3, 2, 0],
      attributes: { flag_values: [0, 1, 3, 2], flag_meanings: 'bad good best better' },
    });
    expect(attributes['history']).toContain('flags of quality from file "1.nc": best, better');
  });

  it('flags that all files store alike stay as they are, without a fill value of their own', async () => {
    const flags = named({ bad: 0, good: 1 });
    await layer.grids(file(0, [0, 1], flags), file(1, [1, -128], flags));
    const { variables, attributes } = await layer.result(at);
    expect(variables['quality']).toMatchObject({ type: 'byte', values: [0, 1, 0, 1, -128, 0] });
    expect(variables['quality']?.attributes).toEqual({
      flag_values: [0, 1],
      flag_meanings: 'bad good',
    });
    expect(attributes['history']).not.toContain('flags');
  });

  it('flags are recognised even if the first files do not declare them and pack them differently', async () => {
    await layer.grids(
      file(0, [0, 9], filled(9)),
      file(1, [1, -1], filled(-1)),
      file(2, [2, -5], named({ bad: 0, good: 1, best: 2 }, filled(-5))),
    );
    const { variables } = await layer.result(at);
    expect(variables['quality']).toMatchObject({
      type: 'byte',
      values: [0, 9, 0, 1, 9, 0, 2, 9, 0],
      attributes: { _FillValue: 9, flag_values: [0, 1, 2], flag_meanings: 'bad good best' },
    });
  });

  it('flags are recognised by their standard name alone', async () => {
    const status = { standard_name: 'sea_surface_temperature status_flag' };
    await layer.grids(
      file(0, [0, 9], { ...filled(9), ...status }),
      file(1, [1, -1], { ...filled(-1), ...status }),
    );
    expect((await layer.result(at)).variables['quality']).toMatchObject({
      type: 'byte',
      values: [0, 9, 0, 1, 9, 0],
    });
  });

  it('flags get no fill value that any file, even the last one, has as a flag', async () => {
    await layer.grids(
      file(0, [1, 9], named({ good: 1 }, filled(9))),
      file(1, [1, -1], named({ good: 1 }, filled(-1))),
      file(2, [9, -1], named({ best: 9 }, filled(-1))),
    );
    expect((await layer.result(at)).variables['quality']).toMatchObject({
      values: [1, -1, 0, 1, -1, 0, 9, -1, 0],
      attributes: { _FillValue: -1, flag_values: [1, 9], flag_meanings: 'good best' },
    });
  });

  it('files whose flags contradict each other are refused, even if neither is in the first file', async () => {
    await layer.grids(
      file(0, [0], named({ bad: 0 })),
      file(1, [1], named({ good: 1 })),
      file(2, [1], named({ best: 1 })),
    );
    expect((await layer.fault()).message).toContain(
      'Files "1.nc" and "2.nc" have flag 1 as "good" and as "best" in quality; they cannot be joined.',
    );
  });

  it('flags that are bits in one file and values in the other are not joined', async () => {
    const masks = { flag_masks: numbers('byte', 1, 2), flag_meanings: 'cloud land' };
    await layer.grids(file(0, [1], named({ cloud: 1 })), file(1, [3], masks));
    const { message, exitCode } = await layer.fault();
    expect(message).toContain(
      'File "1.nc" has flags of quality as masks, but file "0.nc" has them as values;',
    );
    expect(exitCode).toBe(65);
  });

  it('flags that are bits get further bits', async () => {
    const masks = (bits: readonly number[], meanings: string) => ({
      flag_masks: numbers('byte', ...bits),
      flag_meanings: meanings,
    });
    await layer.grids(file(0, [3], masks([1, 2], 'cloud land')), file(1, [4], masks([4], 'ice')));
    expect((await layer.result(at)).variables['quality']).toMatchObject({
      values: [3, 0, 0, 4, 0, 0],
      attributes: { flag_masks: [1, 2, 4], flag_meanings: 'cloud land ice' },
    });
  });

  it('flags of different types get the wider type', async () => {
    await layer.grids(
      file(0, [1], named({ good: 1 })),
      file(1, [200], { flag_values: numbers('ubyte', 200), flag_meanings: 'best' }, 'ubyte'),
    );
    expect((await layer.result(at)).variables['quality']).toMatchObject({
      type: 'short',
      values: [1, 0, 0, 200, 0, 0],
      attributes: { flag_values: [1, 200], flag_meanings: 'good best' },
    });
  });
});

describeWith(['h5py'], 'enumerations of which files say different things', () => {
  const write = (path: string, hour: number, members: string) => {
    const script = `
import h5py, numpy as np, sys
f = h5py.File(sys.argv[1], 'w')
for name, values, units in (('lat', [1., 2.], 'degrees_north'), ('lon', [3., 4.], 'degrees_east'), ('time', [${hour}.], 'hours since 2020-01-01')):
    f[name] = np.array(values); f[name].make_scale(name); f[name].attrs['units'] = units
f.create_dataset('q', data=np.ones((1, 2, 2), 'i1'), dtype=h5py.enum_dtype(${members}, basetype='i1'))
for axis, name in enumerate(('time', 'lat', 'lon')): f['q'].dims[axis].attach_scale(f[name])
print('null')
`;
    python('h5py', script, path);
  };

  it('flags that agree are joined, and others are refused', async () => {
    write(join(layer.path, '0.nc'), 0, "{'land': 0, 'sea': 1}");
    write(join(layer.path, '1.nc'), 1, "{'sea': 1, 'ice': 2}");
    expect((await layer.result()).variables['q']?.attributes).toMatchObject({
      flag_values: [0, 1, 2],
      flag_meanings: 'land sea ice',
    });
    write(join(layer.path, '2.nc'), 2, "{'land': 1, 'sea': 0}");
    expect((await layer.fault()).message).toContain('have flag 0 as "land" and as "sea" in q');
  });
});
