import { describe, expect, it } from 'vitest';
import { parseSubset } from '../../batch-jobs/gogoduck/subset.ts';
import { gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import { type AttributeSketch, numbers, type VariableSketch } from './make-netcdf.ts';

const layer = useLayer();

const axis = (
  dimension: string,
  values: readonly number[],
  attributes: Record<string, AttributeSketch> = {},
): VariableSketch => ({ type: 'double', dimensions: [dimension], values, attributes });
const field = (
  dimensions: readonly string[],
  count: number,
  attributes: Record<string, AttributeSketch> = {},
): VariableSketch => ({
  type: 'float',
  dimensions,
  values: Array.from({ length: count }, (_, index) => index),
  attributes,
});
const time = axis('time', [0], { units: 'days since 2020-01-01' });

/** Two-dimensional positions of 5 rows and 4 columns, 1 degree apart. */
const bent = (rows: string, columns: string) => {
  const position = (units: string, at: (row: number, column: number) => number) => ({
    type: 'double' as const,
    dimensions: [rows, columns],
    values: Array.from({ length: 20 }, (_, cell) => at(Math.floor(cell / 4), cell % 4)),
    attributes: { units },
  });
  return {
    lat: position('degrees_north', (row) => -42 + row),
    lon: position('degrees_east', (_, column) => 144 + column),
  };
};

describe('latitude and longitude', () => {
  it.each<[string, Record<string, AttributeSketch>, Record<string, AttributeSketch>]>([
    [
      'a map projection in kilometres',
      { units: 'km', standard_name: 'projection_y_coordinate', axis: 'Y' },
      { units: 'km', standard_name: 'projection_x_coordinate', axis: 'X' },
    ],
    ['metres with nothing but an axis', { units: 'm', axis: 'Y' }, { units: 'm', axis: 'X' }],
    [
      'a turned pole',
      { units: 'degrees', standard_name: 'grid_latitude', axis: 'Y' },
      { units: 'degrees', standard_name: 'grid_longitude', axis: 'X' },
    ],
    [
      'a turned pole without standard names',
      { units: 'degrees', axis: 'Y' },
      { units: 'degrees', axis: 'X' },
    ],
    ['indices with an axis', { axis: 'Y' }, { axis: 'X' }],
  ])(
    'latitude and longitude have two dimensions if the dimensions count %s',
    async (_, north, east) => {
      await layer.file('a.nc', {
        dimensions: { time: -1, y: 5, x: 4 },
        variables: {
          time,
          y: axis('y', [-20, -10, 0, 10, 20], north),
          x: axis('x', [-20, -10, 0, 10], east),
          ...bent('y', 'x'),
          t: field(['time', 'y', 'x'], 20, { coordinates: 'lat lon' }),
        },
      });
      const part = await layer.result('LATITUDE,-41,-40;LONGITUDE,145,147');
      expect(part.dimensions).toEqual({ time: -1, y: 2, x: 3 });
      expect(part.variables['t']?.values).toEqual([5, 6, 7, 9, 10, 11]);
      expect(part.variables['y']?.values).toEqual([-10, 0]);
      expect((await layer.result()).dimensions).toEqual({ time: -1, y: 5, x: 4 });
    },
  );

  it.each([
    ['', 'rotated_latitude_longitude'],
    [', even if its name is padded with spaces', 'rotated_latitude_longitude  '],
  ])(
    'latitude and longitude of a rotated pole are not its coordinate variables, although these have units of north and east%s',
    async (_, mapping) => {
      const turned = (units: string) => ({ units });
      const sketch = {
        dimensions: { time: -1, lat: 5, lon: 4 },
        variables: {
          time,
          pole: {
            type: 'int' as const,
            values: [0],
            attributes: { grid_mapping_name: mapping },
          },
          lat: axis('lat', [-2, -1, 0, 1, 2], turned('degrees_north')),
          lon: axis('lon', [-2, -1, 0, 1], turned('degrees_east')),
          t: field(['time', 'lat', 'lon'], 20, { grid_mapping: 'pole' }),
        },
      };
      await layer.file('a.nc', sketch);
      expect((await layer.fault()).message).toContain('has no latitude');
      const { lat, lon } = bent('lat', 'lon');
      await layer.file('a.nc', {
        ...sketch,
        variables: { ...sketch.variables, north: lat, east: lon },
      });
      const { variables } = await layer.result('LATITUDE,-40,-40;LONGITUDE,146,146');
      expect(variables['t']?.values).toEqual([10]);
    },
  );

  it('latitude and longitude are the two-dimensional ones that data names if those of its dimensions are nominal', async () => {
    const { lat, lon } = bent('yt', 'xt');
    await layer.file('a.nc', {
      dimensions: { time: -1, yt: 5, xt: 4 },
      variables: {
        time,
        yt: axis('yt', [-80, -70, -60, -50, -40], { units: 'degrees_N' }),
        xt: axis('xt', [0, 1, 2, 3], { units: 'degrees_E' }),
        geolat: lat,
        geolon: lon,
        t: field(['time', 'yt', 'xt'], 20, { coordinates: 'geolon geolat' }),
      },
    });
    const { variables } = await layer.result('LATITUDE,-42,-42;LONGITUDE,144,144');
    expect(variables['t']?.values).toEqual([0]);
  });

  it.each<
    [string, Record<string, AttributeSketch>, Record<string, AttributeSketch>, string, string]
  >([
    ['by units alone', { units: 'degree_N' }, { units: 'degreesE' }, 'j', 'i'],
    [
      'by standard name, in plain degrees',
      { standard_name: 'latitude', units: 'degrees' },
      { standard_name: 'longitude' },
      'j',
      'i',
    ],
    ['by name alone', {}, { units: 'degrees' }, 'latitude', 'lon'],
  ])('latitude and longitude are recognised %s', async (_, north, east, y, x) => {
    await layer.file('a.nc', {
      dimensions: { time: -1, [y]: 2, [x]: 2 },
      variables: {
        time,
        [y]: axis(y, [-40, -39], north),
        [x]: axis(x, [140, 141], east),
        t: field(['time', y, x], 4),
      },
    });
    const { variables } = await layer.result('LATITUDE,-39,-38;LONGITUDE,140,140');
    expect(variables['t']?.values).toEqual([2]);
  });

  it.each(['km', '1', 'm', 'radians', 'degrees_east'])(
    'latitude and longitude are not recognised by name if their units say otherwise: %s',
    async (units) => {
      const sketch = gridSketch({ times: [0] });
      const lat = { ...axis('lat', [-40, -39, -38, -37]), attributes: { units } };
      await layer.file('a.nc', { ...sketch, variables: { ...sketch.variables, lat } });
      expect((await layer.fault()).message).toContain('has no latitude');
    },
  );

  it.each<[string, readonly string[]]>([
    ['the lines of a swath', ['line', 'pixel']],
    ['a grid that moves', ['line', 'row', 'pixel']],
  ])('latitude and longitude that vary with time are refused: %s', async (_, dimensions) => {
    const sizes = { line: 3, row: 1, pixel: 2 };
    const position = (units: string) => ({ ...field(dimensions, 6), attributes: { units } });
    await layer.file('a.nc', {
      dimensions: Object.fromEntries(
        dimensions.map((name) => [name, sizes[name as keyof typeof sizes]]),
      ),
      variables: {
        time: axis('line', [0, 10, 20], {
          standard_name: 'time',
          units: 'seconds since 2020-01-01',
        }),
        latitude: position('degrees_north'),
        longitude: position('degrees_east'),
        height: field(dimensions, 6),
      },
    });
    const fault = await layer.fault();
    expect(fault.message).toContain(
      `has positions that vary with time (latitude(${dimensions.join(', ')}))`,
    );
    expect(fault.exitCode).toBe(65);
  });
});

describe('cells at their precision and with their width', () => {
  const cut = async (
    north: VariableSketch,
    east: VariableSketch,
    subset: string,
  ): Promise<readonly unknown[] | undefined> => {
    const [rows = 1, columns = 1] = [north.values.length, east.values.length];
    await layer.file('a.nc', {
      dimensions: { time: -1, lat: rows, lon: columns },
      variables: { time, lat: north, lon: east, t: field(['time', 'lat', 'lon'], rows * columns) },
    });
    return (await layer.result(subset)).variables['t']?.values;
  };
  const north = (...values: number[]) => axis('lat', values, { units: 'degrees_north' });
  const east = (...values: number[]) => axis('lon', values, { units: 'degrees_east' });

  it('cells are found at the precision of their positions, packed ones as well', async () => {
    const single = { ...north(-33.18, -33.16), type: 'float' as const };
    const packed: VariableSketch = {
      type: 'short',
      dimensions: ['lon'],
      values: [5741, 5742, 5743],
      attributes: { units: 'degrees_east', scale_factor: numbers('float', 0.02) },
    };
    const subset = 'LATITUDE,-33.18,-33.16;LONGITUDE,114.82,114.84';
    expect(await cut(single, packed, subset)).toEqual([0, 1, 3, 4]);
    const unsigned: VariableSketch = {
      type: 'byte',
      dimensions: ['lon'],
      // 140, 150 and 160, in the signed type.
      values: [-116, -106, -96],
      attributes: { units: 'degrees_east', _Unsigned: 'true' },
    };
    expect(await cut(single, unsigned, 'LATITUDE,-40,-30;LONGITUDE,145,165')).toEqual([1, 2, 4, 5]);
  });

  it('cells of a single row are as high as its columns are wide, and the other way round', async () => {
    const row = [north(-40), east(140, 141)] as const;
    expect(await cut(...row, 'LATITUDE,-40.4,-40.4;LONGITUDE,141,141')).toEqual([1]);
    await expect(cut(...row, 'LATITUDE,-40.6,-40.6;LONGITUDE,141,141')).rejects.toThrow('No data');
    const column = [north(-40, -39), east(140)] as const;
    expect(await cut(...column, 'LATITUDE,-39,-39;LONGITUDE,140.4,140.4')).toEqual([1]);
    await expect(cut(...column, 'LATITUDE,-39,-39;LONGITUDE,140.6,140.6')).rejects.toThrow(
      'No data: the layer has no cell centre at latitude -39 to -39, longitude 140.6 to 140.6',
    );
  });

  it('a single cell is at its centre, as long as nothing says how wide it is', async () => {
    const cell = [north(-40.25), east(140)] as const;
    expect(await cut(...cell, 'LATITUDE,-40.25,-40.25;LONGITUDE,140,140')).toEqual([0]);
    await expect(cut(...cell, 'LATITUDE,-41,-41;LONGITUDE,140,140')).rejects.toThrow(
      'its cells are at latitude -40.25 to -40.25, longitude 140 to 140',
    );
  });

  it.each([
    ['latitude and longitude', [], []],
    ['latitude', [], ['lon']],
    ['longitude', ['lat'], []],
  ])('a place without a dimension, here of %s, applies to all data', async (_, rows, columns) => {
    await layer.file('a.nc', {
      dimensions: {
        time: -1,
        ...(rows.length ? { lat: 2 } : {}),
        ...(columns.length ? { lon: 2 } : {}),
      },
      variables: {
        time,
        lat: {
          type: 'double',
          dimensions: rows,
          values: rows.length ? [-40, -39] : [-40],
          attributes: { units: 'degrees_north' },
        },
        lon: {
          type: 'double',
          dimensions: columns,
          values: columns.length ? [140, 141] : [140],
          attributes: { units: 'degrees_east' },
        },
        t: field(['time', ...rows, ...columns], 2 ** (rows.length + columns.length)),
      },
    });
    const { variables } = await layer.result('LATITUDE,-40,-40;LONGITUDE,140,140');
    expect(variables['t']?.values).toEqual([0]);
    expect((await layer.fault('LATITUDE,10,20;LONGITUDE,140,140')).message).toContain('No data');
  });
});

describe('a file with more than one grid', () => {
  const staggered = (latitudesOfU: number[], longitudesOfU: number[]) =>
    gridSketch({
      times: [0],
      dimensions: { lat_u: latitudesOfU.length, lon_u: longitudesOfU.length },
      variables: {
        lat_u: axis('lat_u', latitudesOfU, { standard_name: 'latitude', units: 'degrees_north' }),
        lon_u: axis('lon_u', longitudesOfU, { standard_name: 'longitude', units: 'degrees_east' }),
        u: field(['time', 'lat_u', 'lon_u'], latitudesOfU.length * longitudesOfU.length),
        // Shares its rows with the first grid.
        v: field(['time', 'lat', 'lon_u'], 4 * longitudesOfU.length),
      },
    });

  it('a file with several grids is cut on all of them, and names the extent of all its data', async () => {
    await layer.file('a.nc', staggered([-40.5, -39.5, -38.5, -37.5], [139.5, 140.5, 141.5]));
    const { dimensions, variables, attributes } = await layer.result(
      'LATITUDE,-39,-37.5;LONGITUDE,140,141.5',
    );
    expect(dimensions).toEqual({ time: -1, lat: 2, lon: 2, lat_u: 2, lon_u: 2 });
    expect(variables['temperature']?.values).toEqual([3, 4, 6, 7]);
    expect(variables['u']?.values).toEqual([7, 8, 10, 11]);
    expect(variables['v']?.values).toEqual([4, 5, 7, 8]);
    expect(attributes).toMatchObject({
      geospatial_lat_min: -39,
      geospatial_lat_max: -37.5,
      geospatial_lon_min: 140,
      geospatial_lon_max: 141.5,
    });
  });

  it('a file with several grids has every nth row and column of each, if asked for', async () => {
    await layer.file('a.nc', staggered([-40.5, -39.5, -38.5, -37.5], [139.5, 140.5, 141.5]));
    const asked = 'LATITUDE,-90,90;LONGITUDE,140,142';
    const { variables } = await layer.result(asked, {
      subset: { ...parseSubset(asked), stride: { latitude: 3, longitude: 2 } },
    });
    expect(variables['lat_u']?.values).toEqual([-40.5, -37.5]);
    expect(variables['lon_u']?.values).toEqual([140.5]);
    expect(variables['u']?.values).toEqual([1, 10]);
    expect(variables['temperature']?.values).toEqual([0, 2, 9, 11]);
  });

  it('bent grids that share rows keep those of both, and a grid without a cell takes none from the other', async () => {
    const [rho, u] = [bent('y', 'x'), bent('y', 'x_u')];
    const sharing = (north: number) =>
      layer.file('a.nc', {
        dimensions: { time: -1, y: 5, x: 4, x_u: 4 },
        variables: {
          time,
          lat_rho: rho.lat,
          lon_rho: rho.lon,
          lat_u: { ...u.lat, values: (u.lat.values as number[]).map((value) => value + north) },
          lon_u: u.lon,
          t: field(['time', 'y', 'x'], 20),
          u: field(['time', 'y', 'x_u'], 20),
        },
      });
    await sharing(1);
    const both = (await layer.result('LATITUDE,-40.5,-39;LONGITUDE,145,145.5')).variables;
    expect(both['t']).toMatchObject({ shape: [1, 3, 1], values: [5, 9, 13] });
    expect(both['u']).toMatchObject({ shape: [1, 3, 1], values: [5, 9, 13] });
    await sharing(-1);
    const turned = (await layer.result('LATITUDE,-40.5,-39;LONGITUDE,145,145.5')).variables;
    expect(turned['t']).toMatchObject({ shape: [1, 3, 1], values: [9, 13, 17] });
    await sharing(40);
    const { variables, attributes } = await layer.result('LATITUDE,-40.5,-39;LONGITUDE,145,145.5');
    expect(variables['t']).toMatchObject({ shape: [1, 2, 1], values: [9, 13] });
    expect(variables).not.toHaveProperty('u');
    expect(attributes['history']).toContain('u left out, as no cell of its grid is in the subset');
  });

  it('a file with several bent grids is cut on all of them', async () => {
    const [rho, u] = [bent('y', 'x'), bent('y_u', 'x_u')];
    await layer.file('a.nc', {
      dimensions: { time: -1, y: 5, x: 4, y_u: 5, x_u: 4 },
      variables: {
        time,
        lat_rho: rho.lat,
        lon_rho: rho.lon,
        lat_u: { ...u.lat, values: (u.lat.values as number[]).map((value) => value + 0.5) },
        lon_u: u.lon,
        t: field(['time', 'y', 'x'], 20),
        u: field(['time', 'y_u', 'x_u'], 20),
      },
    });
    const { variables } = await layer.result('LATITUDE,-40.5,-39;LONGITUDE,145,145');
    expect(variables['t']).toMatchObject({ shape: [1, 2, 1], values: [9, 13] });
    expect(variables['u']).toMatchObject({ shape: [1, 2, 1], values: [5, 9] });
    const { variables: strided } = await layer.result(everywhere, {
      subset: { ...parseSubset(everywhere), stride: { latitude: 2, longitude: 3 } },
    });
    expect(strided['t']?.values).toEqual([0, 3, 8, 11, 16, 19]);
    expect(strided['u']?.values).toEqual([0, 3, 8, 11, 16, 19]);
  });

  it('a file with several grids has longitudes that rise across the seam on all of them', async () => {
    const sketch = staggered([-40, -39], [-135, -45, 45, 135]);
    const longitudes = [-180, -90, 0, 90];
    await layer.file('a.nc', {
      ...sketch,
      dimensions: { ...sketch.dimensions, lon: 4 },
      variables: {
        ...sketch.variables,
        lon: axis('lon', longitudes, { units: 'degrees_east' }),
        temperature: field(['time', 'lat', 'lon'], 16),
      },
    });
    const { variables } = await layer.result('LATITUDE,-40,-40;LONGITUDE,80,280');
    expect(variables['lon']?.values).toEqual([90, 180, 270]);
    expect(variables['lon_u']?.values).toEqual([135, 225]);
    expect(variables['u']?.values).toEqual([3, 0]);
  });

  it('a file with several grids leaves out data on a grid without a cell in the subset, and says so', async () => {
    await layer.file('a.nc', staggered([-80.5, -79.5], [139.5, 140.5]));
    const { variables, attributes } = await layer.result('LATITUDE,-39,-38;LONGITUDE,140,141');
    expect(Object.keys(variables)).toEqual(['time', 'lat', 'lon', 'temperature', 'lon_u', 'v']);
    expect(attributes['history']).toContain('u left out, as no cell of its grid is in the subset');
  });

  it('a file with several grids is refused as a table', async () => {
    await layer.file('a.nc', staggered([-40.5], [139.5]));
    const fault = await layer.fault(everywhere, { result: 'text/csv', content: 'text/csv' });
    expect(fault.message).toBe(
      'File "a.nc" has data on more than one grid: u is on time, lat_u, lon_u, other data on lat, lon. A table has one grid; allowed: NetCDF, or variables of one grid.',
    );
    expect(fault.exitCode).toBe(64);
  });

  it('a file whose places are those of stations has one grid', async () => {
    await layer.file(
      'a.nc',
      gridSketch({
        times: [0],
        dimensions: { station: 2 },
        variables: {
          station_lat: axis('station', [10, 20], { units: 'degrees_north' }),
          station_lon: axis('station', [10, 20], { units: 'degrees_east' }),
          level: field(['time', 'station'], 2),
        },
      }),
    );
    expect((await layer.result()).variables['level']?.values).toEqual([0, 1]);
    expect(await layer.csv()).toHaveLength(13);
  });
});

describe('depths', () => {
  const at = 'LATITUDE,-40,-40;LONGITUDE,140,140';
  const column = (variables: Record<string, VariableSketch>, dimension = 'lev') =>
    layer.file(
      'a.nc',
      gridSketch({
        times: [0],
        dimensions: { [dimension]: 3 },
        variables: {
          temperature: field(['time', dimension, 'lat', 'lon'], 36, { coordinates: 'depth' }),
          ...variables,
        },
      }),
    );
  const index = axis('lev', [1, 2, 3], { axis: 'Z' });

  it('depths are those of an auxiliary coordinate in metres, not an index of levels', async () => {
    await column({
      lev: index,
      depth: axis('lev', [0, 10, 50], { units: 'm', standard_name: 'depth', positive: 'down' }),
    });
    const { variables } = await layer.result(`${at};DEPTH,5,60`);
    expect(variables['depth']?.values).toEqual([10, 50]);
    expect(variables['temperature']?.values).toEqual([12, 24]);
    expect((await layer.fault(`${at};DEPTH,1,2`)).message).toContain('its depths are 0 to 50 m');
    expect((await layer.csv(`${at};DEPTH,5,60`))[1]).toBe('2020-01-01T00:00:00Z,-40,140,10,12,2');
  });

  it.each<[string, Record<string, AttributeSketch>, string]>([
    ['an index of levels', { axis: 'Z' }, 'without units'],
    ['a depth without units', { standard_name: 'depth' }, 'without units'],
    ['a unit of no letters', { positive: 'down', units: ' ' }, 'without units'],
    ['a number of no dimension', { positive: 'down', units: '1' }, 'without units'],
    ['pressure', { units: 'hPa' }, 'in "hPa"'],
  ])('depths are not recognised by %s', async (_, attributes, words) => {
    await column({ lev: axis('lev', [1, 2, 3], attributes) });
    const fault = await layer.fault(`${at};DEPTH,1,2`);
    expect(fault.message).toBe(
      `Input "subset" has DEPTH in metres, but the layer's lev is ${words}; allowed: a subset without DEPTH.`,
    );
    expect(fault.exitCode).toBe(64);
    const { attributes: found } = await layer.result(at);
    expect('geospatial_vertical_min' in found).toBe(words !== 'without units');
  });

  it.each<[string, Record<string, AttributeSketch>, number[], number[]]>([
    ['positive alone', { positive: 'down', units: 'm' }, [0, 10, 20], [10, 20]],
    ['positive alone, upwards', { positive: 'up', units: 'm' }, [-20, -10, 0], [-20, -10]],
    ['kilometres', { standard_name: 'depth', units: 'km' }, [0, 0.01, 0.02], [0.01, 0.02]],
    ['altitude, which is upwards', { standard_name: 'altitude', units: 'm' }, [-15, 0, 15], [-15]],
    ['height, which is upwards', { standard_name: 'height', units: 'm' }, [-15, 0, 15], [-15]],
    [
      'altitude that is said to be downwards',
      { standard_name: 'altitude', units: 'm', positive: 'down' },
      [-15, 0, 15],
      [15],
    ],
    [
      'a depth that is counted from a height',
      { standard_name: 'depth_below_height_of_sensor', units: 'm' },
      [-15, 0, 15],
      [15],
    ],
    ['a depth, which is downwards', { standard_name: 'depth', units: 'm' }, [-15, 0, 15], [15]],
    ['positive in capitals', { positive: ' UP', units: 'km' }, [-0.02, 0, 0.015], [-0.02]],
    ['centimetres', { positive: 'down', units: 'cm' }, [100, 1500, 2500], [1500]],
    ['millimetres', { positive: 'down', units: ' mm ' }, [1000, 15000, 25000], [15000]],
  ])('depths are recognised by %s', async (_, attributes, values, expected) => {
    await column({ z: axis('z', values, attributes) }, 'z');
    const { variables } = await layer.result(`${at};DEPTH,10,20`);
    expect(variables['z']?.values).toEqual(expected);
  });

  it('a scalar depth applies to all data', async () => {
    const depth: VariableSketch = {
      type: 'float',
      values: [5],
      attributes: { units: 'm', standard_name: 'depth', positive: 'down' },
    };
    await layer.file('a.nc', gridSketch({ times: [0], variables: { depth } }));
    const { variables, attributes } = await layer.result(`${at};DEPTH,0,10`);
    expect(variables['temperature']?.values).toEqual([0]);
    expect(attributes).toMatchObject({ geospatial_vertical_min: 5, geospatial_vertical_max: 5 });
    expect((await layer.fault(`${at};DEPTH,20,30`)).message).toBe(
      'No data: the layer has no depth from 20 to 30 m; its depths are 5 to 5 m.',
    );
    // How thick a single level is, the file does not say.
    expect((await layer.result(`${at};DEPTH,5,5`)).variables['temperature']?.values).toEqual([0]);
    expect((await layer.fault(`${at};DEPTH,5.1,5.1`)).message).toContain('no depth from 5.1');
    expect((await layer.csv(`${at};DEPTH,0,10`))[1]).toBe('2020-01-01T00:00:00Z,-40,140,5,0');
  });

  it('depths are cut along each vertical axis of the file', async () => {
    const down = { units: 'm', positive: 'down' };
    await layer.file(
      'a.nc',
      gridSketch({
        times: [0],
        dimensions: { z: 3, z_w: 4 },
        variables: {
          z: axis('z', [5, 15, 25], down),
          z_w: axis('z_w', [0, 10, 20, 30], down),
          temperature: field(['time', 'z', 'lat', 'lon'], 36),
          w: field(['time', 'z_w', 'lat', 'lon'], 48),
        },
      }),
    );
    const { variables } = await layer.result(`${at};DEPTH,10,20`);
    expect(variables['temperature']?.values).toEqual([12]);
    expect(variables['w']?.values).toEqual([12, 24]);
    const { variables: strided } = await layer.result(at, {
      subset: { ...parseSubset(at), stride: { depth: 2 } },
    });
    expect(strided['temperature']?.values).toEqual([0, 24]);
    expect(strided['w']?.values).toEqual([0, 24]);
    const point = await layer.result(`${at};DEPTH,5,5`);
    expect(point.variables['temperature']?.values).toEqual([0]);
    expect(point.variables['w']?.values).toEqual([0]);
  });
});
