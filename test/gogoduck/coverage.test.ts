import { describe, expect, it } from 'vitest';
import { margin } from '../../batch-jobs/gogoduck/aggregate/cell-extents.ts';
import { useLayer } from './layer-folder.ts';
import { numbers } from './make-netcdf.ts';

const layer = useLayer();

describe('coverage attributes', () => {
  it('coverage attributes claim more than the centres by more than rounding, and by a cell at most', () => {
    // A ten-thousandth of a cell is rounding, and so is a millionth above one whole cell.
    const cell = 2;
    expect(margin(cell * 0.9e-4, cell)).toBe(0);
    expect(margin(cell * 1.1e-4, cell)).toBe(cell * 1.1e-4);
    expect(margin(cell / 2, cell)).toBe(1);
    expect(margin(cell * (1 + 0.9e-6), cell)).toBe(cell * (1 + 0.9e-6));
    expect(margin(cell * (1 + 1.1e-6), cell)).toBe(0);
    expect(margin(-1, cell)).toBe(0);
    expect(margin(Number.NaN, cell)).toBe(0);
  });

  it("coverage attributes are true of the result, in the files' types and forms, and added if missing", async () => {
    await layer.grids({
      times: [0, 1, 2],
      attributes: {
        time_coverage_start: '1999-01-01T00:00:00Z',
        time_coverage_duration: 'P1D',
        stop_time: '19990101T000000Z',
        geospatial_lat_min: numbers('float', 0),
        geospatial_lat_max: '12.5',
        start_time: '',
        southernmost_latitude: 0,
        northernmost_latitude: 0,
        westernmost_longitude: 0,
        easternmost_longitude: 0,
        geospatial_bounds: 'POLYGON((...))',
      },
    });
    const { attributes } = await layer.result(
      `TIME,2020-01-01T01:00Z,2020-01-02;LATITUDE,-39,-38;LONGITUDE,140,150`,
    );
    expect(attributes).toMatchObject({
      time_coverage_start: '2020-01-01T01:00:00Z',
      time_coverage_end: '2020-01-01T02:00:00Z',
      stop_time: '20200101T020000Z',
      geospatial_lat_min: -39,
      geospatial_lat_max: '-38',
      start_time: '2020-01-01T01:00:00Z',
      southernmost_latitude: -39,
      northernmost_latitude: -38,
      westernmost_longitude: 140,
      easternmost_longitude: 142,
      geospatial_lon_min: 140,
      geospatial_lon_max: 142,
    });
    expect(attributes).not.toHaveProperty('geospatial_bounds');
    expect(attributes).not.toHaveProperty('time_coverage_duration');
    await layer.grids({ times: [0] });
    expect(Object.keys((await layer.result()).attributes).sort()).toEqual([
      'date_modified',
      'geospatial_lat_max',
      'geospatial_lat_min',
      'geospatial_lon_max',
      'geospatial_lon_min',
      'history',
      'time_coverage_end',
      'time_coverage_start',
    ]);
  });

  it('coverage attributes have the digits of their type: those of a float, or nine of a text', async () => {
    await layer.grids({
      times: [0],
      latitudes: [-38.1, -37.123456789012],
      attributes: { geospatial_lat_min: numbers('float', 0), geospatial_lat_max: '0' },
    });
    expect((await layer.result()).attributes).toMatchObject({
      geospatial_lat_min: Math.fround(-38.1),
      geospatial_lat_max: '-37.1234568',
    });
    await layer.grids({
      times: [0],
      latitudes: [-38.1, -37.1],
      variables: {
        lat: {
          type: 'float',
          dimensions: ['lat'],
          values: [-38.1, -37.1],
          attributes: { units: 'degrees_north' },
        },
      },
    });
    expect((await layer.result()).attributes).toMatchObject({
      geospatial_lat_min: Math.fround(-38.1),
      geospatial_lon_min: 140,
    });
  });

  it('coverage attributes in the basic form have whole seconds', async () => {
    await layer.grids({
      times: [0.25, 3.75],
      units: 'seconds since 2020-01-01',
      attributes: { start_time: '20000101T000000Z' },
    });
    expect((await layer.result()).attributes).toMatchObject({
      start_time: '20200101T000000Z',
      time_coverage_start: '2020-01-01T00:00:00.250Z',
      time_coverage_end: '2020-01-01T00:00:03.750Z',
    });
  });

  it('coverage attributes that are texts and claim half a cell more than the centres do so for the result', async () => {
    const claims = { geospatial_lat_min: '-40.5', geospatial_lat_max: '-36.5' };
    await layer.grids({ times: [0], attributes: claims });
    const { attributes } = await layer.result('LATITUDE,-39,-38;LONGITUDE,140,142');
    expect(attributes).toMatchObject({
      geospatial_lat_min: '-39.5',
      geospatial_lat_max: '-37.5',
    });
  });
});
