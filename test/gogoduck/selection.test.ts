import { describe, expect, it } from 'vitest';
import { parseStride, parseVariables } from '../../batch-jobs/gogoduck/selection.ts';
import { parseSubset } from '../../batch-jobs/gogoduck/subset.ts';
import { type GridSketch, gridSketch } from './grid-sketch.ts';
import { everywhere, useLayer } from './layer-folder.ts';
import type { AttributeSketch, VariableSketch } from './make-netcdf.ts';

const layer = useLayer();
const asking = (variables?: string, stride?: string, subset = everywhere) => ({
  subset: {
    ...parseSubset(subset),
    ...(variables === undefined ? {} : { variables: parseVariables(variables) }),
    ...(stride === undefined ? {} : { stride: parseStride(stride) }),
  },
});
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

describe('the variables that are asked for', () => {
  const several = (hour: number): GridSketch => ({
    times: [hour],
    dimensions: { nv: 2, depth: 2 },
    variables: {
      lat_bounds: field(['lat', 'nv'], 8),
      lat: {
        type: 'double',
        dimensions: ['lat'],
        values: [-40, -39, -38, -37],
        attributes: { units: 'degrees_north', bounds: 'lat_bounds' },
      },
      crs: { type: 'int', values: [1], attributes: { grid_mapping_name: 'latitude_longitude' } },
      depth: { ...field(['depth'], 2), attributes: { units: 'm' } },
      salinity: field(['time', 'lat', 'lon'], 12, {
        standard_name: 'sea_water_salinity',
        grid_mapping: 'crs',
      }),
      deep: field(['time', 'depth', 'lat', 'lon'], 24),
      quality: field(['time', 'lat', 'lon'], 12),
    },
  });

  it.each([
    ['by name', 'salinity'],
    ['by standard name', 'sea_water_salinity'],
    ['twice', 'salinity sea_water_salinity,salinity'],
  ])('selected variables come alone, with their times and positions: %s', async (_, asked) => {
    await layer.grids(several(0), several(1));
    const { variables, dimensions } = await layer.result(everywhere, asking(asked));
    expect(Object.keys(variables).sort()).toEqual(
      ['crs', 'lat', 'lat_bounds', 'lon', 'salinity', 'time'].sort(),
    );
    expect(dimensions).toEqual({ time: -2, lat: 4, nv: 2, lon: 3 });
  });

  it('selected variables come with all that their coordinates name', async () => {
    await layer.grids({
      times: [0],
      dimensions: { nv: 2, s: 2 },
      variables: {
        time: {
          type: 'double',
          dimensions: ['time'],
          values: [0],
          attributes: { units: 'hours since 2020-01-01', climatology: 'months' },
        },
        months: field(['time', 'nv'], 2),
        s: field(['s'], 2, {
          standard_name: 'ocean_s_coordinate_g1',
          formula_terms: 's: s eta: zeta depth:bottom',
        }),
        zeta: field(['time', 'lat', 'lon'], 12),
        bottom: field(['lat', 'lon'], 12),
        cell: field(['lat', 'lon'], 12),
        deep: field(['time', 's', 'lat', 'lon'], 24, { coordinates: 'cell' }),
        other: field(['time', 's', 'lat', 'lon'], 24),
      },
    });
    const { variables } = await layer.result(everywhere, asking('deep'));
    expect(Object.keys(variables).sort()).toEqual(
      ['bottom', 'cell', 'deep', 'lat', 'lon', 'months', 's', 'time', 'zeta'].sort(),
    );
  });

  it('selected variables name none of those that are left out', async () => {
    const { temperature } = gridSketch({ times: [0] }).variables;
    await layer.grids({
      ...several(0),
      variables: {
        ...several(0).variables,
        temperature: {
          ...temperature,
          attributes: {
            ancillary_variables: 'quality salinity',
            cell_measures: 'area: salinity height: deep',
            comment: 'better than quality',
          },
        } as VariableSketch,
      },
    });
    const attributes = async (asked: string) =>
      (await layer.result(everywhere, asking(asked))).variables['temperature']?.attributes;
    expect(await attributes('temperature,quality')).toEqual({
      ancillary_variables: 'quality',
      comment: 'better than quality',
    });
    expect(await attributes('temperature,deep')).toEqual({
      cell_measures: 'height: deep',
      comment: 'better than quality',
    });
  });

  it('selected variables have columns of their own in a table', async () => {
    await layer.grids(several(0));
    const [titles] = await layer.csv(everywhere, asking('quality,temperature'));
    expect(titles).toBe(
      '"time (ISO 8601, UTC)",lat (degrees_north),lon (degrees_east),temperature (degree_Celsius),quality',
    );
  });

  it('selected variables may be on another grid than the rest, and then form a table', async () => {
    await layer.grids({
      times: [0],
      dimensions: { lat_u: 2 },
      variables: {
        lat_u: {
          ...field(['lat_u'], 2),
          values: [-39.5, -38.5],
          attributes: { units: 'degrees_north' },
        },
        u: field(['time', 'lat_u', 'lon'], 6),
      },
    });
    const lines = await layer.csv(
      'LATITUDE,-39,-38;LONGITUDE,141,142',
      asking('u', undefined, 'LATITUDE,-39,-38;LONGITUDE,141,142'),
    );
    expect(lines).toEqual([
      '"time (ISO 8601, UTC)",lat_u (degrees_north),lon (degrees_east),u',
      '2020-01-01T00:00:00Z,-38.5,141,4',
      '2020-01-01T00:00:00Z,-38.5,142,5',
    ]);
  });

  it('selected variables that the layer lacks are refused with similar names', async () => {
    await layer.grids(several(0));
    const fault = await layer.fault(everywhere, asking('Salinty'));
    expect(fault.message).toBe(
      'Input "variables" has "Salinty", which the layer does not have; its variables are temperature, crs, salinity, deep, quality. Did you mean "salinity"?',
    );
    expect(fault.exitCode).toBe(64);
  });
});

describe('a stride', () => {
  const rows = Array.from({ length: 7 }, (_, index) => -40 + index);
  const columns = Array.from({ length: 8 }, (_, index) => -180 + index * 45);

  it('a stride takes every nth position from the first one in the subset, along each axis', async () => {
    await layer.grids(
      { times: [0, 1, 2], latitudes: rows, longitudes: columns },
      {
        times: [3, 4, 5],
        latitudes: rows,
        longitudes: columns,
        temperature: (index) => 1000 + index,
      },
    );
    const subset = 'LATITUDE,-39,-34;LONGITUDE,-135,135';
    const { variables } = await layer.result(
      subset,
      asking(undefined, 'TIME,2;LATITUDE,3;LONGITUDE,2', subset),
    );
    expect(variables['time']?.values).toEqual([0, 2, 4]);
    expect(variables['lat']?.values).toEqual([-39, -36]);
    expect(variables['lon']?.values).toEqual([-135, -45, 45, 135]);
    const cells = [1, 4].flatMap((row) => [1, 3, 5, 7].map((column) => row * 8 + column));
    expect(variables['temperature']?.values).toEqual([
      ...cells,
      ...cells.map((cell) => 2 * 56 + cell),
      ...cells.map((cell) => 1000 + 56 + cell),
    ]);
  });

  it('a stride continues across the seam of a grid', async () => {
    await layer.grids({ times: [0], latitudes: [1, 2], longitudes: columns });
    const subset = 'LATITUDE,1,1;LONGITUDE,90,300';
    const { variables } = await layer.result(subset, asking(undefined, 'LONGITUDE,2', subset));
    expect(variables['lon']?.values).toEqual([90, 180, 270]);
    expect(variables['temperature']?.values).toEqual([6, 0, 2]);
  });

  it('a stride goes along depths, with or without a range of them', async () => {
    await layer.grids({
      times: [0],
      latitudes: [1],
      longitudes: [2],
      dimensions: { depth: 5 },
      variables: {
        depth: { ...field(['depth'], 5), attributes: { units: 'm' } },
        temperature: field(['time', 'depth', 'lat', 'lon'], 5),
      },
    });
    const depths = async (subset: string) =>
      (await layer.result(subset, asking(undefined, 'DEPTH,2', subset))).variables['temperature']
        ?.values;
    expect(await depths(everywhere)).toEqual([0, 2, 4]);
    expect(await depths(`${everywhere};DEPTH,1,4`)).toEqual([1, 3]);
  });

  it('a stride goes along rows and columns of a bent grid', async () => {
    const position = (units: string, at: (cell: number) => number): VariableSketch => ({
      type: 'double',
      dimensions: ['y', 'x'],
      values: Array.from({ length: 20 }, (_, cell) => at(cell)),
      attributes: { units },
    });
    await layer.file('a.nc', {
      dimensions: { time: -1, y: 4, x: 5 },
      variables: {
        time: gridSketch({ times: [0] }).variables['time'] as never,
        lat: position('degrees_north', (cell) => Math.floor(cell / 5)),
        lon: position('degrees_east', (cell) => cell % 5),
        t: field(['time', 'y', 'x'], 20),
      },
    });
    const { variables } = await layer.result(
      everywhere,
      asking(undefined, 'LATITUDE,2;LONGITUDE,3'),
    );
    expect(variables['t']).toMatchObject({ shape: [1, 2, 2], values: [0, 3, 10, 13] });
    expect(variables['lat']?.values).toEqual([0, 0, 2, 2]);
  });

  it('a stride longer than an axis takes the first position', async () => {
    await layer.grids({ times: [5, 6] });
    const { variables } = await layer.result(everywhere, asking(undefined, 'TIME,9;LATITUDE,99'));
    expect(variables['time']?.values).toEqual([5]);
    expect(variables['lat']?.values).toEqual([-40]);
  });
});
