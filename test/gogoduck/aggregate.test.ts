import { readdirSync, readlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Hdf5File, loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import { numbers, type VariableSketch } from './make-netcdf.ts';
import { runGogoduck } from './run-gogoduck.ts';

const layer = useLayer();

describe('joining files along time', () => {
  it('joining files takes all time steps in the period, including its bounds', async () => {
    await layer.grids({ times: [0, 1] }, { times: [2, 3], temperature: (index) => 100 + index });
    const result = await layer.result(`TIME,2020-01-01T01:00Z,2020-01-01T02:00Z;${everywhere}`);
    expect(result.dimensions).toEqual({ time: -2, lat: 4, lon: 3 });
    expect(result.variables['time']?.values).toEqual([1, 2]);
    const values = result.variables['temperature']?.values ?? [];
    expect([values.slice(0, 2), values.slice(12, 14)]).toEqual([
      [12, 13],
      [100, 101],
    ]);
  });

  it('joining files sorts the time steps, whatever the order of the files', async () => {
    await layer.grids({ times: [4, 5] }, { times: [0, 1] }, { times: [3, 2] });
    const result = await layer.result();
    expect(result.variables['time']?.values).toEqual([0, 1, 2, 3, 4, 5]);
    // The third file's steps count down, so the cells of its second step come first.
    expect(result.variables['temperature']?.values[2 * 12]).toBe(12);
    expect(result.variables['temperature']?.values[3 * 12]).toBe(0);
  });

  it('joining files takes a repeated time from the file listed last, and says so', async () => {
    await layer.grids(
      { times: [0, 1], temperature: () => 1 },
      { times: [1, 2], temperature: () => 2 },
    );
    const result = await layer.result();
    expect(result.variables['time']?.values).toEqual([0, 1, 2]);
    expect(result.variables['temperature']?.values.filter((_, index) => index % 12 === 0)).toEqual([
      1, 2, 2,
    ]);
    expect(result.attributes['history']).toContain('1 repeated time steps left out');
  });

  it('joining files makes time unlimited, even if files have it fixed', async () => {
    const sketch = gridSketch({ times: [0] });
    await layer.file('fixed.nc', { ...sketch, dimensions: { ...sketch.dimensions, time: 1 } });
    expect((await layer.result()).dimensions['time']).toBe(-1);
  });

  it.each([
    ['that the time names', { bounds: 'time_bounds' }],
    ['that nothing but their name tells', {}],
  ])(
    'joining files counts time, and bounds %s, in the units of the first file',
    async (_, named) => {
      const bounds = (...values: number[]) => ({
        type: 'double' as const,
        dimensions: ['time', 'nv'],
        values,
      });
      const time = (units: string, values: number[]) => ({
        type: 'int' as const,
        dimensions: ['time'],
        values,
        attributes: { standard_name: 'time', units, ...named },
      });
      const dimensions = { nv: 2 };
      await layer.grids(
        {
          times: [0, 12],
          dimensions,
          variables: {
            time: time('hours since 2020-01-01', [0, 12]),
            time_bounds: bounds(0, 12, 12, 24),
          },
        },
        {
          times: [1],
          dimensions,
          variables: {
            time: time('days since 2020-01-01 12:00', [1]),
            time_bounds: bounds(0.5, 1.25),
          },
        },
      );
      const { variables } = await layer.result();
      expect(variables['time']).toMatchObject({
        type: 'double',
        values: [0, 12, 36],
        attributes: { units: 'hours since 2020-01-01', ...named },
      });
      expect(variables['time']?.attributes).not.toHaveProperty('_FillValue');
      expect(variables['time_bounds']?.values).toEqual([0, 12, 12, 24, 24, 42]);
    },
  );

  it('joining files copies what does not vary with time once, from the first file with data', async () => {
    const more = (value: number) =>
      ({
        crs: {
          type: 'int',
          values: [value],
          attributes: { grid_mapping_name: 'latitude_longitude' },
        },
        area: { type: 'float', dimensions: ['lat', 'lon'], values: Array(12).fill(value) },
        station: { type: 'char', dimensions: ['length'], values: 'abc' },
        lat_bounds: { type: 'double', dimensions: ['lat', 'nv'], values: [0, 1, 1, 2, 2, 3, 3, 4] },
      }) as const;
    const dimensions = { length: 3, nv: 2 };
    await layer.grids(
      { times: [0], variables: more(1), dimensions },
      { times: [1], variables: more(2), dimensions },
      { times: [2], variables: more(3), dimensions },
    );
    const { variables } = await layer.result(
      `TIME,2020-01-01T01:00Z,2020-01-02;LATITUDE,-39,-38;LONGITUDE,140,141`,
    );
    expect(variables['crs']).toMatchObject({
      values: [2],
      attributes: { grid_mapping_name: 'latitude_longitude' },
    });
    expect(variables['area']).toMatchObject({ shape: [2, 2], values: [2, 2, 2, 2] });
    expect(variables['station']?.values.join('')).toBe('abc');
    expect(variables['lat_bounds']?.values).toEqual([1, 2, 2, 3]);
  });

  it('joining files takes attributes from the first file with data', async () => {
    const of = (hour: number): GridSketch => ({
      times: [hour],
      attributes: { institution: `I${hour}` },
    });
    await layer.grids(of(0), of(1), of(2));
    const { attributes } = await layer.result(`TIME,2020-01-01T01:00Z,2020-01-02;${everywhere}`);
    expect(attributes['institution']).toBe('I1');
  });

  it('joining files closes all of them, whether it succeeds or fails', async () => {
    const more = (value: number): Record<string, VariableSketch> => ({
      name: { type: 'string', dimensions: ['time'], values: ['a'] },
      area: { type: 'float', dimensions: ['lat', 'lon'], values: Array(12).fill(value) },
    });
    const open = () =>
      readdirSync('/proc/self/fd').filter((name) => {
        try {
          return readlinkSync(`/proc/self/fd/${name}`).startsWith(layer.layers);
        } catch {
          // The listing itself was open.
          return false;
        }
      });
    await layer.grids({ times: [0], variables: more(1) }, { times: [1], variables: more(2) });
    await layer.result();
    expect(open()).toEqual([]);
    await layer.grids({ times: [0] }, { times: [1], longitudes: [1, 2, 3] });
    await layer.fault();
    expect(open()).toEqual([]);
    await writeFile(join(layer.path, '0.nc'), Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'));
    await layer.fault();
    await writeFile(join(layer.path, '0.nc'), Buffer.from('CDF\x01', 'latin1'));
    await layer.fault();
    expect(open()).toEqual([]);
  });

  it('joining files joins characters and strings, too', async () => {
    const more = (flag: string, name: string) =>
      ({
        flag: { type: 'char', dimensions: ['time', 'length'], values: flag },
        name: { type: 'string', dimensions: ['time'], values: [name] },
      }) as const;
    const dimensions = { length: 2 };
    await layer.grids(
      { times: [0], variables: more('ab', 'first'), dimensions },
      { times: [1], variables: more('cd', 'zweite ü'), dimensions },
    );
    const { variables } = await layer.result();
    expect(variables['flag']).toMatchObject({ shape: [2, 2], values: ['a', 'b', 'c', 'd'] });
    expect(variables['name']?.values).toEqual(['first', 'zweite ü']);
  });

  it('joining files keeps attributes in their types, and appends to the history', async () => {
    await layer.grids({
      times: [0],
      attributes: { title: 'T', history: 'made by hand', level: numbers('short', 3) },
      variables: {
        temperature: {
          type: 'float',
          dimensions: ['time', 'lat', 'lon'],
          values: Array(12).fill(1),
          attributes: {
            _FillValue: numbers('float', -999),
            valid_range: numbers('float', 0, 40),
            units: 'K',
          },
        },
      },
    });
    const { attributes, variables } = await layer.result();
    expect(attributes).toMatchObject({ title: 'T', level: 3 });
    expect(attributes['history']).toBe(
      `made by hand\n2024-05-06T07:08:09.000Z GoGoDuck 1.0.0: subset "${everywhere}" of 1 file of layer "layer"`,
    );
    expect(variables['temperature']?.attributes).toEqual({
      _FillValue: -999,
      valid_range: [0, 40],
      units: 'K',
    });
  });

  it('joining files accepts time as any dimension, not only the first', async () => {
    const sketch = (hour: number) => ({
      times: [hour, hour + 1],
      variables: {
        temperature: {
          type: 'short' as const,
          dimensions: ['lat', 'time', 'lon'],
          values: Array.from({ length: 24 }, (_, index) => 100 * hour + index),
        },
      },
    });
    await layer.grids(sketch(0), sketch(2));
    const { variables } = await layer.result('LATITUDE,-40,-39;LONGITUDE,141,141');
    expect(variables['temperature']).toMatchObject({
      shape: [2, 4, 1],
      values: [1, 4, 201, 204, 7, 10, 207, 210],
    });
  });
});

describe('the compression of a result', () => {
  it.each([
    ['is at the level of its source, and shuffled', { shuffle: false, deflateLevel: 5 }, [4, 5]],
    ['is at the usual level', undefined, [4, 1]],
  ])('the compression of a result %s', async (_, compression, [size, level]) => {
    const { temperature } = gridSketch({ times: [0] }).variables;
    const own = { ...(temperature as VariableSketch), ...(compression ? { compression } : {}) };
    await layer.grids({ times: [0], variables: { temperature: own } });
    const file = Hdf5File.open(await loadHdf5(), await runGogoduck(layer.layers, everywhere));
    expect(file.filters('temperature').map(({ id, values }) => [id, values])).toEqual([
      [2, [size]],
      [1, [level]],
    ]);
    file.close();
  });
});

describe('a time step that is too large to be read at once', () => {
  it('a time step that is too large to read at once is copied in bands, also on both sides of a seam', async () => {
    const [rows, columns] = [1500, 1500];
    const lat = Array.from({ length: rows }, (_, index) => -40 + index / 100);
    const lon = Array.from({ length: columns }, (_, index) => -180 + (index * 360) / columns);
    await layer.grids({
      times: [0],
      latitudes: lat,
      longitudes: lon,
      variables: {
        temperature: {
          type: 'double',
          dimensions: ['time', 'lat', 'lon'],
          values: Array.from({ length: rows * columns }, (_, index) => index),
        },
      },
    });
    const { variables } = await layer.result('LATITUDE,-90,90;LONGITUDE,10,360');
    const { shape = [], values = [] } = variables['temperature'] ?? {};
    const east = variables['lon']?.values ?? [];
    expect(shape).toEqual([1, rows, east.length]);
    // The data fills more than two bands.
    expect(values.length * 8).toBeGreaterThan(16 * 2 ** 20);
    const wrong = values.findIndex((value, index) => {
      const longitude = east[index % east.length] as number;
      const column = Math.round((((longitude + 180) % 360) * columns) / 360);
      return value !== Math.floor(index / east.length) * columns + column;
    });
    expect(wrong).toBe(-1);
  });
});

describe('test mode', () => {
  it.each([
    ['first', [5, 6], [0]],
    ['last', [0], [5, 6]],
  ])(
    'test mode takes only the latest time step, from the file that has it: the %s',
    async (_, one, other) => {
      const sketch = (times: number[]): GridSketch => ({
        times,
        attributes: { title: times.includes(6) ? 'late' : 'early' },
        temperature: (index) => 100 * (times[0] ?? 0) + index,
      });
      await layer.grids(sketch(one), sketch(other));
      const { variables, attributes } = await layer.result(everywhere, { testMode: true });
      expect(variables['time']?.values).toEqual([6]);
      expect(variables['temperature']?.values.slice(0, 2)).toEqual([512, 513]);
      expect(attributes['title']).toBe('late');
    },
  );
});
