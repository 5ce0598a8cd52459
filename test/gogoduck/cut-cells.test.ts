import { describe, expect, it } from 'vitest';
import { gridSketch, latitudes } from './grid-sketch.ts';
import { useLayer } from './layer-folder.ts';
import { numbers } from './make-netcdf.ts';

const layer = useLayer();

describe('the cells of a subset', () => {
  it('a subset is cut out of every variable, whichever dimensions it has', async () => {
    await layer.grids({ times: [0] });
    const { variables, dimensions } = await layer.result('LATITUDE,-39,-38;LONGITUDE,141,142');
    expect(dimensions).toEqual({ time: -1, lat: 2, lon: 2 });
    expect(variables['lat']?.values).toEqual([-39, -38]);
    expect(variables['lon']?.values).toEqual([141, 142]);
    expect(variables['temperature']?.values).toEqual([4, 5, 7, 8]);
  });

  it('a subset keeps latitudes that fall', async () => {
    await layer.grids({ times: [0], latitudes: latitudes.toReversed() });
    const { variables } = await layer.result('LATITUDE,-39,-38;LONGITUDE,140,140');
    expect(variables['lat']?.values).toEqual([-38, -39]);
    expect(variables['temperature']?.values).toEqual([3, 6]);
  });

  it('a subset at a point is a time series of the nearest cell', async () => {
    await layer.grids({ times: [0, 1] }, { times: [2] });
    const { variables, dimensions } = await layer.result(
      'LATITUDE,-38.4,-38.4;LONGITUDE,141.4,141.4',
    );
    expect(dimensions).toEqual({ time: -3, lat: 1, lon: 1 });
    expect(variables['lat']?.values).toEqual([-38]);
    expect(variables['temperature']?.values).toEqual([7, 19, 7]);
  });

  it('a subset across the seam of a grid has longitudes that rise', async () => {
    const lon = [-180, -90, 0, 90];
    const bounds = lon.flatMap((value) => [value - 45, value + 45]);
    await layer.grids({
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
    const { variables, attributes } = await layer.result('LATITUDE,0,9;LONGITUDE,80,280');
    expect(variables['lon']).toMatchObject({ type: 'float', values: [90, 180, 270] });
    expect(Object.keys(variables['lon']?.attributes ?? {})).toEqual(['units', 'bounds']);
    expect(variables['lon_bounds']?.values).toEqual([45, 135, 135, 225, 225, 315]);
    expect(variables['temperature']?.values).toEqual([3, 0, 1, 7, 4, 5]);
    expect(variables['area']?.values).toEqual([6, 7, 0, 1, 2, 3]);
    expect([attributes['geospatial_lon_min'], attributes['geospatial_lon_max']]).toEqual([45, 315]);
  });

  it('a subset by depth is in metres downwards, however the axis counts', async () => {
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
    await layer.grids(column([0, 10, 20, 50], 'down'));
    const subset = 'LATITUDE,-40,-40;LONGITUDE,140,140;DEPTH,10,20';
    const down = await layer.result(subset);
    expect(down.variables['temperature']).toMatchObject({ shape: [1, 2, 1, 1], values: [12, 24] });
    expect(down.attributes).toMatchObject({
      geospatial_vertical_min: 10,
      geospatial_vertical_max: 20,
    });
    await layer.grids(column([-50, -20, -10, 0], 'up'));
    expect((await layer.result(subset)).variables['z']?.values).toEqual([-20, -10]);
    const fault = await layer.fault('LATITUDE,-40,-40;LONGITUDE,140,140;DEPTH,100,200');
    expect(fault.message).toBe(
      'No data: the layer has no depth from 100 to 200 m; its depths are 0 to 50 m.',
    );
  });

  it('a subset of a bent grid is the smallest block that contains it', async () => {
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
    await layer.file('bent.nc', {
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
    const { variables, attributes } = await layer.result('LATITUDE,-39,-37.9;LONGITUDE,140.5,142');
    expect(variables['speed']).toMatchObject({ shape: [1, 2, 2], values: [4, 5, 7, 8] });
    expect(attributes['geospatial_lat_min']).toBeCloseTo(-38.9);
  });

  it('a subset of a file of one place without dimensions is the whole file', async () => {
    const place = (value: number, units: string) => ({
      type: 'double' as const,
      values: [value],
      attributes: { units },
    });
    await layer.file('mooring.nc', {
      dimensions: { time: -2 },
      variables: {
        time: gridSketch({ times: [0, 1] }).variables['time'] as never,
        lat: place(-32, 'degrees_north'),
        lon: place(115, 'degrees_east'),
        temperature: { type: 'float', dimensions: ['time'], values: [1, 2] },
      },
    });
    const { variables } = await layer.result('LATITUDE,-33,-31;LONGITUDE,114,116');
    expect(variables['temperature']?.values).toEqual([1, 2]);
    const fault = await layer.fault('LATITUDE,-33,-31;LONGITUDE,120,121');
    expect(fault.message).toContain('No data');
  });
});
