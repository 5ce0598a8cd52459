import { describe, expect, it } from 'vitest';
import { type GridSketch, gridSketch, longitudes } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import type { VariableSketch } from './make-netcdf.ts';

const layer = useLayer();

describe('files that cannot be joined', () => {
  const withUnits = (units: string, type: 'float' | 'char' = 'float') => ({
    type,
    dimensions: ['time', 'lat', 'lon'],
    values: type === 'char' ? 'abcdefghijkl' : Array(12).fill(1),
    attributes: { units },
  });

  it.each<[string, GridSketch, string]>([
    [
      'in other units',
      { times: [1], variables: { temperature: withUnits('K') } },
      'File "1.nc" has temperature in "K", but file "0.nc" has it in "degree_Celsius"; they cannot be joined.',
    ],
    [
      'in another kind of type',
      { times: [1], variables: { temperature: withUnits('degree_Celsius', 'char') } },
      'File "1.nc" has temperature as char, but file "0.nc" has it as float',
    ],
    [
      'on another grid of the same size',
      { times: [1], longitudes: [140, 141, 142.5] },
      'File "1.nc" is on another grid than file "0.nc": its lon differs.',
    ],
    [
      'on a grid of another size',
      { times: [1], longitudes: [140, 141] },
      'File "1.nc" is on another grid than file "0.nc": its ',
    ],
    [
      'with time in another calendar',
      {
        times: [1],
        variables: {
          time: {
            type: 'double',
            dimensions: ['time'],
            values: [1],
            attributes: {
              standard_name: 'time',
              units: 'hours since 2020-01-01',
              calendar: 'noleap',
            },
          },
        },
      },
      'File "1.nc" has time in calendar "noleap", but file "0.nc" has it in calendar "standard"; they cannot be joined.',
    ],
    [
      'without units of time',
      {
        times: [1],
        variables: {
          time: {
            type: 'double',
            dimensions: ['time'],
            values: [1],
            attributes: { standard_name: 'time' },
          },
        },
      },
      'File "1.nc" has time without units',
    ],
    [
      'with a time that is not there',
      { times: [Number.NaN] },
      'File "1.nc" has no value of time for its time step 1.',
    ],
  ])('files that cannot be joined are named: %s', async (_, second, words) => {
    await layer.grids({ times: [0] }, second);
    const fault = await layer.fault();
    expect(fault.message).toContain(words);
    expect(fault.exitCode).toBe(65);
  });

  it.each<[string, VariableSketch, VariableSketch, string]>([
    [
      'texts in one and bytes in the other',
      { type: 'char', dimensions: ['time', 'extra'], values: 'ab' },
      { type: 'byte', dimensions: ['time', 'extra'], values: [1, 2, 3] },
      'File "1.nc" is on another grid than file "0.nc": its more differs.',
    ],
    [
      'bytes in one and texts in the other',
      { type: 'byte', dimensions: ['time', 'extra'], values: [1, 2] },
      { type: 'char', dimensions: ['time', 'extra'], values: 'abc' },
      'File "1.nc" is on another grid than file "0.nc": its more differs.',
    ],
    [
      'other numbers of times at a step',
      {
        ...{ type: 'double', dimensions: ['time', 'extra'], values: [1, 2] },
        attributes: { units: 'hours since 2020-01-01' },
      },
      {
        ...{ type: 'double', dimensions: ['time', 'extra'], values: [1, 2, 3] },
        attributes: { units: 'hours since 2020-01-01' },
      },
      'File "1.nc" has other times in more than file "0.nc". Files are joined along one time axis, time, and must be alike in others; allowed: variables without time, extra, or a shorter period.',
    ],
  ])('files that cannot be joined are named: %s', async (_, one, other, words) => {
    await layer.grids(
      { times: [0], dimensions: { extra: 2 }, variables: { more: one } },
      { times: [1], dimensions: { extra: 3 }, variables: { more: other } },
    );
    expect((await layer.fault()).message).toContain(words);
  });

  it('files without common data cannot be joined', async () => {
    const { temperature, ...others } = gridSketch({ times: [1] }).variables;
    await layer.grids({ times: [0] });
    await layer.file('1.nc', {
      dimensions: { time: -1, lat: 4, lon: 3 },
      variables: { ...others, salinity: temperature as never },
    });
    expect((await layer.fault()).message).toContain(
      'File "1.nc" has no variable temperature, which file "0.nc" has.',
    );
  });

  it('a file that cannot be joined does not matter outside the period', async () => {
    await layer.grids({ times: [0] }, { times: [48], longitudes: [1, 2, 3] });
    const result = await layer.result(`TIME,2020-01-01,2020-01-01;${everywhere}`);
    expect(result.variables['time']?.values).toEqual([0]);
  });

  it.each([1e-7, 0.9e-5, -0.9e-5])(
    'files whose positions differ only by rounding are on the same grid: %f degrees',
    async (shift) => {
      await layer.grids(
        { times: [0] },
        { times: [1], longitudes: longitudes.map((value) => value + shift) },
      );
      expect((await layer.result()).variables['time']?.values).toEqual([0, 1]);
    },
  );

  it.each([1.1e-5, -1.1e-5])(
    'files whose positions differ by more than rounding are on two grids: %f degrees',
    async (shift) => {
      await layer.grids(
        { times: [0] },
        { times: [1], longitudes: longitudes.map((value) => value + shift) },
      );
      expect((await layer.fault()).message).toContain('its lon differs');
    },
  );

  it('several files without a time axis cannot be joined', async () => {
    const { time: _, ...variables } = gridSketch({ times: [0] }).variables;
    const sketch = { dimensions: { time: 1, lat: 4, lon: 3 }, variables };
    await layer.file('a.nc', sketch);
    expect((await layer.result()).variables['temperature']?.values).toHaveLength(12);
    const timed = await layer.fault(`TIME,2020-01-01,2020-01-02;${everywhere}`);
    expect(timed).toMatchObject({
      exitCode: 64,
      message: expect.stringContaining('the layer has no time axis'),
    });
    await layer.file('b.nc', sketch);
    expect((await layer.fault()).message).toContain('2 files but no time axis');
  });
});
