import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gridSketch } from './grid-sketch.ts';
import { makeNetcdf, type NetcdfSketch, numbers } from './make-netcdf.ts';
import { csvLines } from './run-gogoduck.ts';

let layers: string;
beforeEach(async () => {
  layers = await mkdtemp(join(tmpdir(), 'csv-'));
  await mkdir(join(layers, 'layer'));
});
afterEach(() => rm(layers, { recursive: true }));

const file = (sketch: NetcdfSketch) => makeNetcdf(join(layers, 'layer', 'a.nc'), sketch);

describe('a result as CSV', () => {
  it('a result as CSV has a row per cell and time step, with the units in the first row', async () => {
    await file(gridSketch({ times: [0, 1.5] }));
    expect(await csvLines(layers, 'LATITUDE,-40,-39;LONGITUDE,140,141')).toEqual([
      '"time (ISO 8601, UTC)",lat (degrees_north),lon (degrees_east),temperature (degree_Celsius)',
      '2020-01-01T00:00:00Z,-40,140,0',
      '2020-01-01T00:00:00Z,-40,141,1',
      '2020-01-01T00:00:00Z,-39,140,3',
      '2020-01-01T00:00:00Z,-39,141,4',
      '2020-01-01T01:30:00Z,-40,140,12',
      '2020-01-01T01:30:00Z,-40,141,13',
      '2020-01-01T01:30:00Z,-39,140,15',
      '2020-01-01T01:30:00Z,-39,141,16',
    ]);
  });

  it('a result as CSV has a row per time step for a point', async () => {
    await file(gridSketch({ times: [0, 1, 2] }));
    expect((await csvLines(layers, 'LATITUDE,-40,-40;LONGITUDE,140,140')).slice(1)).toEqual([
      '2020-01-01T00:00:00Z,-40,140,0',
      '2020-01-01T01:00:00Z,-40,140,12',
      '2020-01-01T02:00:00Z,-40,140,24',
    ]);
  });

  it('a result as CSV has unpacked values with no more digits than they have, and nothing where they are missing', async () => {
    const values = [1, 2, -1, ...Array(9).fill(0)];
    const variable = (attributes: Record<string, ReturnType<typeof numbers>>) => ({
      type: 'short' as const,
      dimensions: ['time', 'lat', 'lon'],
      values,
      attributes: { _FillValue: numbers('short', -1), ...attributes },
    });
    await file(
      gridSketch({
        times: [0],
        variables: {
          temperature: variable({
            scale_factor: numbers('double', 0.01),
            add_offset: numbers('double', 273.15),
          }),
          speed: {
            type: 'float',
            dimensions: ['time', 'lat', 'lon'],
            values: [0.1, Number.NaN, 9.969209968386869e36, ...Array(9).fill(0)],
          },
          exact: {
            type: 'double',
            dimensions: ['time', 'lat', 'lon'],
            values: [1 / 3, 1e-20, 0, ...Array(9).fill(0)],
          },
        },
      }),
    );
    const lines = await csvLines(layers, 'LATITUDE,-40,-40;LONGITUDE,140,142');
    expect(lines).toEqual([
      '"time (ISO 8601, UTC)",lat (degrees_north),lon (degrees_east),temperature,speed,exact',
      '2020-01-01T00:00:00Z,-40,140,273.16,0.1,0.3333333333333333',
      '2020-01-01T00:00:00Z,-40,141,273.17,,1e-20',
      '2020-01-01T00:00:00Z,-40,142,,,0',
    ]);
  });

  it('a result as CSV distinguishes neighbouring floats and 64-bit integers, and ends texts where they end', async () => {
    const cell = { dimensions: ['time', 'lat', 'lon'] } as const;
    await file(
      gridSketch({
        times: [0, 1],
        latitudes: [-40],
        longitudes: [140],
        dimensions: { length: 4 },
        variables: {
          temperature: { ...cell, type: 'float', values: [1016.9535522460938, 16_777_217] },
          count: { ...cell, type: 'int64', values: [9007199254740993n, -9223372036854775806n] },
          name: { type: 'char', dimensions: ['time', 'length'], values: 'ab  c\0de' },
        },
      }),
    );
    const lines = await csvLines(layers, 'LATITUDE,-40,-40;LONGITUDE,140,140');
    expect(lines.slice(1)).toEqual([
      '2020-01-01T00:00:00Z,-40,140,1016.95355,9007199254740993,ab',
      '2020-01-01T01:00:00Z,-40,140,16777216,,c',
    ]);
  });

  it('a result as CSV repeats what varies with place or time alone, and leaves out what is not on the grid', async () => {
    await file(
      gridSketch({
        times: [0, 1],
        dimensions: { nv: 2, length: 2 },
        variables: {
          area: {
            type: 'int',
            dimensions: ['lat', 'lon'],
            values: Array.from({ length: 12 }, (_, i) => 100 + i),
          },
          ship: { type: 'string', dimensions: ['time'], values: ['one, "two"', 'three'] },
          code: { type: 'char', dimensions: ['time', 'length'], values: 'abcd' },
          crs: { type: 'int', values: [1] },
          lat_bounds: { type: 'double', dimensions: ['lat', 'nv'], values: Array(8).fill(0) },
        },
      }),
    );
    expect(await csvLines(layers, 'LATITUDE,-39,-39;LONGITUDE,141,141')).toEqual([
      '"time (ISO 8601, UTC)",lat (degrees_north),lon (degrees_east),temperature (degree_Celsius),area,ship,code',
      '2020-01-01T00:00:00Z,-39,141,4,104,"one, ""two""",ab',
      '2020-01-01T01:00:00Z,-39,141,16,104,three,cd',
    ]);
  });

  it('a result as CSV has a column of depths, regardless of the order of dimensions', async () => {
    await file(
      gridSketch({
        times: [0],
        latitudes: [-40],
        longitudes: [140],
        dimensions: { depth: 2 },
        variables: {
          depth: {
            type: 'float',
            dimensions: ['depth'],
            values: [0, 10],
            attributes: { units: 'm' },
          },
          temperature: {
            type: 'float',
            dimensions: ['lon', 'time', 'lat', 'depth'],
            values: [5, 6],
          },
        },
      }),
    );
    expect(await csvLines(layers, 'LATITUDE,-41,-39;LONGITUDE,139,141')).toEqual([
      '"time (ISO 8601, UTC)",lat (degrees_north),lon (degrees_east),depth (m),temperature',
      '2020-01-01T00:00:00Z,-40,140,0,5',
      '2020-01-01T00:00:00Z,-40,140,10,6',
    ]);
  });

  it('a result as CSV has a column for each dimension of the data: ensemble members by name, bands by index', async () => {
    await file(
      gridSketch({
        times: [0],
        latitudes: [-40],
        longitudes: [140],
        dimensions: { member: 2, band: 2, length: 3 },
        variables: {
          member: {
            type: 'int',
            dimensions: ['member'],
            values: [11, 12],
            attributes: { units: '1' },
          },
          label: { type: 'char', dimensions: ['member', 'length'], values: 'aa\0bbb' },
          temperature: {
            type: 'float',
            dimensions: ['member', 'band', 'time', 'lat', 'lon'],
            values: [1, 2, 3, 4],
          },
        },
      }),
    );
    expect(await csvLines(layers, 'LATITUDE,-41,-39;LONGITUDE,139,141')).toEqual([
      '"time (ISO 8601, UTC)",lat (degrees_north),lon (degrees_east),band,member (1),temperature,label',
      '2020-01-01T00:00:00Z,-40,140,0,11,1,aa',
      '2020-01-01T00:00:00Z,-40,140,1,11,2,aa',
      '2020-01-01T00:00:00Z,-40,140,0,12,3,bbb',
      '2020-01-01T00:00:00Z,-40,140,1,12,4,bbb',
    ]);
  });

  it('a result as CSV has flags that are one character per cell', async () => {
    await file(
      gridSketch({
        times: [0],
        variables: {
          quality: { type: 'char', dimensions: ['time', 'lat', 'lon'], values: 'abc\0 ,hijklm' },
        },
      }),
    );
    const lines = await csvLines(layers, 'LATITUDE,-40,-39;LONGITUDE,140,142');
    expect(lines.slice(1).map((line) => line.split(',').slice(4).join(','))).toEqual([
      'a',
      'b',
      'c',
      '',
      '',
      '","',
    ]);
  });

  it('a result as CSV has no row for cells of a bent grid outside the subset', async () => {
    const position = (name: string, values: number[]) => ({
      type: 'double' as const,
      dimensions: ['y', 'x'],
      values,
      attributes: { standard_name: name },
    });
    await file({
      dimensions: { y: 2, x: 2 },
      variables: {
        north: position('latitude', [-40, -39.5, -39, -38.5]),
        east: position('longitude', [140, 141, 139.5, 140.5]),
        height: { type: 'int', dimensions: ['y', 'x'], values: [1, 2, 3, 4] },
      },
    });
    expect(await csvLines(layers, 'LATITUDE,-39.6,-38;LONGITUDE,139,141')).toEqual([
      'north,east,height',
      '-39.5,141,2',
      '-39,139.5,3',
      '-38.5,140.5,4',
    ]);
  });

  it('a result as CSV is complete if it is longer than what is read at once', async () => {
    const rows = Array.from({ length: 600 }, (_, index) => index / 10);
    await file(gridSketch({ times: [0], latitudes: rows, longitudes: rows }));
    const lines = await csvLines(layers, 'LATITUDE,-90,90;LONGITUDE,-180,180');
    expect(lines).toHaveLength(360_001);
    expect(lines.at(-1)).toBe('2020-01-01T00:00:00Z,59.9,59.9,359999');
    expect(lines[300_000]).toBe('2020-01-01T00:00:00Z,49.9,59.9,299999');
  });
});
