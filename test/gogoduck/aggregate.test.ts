import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JobError } from '../../batch-jobs/gogoduck/job-error.ts';
import { type GridSketch, gridSketch, latitudes, longitudes } from './grid-sketch.ts';
import { makeNetcdf, type NetcdfSketch, numbers } from './make-netcdf.ts';
import { aggregated } from './run-gogoduck.ts';

const everywhere = 'LATITUDE,-90,90;LONGITUDE,-180,180';

let layers: string;
beforeEach(async () => {
  layers = await mkdtemp(join(tmpdir(), 'aggregate-'));
  await mkdir(join(layers, 'layer'));
});
afterEach(() => rm(layers, { recursive: true }));

const file = (name: string, sketch: NetcdfSketch) =>
  makeNetcdf(join(layers, 'layer', name), sketch);
/** Files of grids, named so that they are listed in this order. */
async function grids(...sketches: GridSketch[]): Promise<void> {
  for (const [index, sketch] of sketches.entries()) await file(`${index}.nc`, gridSketch(sketch));
}

async function faultOf(run: Promise<unknown>): Promise<{ message: string; exitCode: number }> {
  const error = await run.then(
    () => undefined,
    (reason) => reason,
  );
  if (error instanceof JobError) return error;
  throw error ?? new Error('there was no fault');
}

describe('joining files along time', () => {
  it('takes the time steps of all of them that are in the period, its bounds included', async () => {
    await grids({ times: [0, 1] }, { times: [2, 3], temperature: (index) => 100 + index });
    const result = await aggregated(
      layers,
      `TIME,2020-01-01T01:00Z,2020-01-01T02:00Z;${everywhere}`,
    );
    expect(result.dimensions).toEqual({ time: -2, lat: 4, lon: 3 });
    expect(result.variables['time']?.values).toEqual([1, 2]);
    const values = result.variables['temperature']?.values ?? [];
    expect([values.slice(0, 2), values.slice(12, 14)]).toEqual([
      [12, 13],
      [100, 101],
    ]);
  });

  it('puts them in order, regardless of the order of the files', async () => {
    await grids({ times: [4, 5] }, { times: [0, 1] }, { times: [3, 2] });
    const result = await aggregated(layers, everywhere);
    expect(result.variables['time']?.values).toEqual([0, 1, 2, 3, 4, 5]);
    // The third file counts its steps backwards: the cells of its second step come first.
    expect(result.variables['temperature']?.values[2 * 12]).toBe(12);
    expect(result.variables['temperature']?.values[3 * 12]).toBe(0);
  });

  it('takes a time that repeats from the file listed last, and says so', async () => {
    await grids({ times: [0, 1], temperature: () => 1 }, { times: [1, 2], temperature: () => 2 });
    const result = await aggregated(layers, everywhere);
    expect(result.variables['time']?.values).toEqual([0, 1, 2]);
    expect(result.variables['temperature']?.values.filter((_, index) => index % 12 === 0)).toEqual([
      1, 2, 2,
    ]);
    expect(result.attributes['history']).toContain('1 repeated time steps left out');
  });

  it('makes time unlimited, even where files have it fixed', async () => {
    const sketch = gridSketch({ times: [0] });
    await file('fixed.nc', { ...sketch, dimensions: { ...sketch.dimensions, time: 1 } });
    expect((await aggregated(layers, everywhere)).dimensions['time']).toBe(-1);
  });

  it.each([
    ['that the time names', { bounds: 'time_bounds' }],
    ['that nothing but their name tells', {}],
  ])('counts time, and bounds %s, in the units of the first file', async (_, named) => {
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
    await grids(
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
    const { variables } = await aggregated(layers, everywhere);
    expect(variables['time']).toMatchObject({
      type: 'double',
      values: [0, 12, 36],
      attributes: { units: 'hours since 2020-01-01', ...named },
    });
    expect(variables['time_bounds']?.values).toEqual([0, 12, 12, 24, 24, 42]);
  });

  it('copies what does not vary with time once, from the first file with data', async () => {
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
    await grids(
      { times: [0], variables: more(1), dimensions },
      { times: [1], variables: more(2), dimensions },
      { times: [2], variables: more(3), dimensions },
    );
    const { variables } = await aggregated(
      layers,
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

  it('joins characters and strings, too', async () => {
    const more = (flag: string, name: string) =>
      ({
        flag: { type: 'char', dimensions: ['time', 'length'], values: flag },
        name: { type: 'string', dimensions: ['time'], values: [name] },
      }) as const;
    const dimensions = { length: 2 };
    await grids(
      { times: [0], variables: more('ab', 'first'), dimensions },
      { times: [1], variables: more('cd', 'zweite ü'), dimensions },
    );
    const { variables } = await aggregated(layers, everywhere);
    expect(variables['flag']).toMatchObject({ shape: [2, 2], values: ['a', 'b', 'c', 'd'] });
    expect(variables['name']?.values).toEqual(['first', 'zweite ü']);
  });

  it('keeps attributes in their types, and appends to the history', async () => {
    await grids({
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
    const { attributes, variables } = await aggregated(layers, everywhere);
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

  it('takes time as any dimension, not only the first', async () => {
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
    await grids(sketch(0), sketch(2));
    const { variables } = await aggregated(layers, 'LATITUDE,-40,-39;LONGITUDE,141,141');
    expect(variables['temperature']).toMatchObject({
      shape: [2, 4, 1],
      values: [1, 4, 201, 204, 7, 10, 207, 210],
    });
  });
});

describe('a time step that is too large to be read at once', () => {
  it('is copied in bands, from both sides of a seam too', async () => {
    const [rows, columns] = [2200, 2200];
    const lat = Array.from({ length: rows }, (_, index) => -40 + index / 100);
    const lon = Array.from({ length: columns }, (_, index) => -180 + (index * 360) / columns);
    // Whole numbers that single precision holds.
    await grids({ times: [0], latitudes: lat, longitudes: lon, temperature: (index) => index });
    const { variables } = await aggregated(layers, 'LATITUDE,-90,90;LONGITUDE,10,360');
    const { shape = [], values = [] } = variables['temperature'] ?? {};
    const east = variables['lon']?.values ?? [];
    expect(shape).toEqual([1, rows, east.length]);
    expect(values.length * 4).toBeGreaterThan(16 * 2 ** 20);
    const wrong = values.findIndex((value, index) => {
      const longitude = east[index % east.length] as number;
      const column = Math.round((((longitude + 180) % 360) * columns) / 360);
      return value !== Math.floor(index / east.length) * columns + column;
    });
    expect(wrong).toBe(-1);
  });
});

describe('packed data', () => {
  const packed = (
    attributes: Record<string, number | ReturnType<typeof numbers>>,
    ...values: number[]
  ) => ({
    type: 'short' as const,
    dimensions: ['time', 'lat', 'lon'],
    values: [...values, ...Array(12 - values.length).fill(0)],
    attributes: { units: 'K', ...attributes },
  });
  const scale = {
    scale_factor: numbers('float', 0.5),
    _FillValue: numbers('short', -1),
    valid_min: numbers('short', 0),
  };

  it('stays packed, number by number, where all files pack it alike', async () => {
    await grids(
      { times: [0], variables: { temperature: packed(scale, 1, 2, -1) } },
      { times: [1], variables: { temperature: packed(scale, 3, 4, -1) } },
    );
    const temperature = (await aggregated(layers, everywhere)).variables['temperature'];
    expect(temperature?.type).toBe('short');
    expect(temperature?.attributes).toEqual({
      units: 'K',
      scale_factor: 0.5,
      _FillValue: -1,
      valid_min: 0,
    });
    expect([temperature?.values.slice(0, 3), temperature?.values.slice(12, 15)]).toEqual([
      [1, 2, -1],
      [3, 4, -1],
    ]);
  });

  it('is unpacked where files pack it differently, and the history says so', async () => {
    const other = {
      ...scale,
      scale_factor: numbers('float', 0.25),
      add_offset: numbers('float', 10),
    };
    const fill = { ...scale, _FillValue: numbers('short', -2) };
    await grids(
      { times: [0], variables: { temperature: packed(scale, 1, 2, -1) } },
      { times: [1], variables: { temperature: packed(other, 1, 2, -1) } },
      { times: [2], variables: { temperature: packed(fill, 1, -1, -2) } },
    );
    const { variables, attributes } = await aggregated(layers, everywhere);
    const missing = Math.fround(9.969209968386869e36);
    expect(variables['temperature']?.type).toBe('float');
    expect(variables['temperature']?.attributes).toEqual({ units: 'K', _FillValue: missing });
    const values = variables['temperature']?.values ?? [];
    expect([values.slice(0, 3), values.slice(12, 15), values.slice(24, 27)]).toEqual([
      [0.5, 1, missing],
      [10.25, 10.5, missing],
      [0.5, -0.5, missing],
    ]);
    expect(attributes['history']).toContain(
      'unpacked, as their packing differs between files: temperature',
    );
  });

  it('is unpacked to double where a file holds it so', async () => {
    const double = {
      type: 'double',
      dimensions: ['time', 'lat', 'lon'],
      values: Array(12).fill(0.1),
      attributes: { units: 'K' },
    } as const;
    await grids(
      { times: [0], variables: { temperature: packed(scale, 1) } },
      { times: [1], variables: { temperature: double } },
      { times: [2], variables: { temperature: packed(scale, 3) } },
    );
    const temperature = (await aggregated(layers, everywhere)).variables['temperature'];
    expect(temperature?.type).toBe('double');
    expect([temperature?.values[0], temperature?.values[12], temperature?.values[24]]).toEqual([
      0.5, 0.1, 1.5,
    ]);
  });
});

describe('the cells of a subset', () => {
  it('are cut out of every variable, whichever of the dimensions it has', async () => {
    await grids({ times: [0] });
    const { variables, dimensions } = await aggregated(
      layers,
      'LATITUDE,-39,-38;LONGITUDE,141,142',
    );
    expect(dimensions).toEqual({ time: -1, lat: 2, lon: 2 });
    expect(variables['lat']?.values).toEqual([-39, -38]);
    expect(variables['lon']?.values).toEqual([141, 142]);
    expect(variables['temperature']?.values).toEqual([4, 5, 7, 8]);
  });

  it('may have latitudes that fall, which they keep', async () => {
    await grids({ times: [0], latitudes: latitudes.toReversed() });
    const { variables } = await aggregated(layers, 'LATITUDE,-39,-38;LONGITUDE,140,140');
    expect(variables['lat']?.values).toEqual([-38, -39]);
    expect(variables['temperature']?.values).toEqual([3, 6]);
  });

  it('are the nearest one, as a time series, for a point', async () => {
    await grids({ times: [0, 1] }, { times: [2] });
    const { variables, dimensions } = await aggregated(
      layers,
      'LATITUDE,-38.4,-38.4;LONGITUDE,141.4,141.4',
    );
    expect(dimensions).toEqual({ time: -3, lat: 1, lon: 1 });
    expect(variables['lat']?.values).toEqual([-38]);
    expect(variables['temperature']?.values).toEqual([7, 19, 7]);
  });

  it('come from both sides of the seam of a grid, with longitudes that rise', async () => {
    const lon = [-180, -90, 0, 90];
    const bounds = lon.flatMap((value) => [value - 45, value + 45]);
    await grids({
      times: [0],
      latitudes: [1, 2],
      longitudes: lon,
      dimensions: { nv: 2 },
      variables: {
        lon: {
          type: 'float',
          dimensions: ['lon'],
          values: lon,
          attributes: {
            units: 'degrees_east',
            bounds: 'lon_bounds',
            valid_max: numbers('float', 180),
          },
        },
        lon_bounds: { type: 'float', dimensions: ['lon', 'nv'], values: bounds },
        area: { type: 'int', dimensions: ['lon', 'lat'], values: [0, 1, 2, 3, 4, 5, 6, 7] },
      },
    });
    const { variables, attributes } = await aggregated(layers, 'LATITUDE,0,9;LONGITUDE,80,280');
    expect(variables['lon']).toMatchObject({ type: 'float', values: [90, 180, 270] });
    expect(variables['lon']?.attributes).not.toHaveProperty('valid_max');
    expect(variables['lon_bounds']?.values).toEqual([45, 135, 135, 225, 225, 315]);
    expect(variables['temperature']?.values).toEqual([3, 0, 1, 7, 4, 5]);
    expect(variables['area']?.values).toEqual([6, 7, 0, 1, 2, 3]);
    expect([attributes['geospatial_lon_min'], attributes['geospatial_lon_max']]).toEqual([45, 315]);
  });

  it('are those of some depths, in metres downwards whatever the axis counts', async () => {
    const column = (values: number[], positive: string) => ({
      times: [0],
      dimensions: { z: values.length },
      variables: {
        z: {
          type: 'float' as const,
          dimensions: ['z'],
          values,
          attributes: { axis: 'Z', units: 'm', positive },
        },
        temperature: {
          type: 'float' as const,
          dimensions: ['time', 'z', 'lat', 'lon'],
          values: Array.from({ length: 12 * values.length }, (_, index) => index),
        },
      },
    });
    await grids(column([0, 10, 20, 50], 'down'));
    const subset = 'LATITUDE,-40,-40;LONGITUDE,140,140;DEPTH,10,20';
    const down = await aggregated(layers, subset);
    expect(down.variables['temperature']).toMatchObject({ shape: [1, 2, 1, 1], values: [12, 24] });
    expect(down.attributes).toMatchObject({
      geospatial_vertical_min: 10,
      geospatial_vertical_max: 20,
    });
    await grids(column([-50, -20, -10, 0], 'up'));
    expect((await aggregated(layers, subset)).variables['z']?.values).toEqual([-20, -10]);
    const fault = await faultOf(
      aggregated(layers, 'LATITUDE,-40,-40;LONGITUDE,140,140;DEPTH,100,200'),
    );
    expect(fault.message).toBe(
      'No data: the layer has no depth from 100 to 200 m; its depths are 0 to 50 m.',
    );
  });

  it('of a grid that is bent are in the smallest block that holds them', async () => {
    const bent = Array.from({ length: 12 }, (_, index) => ({
      lat: -40 + Math.floor(index / 3) + 0.1 * (index % 3),
      lon: 140 + (index % 3) - 0.1 * Math.floor(index / 3),
    }));
    const position = (name: 'lat' | 'lon', units: string) => ({
      type: 'double' as const,
      dimensions: ['y', 'x'],
      values: bent.map((place) => place[name]),
      attributes: { units },
    });
    await file('bent.nc', {
      dimensions: { time: -1, y: 4, x: 3 },
      variables: {
        time: gridSketch({ times: [0] }).variables['time'] as never,
        lat: position('lat', 'degrees_north'),
        lon: position('lon', 'degrees_east'),
        speed: {
          type: 'int',
          dimensions: ['time', 'y', 'x'],
          values: bent.map((_, index) => index),
        },
      },
    });
    const { variables, attributes } = await aggregated(
      layers,
      'LATITUDE,-39,-37.9;LONGITUDE,140.5,142',
    );
    expect(variables['speed']).toMatchObject({ shape: [1, 2, 2], values: [4, 5, 7, 8] });
    expect(attributes['geospatial_lat_min']).toBeCloseTo(-38.9);
  });

  it('are all there is for a file of one place without dimensions', async () => {
    const place = (value: number, units: string) => ({
      type: 'double' as const,
      values: [value],
      attributes: { units },
    });
    await file('mooring.nc', {
      dimensions: { time: -2 },
      variables: {
        time: gridSketch({ times: [0, 1] }).variables['time'] as never,
        lat: place(-32, 'degrees_north'),
        lon: place(115, 'degrees_east'),
        temperature: { type: 'float', dimensions: ['time'], values: [1, 2] },
      },
    });
    const { variables } = await aggregated(layers, 'LATITUDE,-33,-31;LONGITUDE,114,116');
    expect(variables['temperature']?.values).toEqual([1, 2]);
    const fault = await faultOf(aggregated(layers, 'LATITUDE,-33,-31;LONGITUDE,120,121'));
    expect(fault.message).toContain('No data');
  });
});

describe('coverage attributes', () => {
  it('are true of the result, in the types and forms the files have, and added where missing', async () => {
    await grids({
      times: [0, 1, 2],
      attributes: {
        time_coverage_start: '1999-01-01T00:00:00Z',
        time_coverage_duration: 'P1D',
        stop_time: '19990101T000000Z',
        geospatial_lat_min: numbers('float', 0),
        geospatial_lat_max: '12.5',
        southernmost_latitude: 0,
        geospatial_bounds: 'POLYGON((...))',
      },
    });
    const { attributes } = await aggregated(
      layers,
      `TIME,2020-01-01T01:00Z,2020-01-02;LATITUDE,-39,-38;LONGITUDE,140,150`,
    );
    expect(attributes).toMatchObject({
      time_coverage_start: '2020-01-01T01:00:00Z',
      time_coverage_end: '2020-01-01T02:00:00Z',
      stop_time: '20200101T020000Z',
      geospatial_lat_min: -39,
      geospatial_lat_max: '-38',
      southernmost_latitude: -39,
      geospatial_lon_min: 140,
      geospatial_lon_max: 142,
    });
    expect(attributes).not.toHaveProperty('geospatial_bounds');
    expect(attributes).not.toHaveProperty('time_coverage_duration');
    expect(attributes).not.toHaveProperty('start_time');
  });
});

describe('test mode', () => {
  it('takes the latest time step only, from the file that has it', async () => {
    await grids(
      { times: [5, 6], attributes: { title: 'late' } },
      { times: [0], attributes: { title: 'early' } },
    );
    const result = await aggregated(layers, everywhere, { testMode: true });
    expect(result.variables['time']?.values).toEqual([6]);
    expect(result.attributes['title']).toBe('late');
  });
});

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
  ])('%s are told apart, by name', async (_, second, words) => {
    await grids({ times: [0] }, second);
    const fault = await faultOf(aggregated(layers, everywhere));
    expect(fault.message).toContain(words);
    expect(fault.exitCode).toBe(65);
  });

  it('have no data in common', async () => {
    const { temperature, ...others } = gridSketch({ times: [1] }).variables;
    await grids({ times: [0] });
    await file('1.nc', {
      dimensions: { time: -1, lat: 4, lon: 3 },
      variables: { ...others, salinity: temperature as never },
    });
    expect((await faultOf(aggregated(layers, everywhere))).message).toContain(
      'File "1.nc" has no variable temperature, which file "0.nc" has.',
    );
  });

  it('do not matter where the period leaves them out', async () => {
    await grids({ times: [0] }, { times: [48], longitudes: [1, 2, 3] });
    const result = await aggregated(layers, `TIME,2020-01-01,2020-01-01;${everywhere}`);
    expect(result.variables['time']?.values).toEqual([0]);
  });

  it('are on the same grid when positions differ by rounding alone', async () => {
    await grids(
      { times: [0] },
      { times: [1], longitudes: longitudes.map((value) => value + 1e-7) },
    );
    expect((await aggregated(layers, everywhere)).variables['time']?.values).toEqual([0, 1]);
  });

  it('have no time axis and are more than one', async () => {
    const { time: _, ...variables } = gridSketch({ times: [0] }).variables;
    const sketch = { dimensions: { time: 1, lat: 4, lon: 3 }, variables };
    await file('a.nc', sketch);
    expect((await aggregated(layers, everywhere)).variables['temperature']?.values).toHaveLength(
      12,
    );
    const timed = await faultOf(aggregated(layers, `TIME,2020-01-01,2020-01-02;${everywhere}`));
    expect(timed).toMatchObject({
      exitCode: 64,
      message: expect.stringContaining('the layer has no time axis'),
    });
    await file('b.nc', sketch);
    expect((await faultOf(aggregated(layers, everywhere))).message).toContain(
      '2 files but no time axis',
    );
  });
});

describe('a subset without data', () => {
  it.each([
    [
      `TIME,2021-01-01,2021-02-01;${everywhere}`,
      'No data: the layer has no time step from 2021-01-01T00:00:00Z to 2021-02-01T23:59:59.999Z; those of its files are 2020-01-01T00:00:00Z to 2020-01-01T01:00:00Z.',
    ],
    [
      'LATITUDE,10,20;LONGITUDE,140,141',
      'No data: the layer has no cell centre at latitude 10 to 20, longitude 140 to 141; its cells are at latitude -40 to -37, longitude 140 to 142 (file "0.nc").',
    ],
    [
      'LATITUDE,-38.6,-38.4;LONGITUDE,140,141',
      'No data: the layer has no cell centre at latitude -38.6 to -38.4',
    ],
    [
      'LATITUDE,-20,-20;LONGITUDE,140,140',
      'No data: the layer has no cell centre at latitude -20 to -20',
    ],
  ])('fails, and says what there is: %s', async (subset, words) => {
    await grids({ times: [0, 1] });
    const fault = await faultOf(aggregated(layers, subset));
    expect(fault.message).toContain(words);
    expect(fault.exitCode).toBe(64);
  });

  it('fails for a layer without files', async () => {
    expect((await faultOf(aggregated(layers, everywhere))).message).toBe(
      'No data: layer "layer" lists no files for the subset.',
    );
  });

  it('fails where DEPTH is asked of a layer that has none', async () => {
    await grids({ times: [0] });
    const fault = await faultOf(aggregated(layers, `${everywhere};DEPTH,0,10`));
    expect(fault.message).toContain('has DEPTH, but the layer has no axis of depths');
  });
});

describe('files that are no grids in NetCDF', () => {
  it.each([
    ['begins as classic NetCDF', 'CDF\x01 and more', 'File "bad.nc" is damaged'],
    ['is something else', 'hello', 'File "bad.nc" is no NetCDF file.'],
    ['is empty', '', 'File "bad.nc" is no NetCDF file.'],
    ['begins well and ends early', '\x89HDF\r\n\x1a\n and no more', 'File "bad.nc" is damaged'],
  ])('%s: the file is named', async (_, content, words) => {
    await writeFile(join(layers, 'layer', 'bad.nc'), Buffer.from(content, 'latin1'));
    const fault = await faultOf(aggregated(layers, everywhere));
    expect(fault.message).toContain(words);
    expect(fault.exitCode).toBe(65);
  });

  it('have no positions, or positions of no grid', async () => {
    const { lat: _, ...others } = gridSketch({ times: [0] }).variables;
    const dimensions = { time: -1, lat: 4, lon: 3, obs: 2 };
    await file('bad.nc', { dimensions, variables: others });
    expect((await faultOf(aggregated(layers, everywhere))).message).toContain(
      'File "bad.nc" has no latitude: no variable has standard_name "latitude"',
    );
    const track = (units: string) => ({
      type: 'double' as const,
      dimensions: ['obs'],
      values: [1, 2],
      attributes: { units },
    });
    await file('bad.nc', {
      dimensions: { obs: 2 },
      variables: { y: track('degrees_north'), x: track('degrees_east') },
    });
    expect((await faultOf(aggregated(layers, everywhere))).message).toContain(
      'File "bad.nc" is no grid: it has y(obs) and x(obs)',
    );
  });

  it('have positions that neither rise nor fall', async () => {
    await grids({ times: [0], latitudes: [-40, -38, -39, -37] });
    expect((await faultOf(aggregated(layers, everywhere))).message).toContain(
      'has lat neither rising nor falling',
    );
  });
});
