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
  it('are put together, in the order in which files name them', async () => {
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

  it('are flags though the first files do not say so, and pack them in other ways', async () => {
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

  it('are known by their standard name alone', async () => {
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

  it('have no fill value that a file, even the last one, has as a flag', async () => {
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

  it('contradict each other where neither is in the first file', async () => {
    await layer.grids(
      file(0, [0], named({ bad: 0 })),
      file(1, [1], named({ good: 1 })),
      file(2, [1], named({ best: 1 })),
    );
    expect((await layer.fault()).message).toContain(
      'Files "1.nc" and "2.nc" have flag 1 as "good" and as "best" in quality; they cannot be joined.',
    );
  });

  it('are not joined where they are bits in one file and values in the other', async () => {
    const masks = { flag_masks: numbers('byte', 1, 2), flag_meanings: 'cloud land' };
    await layer.grids(file(0, [1], named({ cloud: 1 })), file(1, [3], masks));
    const { message, exitCode } = await layer.fault();
    expect(message).toContain(
      'File "1.nc" has flags of quality as masks, but file "0.nc" has them as values;',
    );
    expect(exitCode).toBe(65);
  });

  it('that are bits get further bits', async () => {
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

  it('are those of the wider type where types differ', async () => {
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

  it('are joined where they agree, and refused where they do not', async () => {
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
