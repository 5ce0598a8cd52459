import { describe, expect, it } from 'vitest';
import {
  latitudeSign,
  longitudeSign,
  timeSign,
  verticalSign,
} from '../../batch-jobs/gogoduck/grid/coordinate-signs.ts';
import { findCoordinates } from '../../batch-jobs/gogoduck/grid/find-coordinates.ts';
import { timeAxes } from '../../batch-jobs/gogoduck/grid/time-axes.ts';
import type { Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import { header, type HeaderSketch as Sketch, variableOf } from './header-sketch.ts';

const lat: Sketch = { dimensions: 'lat', attributes: { units: 'degrees_north' } };
const lon: Sketch = { dimensions: 'lon', attributes: { units: 'degrees_east' } };
const days = { units: 'days since 2000-01-01' };

describe('the signs of a coordinate', () => {
  it.each([
    ['latitude', latitudeSign, 'lat', { standard_name: 'latitude', units: 'degrees_north' }],
    ['longitude', longitudeSign, 'lon', { standard_name: 'longitude', units: 'degrees_east' }],
    ['time', timeSign, 'time', { standard_name: 'time', ...days }],
    ['vertical', verticalSign, 'depth', { standard_name: 'depth', units: 'm' }],
  ] as const)(
    'a %s coordinate has the more signs the more it says, and none as text',
    (_, sign, name, attributes) => {
      const signOf = (sketch: Sketch) => {
        const file = header({ [name]: { dimensions: name, ...sketch } });
        return sign(file, variableOf(file, name));
      };
      const { units } = attributes;
      const ranked = [signOf({ attributes }), signOf({ attributes: { units } }), signOf({})];
      expect(ranked).toEqual([...ranked].sort((one, other) => other - one));
      // A name is enough for a vertical coordinate, and metres say the rest.
      expect(new Set(ranked).size).toBe(name === 'depth' ? 2 : 3);
      expect(Math.min(...ranked)).toBeGreaterThan(0);
      for (const type of ['char', 'string'] as const) expect(signOf({ attributes, type })).toBe(0);
    },
  );

  it.each([
    ['latitude', latitudeSign, { units: 'km' }],
    ['latitude', latitudeSign, { standard_name: 'grid_latitude', units: 'degrees' }],
    ['latitude', longitudeSign, { units: 'degrees_north' }],
    ['time', timeSign, { standard_name: 'forecast_reference_time', ...days }],
    ['x', verticalSign, { units: 'm' }],
    ['x', timeSign, { units: 'days' }],
  ] as const)(
    'a variable %s has no sign of a coordinate of another kind',
    (name, sign, attributes) => {
      const file = header({ [name]: { dimensions: name, attributes } });
      expect(sign(file, variableOf(file, name))).toBe(0);
    },
  );

  it.each([
    ['up', 'level', {}, 'x'],
    ['an axis along its dimension', 'level', { axis: 'z' }, 'level'],
    ['a pressure along its dimension', 'level', { units: 'hPa' }, 'level'],
    ['a name', 'Altitude', {}, 'x'],
    ['a standard name', 'level', { standard_name: 'height_above_mean_sea_level' }, 'x'],
    ['a model level', 'level', { standard_name: 'ocean_sigma_coordinate' }, 'x'],
  ])('a vertical coordinate is known by %s', (what, name, attributes, dimensions) => {
    const own = what === 'up' ? { positive: 'Up' } : attributes;
    const file = header({ [name]: { dimensions, attributes: own } });
    expect(verticalSign(file, variableOf(file, name))).toBeGreaterThan(0);
  });

  it.each([
    ['an axis', { axis: 'Z' }],
    ['a pressure', { units: 'hPa' }],
  ])('%s away from its own dimension is no vertical coordinate', (_, attributes) => {
    const file = header({ level: { dimensions: 'x', attributes } });
    expect(verticalSign(file, variableOf(file, 'level'))).toBe(0);
  });
});

describe('the coordinates of a header', () => {
  const data = (dimensions: string): Sketch => ({ dimensions });

  it('of several vertical coordinates those along dimensions count, and one without only if it is alone', () => {
    const height: Sketch = { attributes: { standard_name: 'height', units: 'm' } };
    const depth: Sketch = { dimensions: 'depth', attributes: { units: 'm', positive: 'down' } };
    const both = findCoordinates(header({ lat, lon, height, depth, v: data('depth lat lon') }));
    expect(both.vertical?.name).toBe('depth');
    expect(both.others.verticals).toEqual([]);
    const alone = findCoordinates(header({ lat, lon, height, v: data('lat lon') }));
    expect(alone.vertical?.name).toBe('height');
    expect(findCoordinates(header({ lat, lon, v: data('lat lon') })).vertical).toBeUndefined();
  });

  it.each([
    ['month', 'record'],
    ['record', 'month'],
  ])(
    'the time along the unlimited dimension comes first, whichever is likelier: %s before %s',
    (...order) => {
      const file = header({
        month: { dimensions: 'month', attributes: days },
        record: { dimensions: 'record', attributes: days },
        mean: data('month lat lon'),
        each: data('record lat lon'),
      });
      const ranked = order.map((name) => variableOf(file, name));
      const isData = ({ dimensions }: Variable) => dimensions.includes('lat');
      const axes = timeAxes(file, ranked, isData, new Set(['lat', 'lon']));
      expect(axes.map(({ name }) => name)).toEqual(['record', 'month']);
    },
  );

  it('a time without data on the grid, or along a place, is no axis', () => {
    const file = header({
      record: { dimensions: 'record', attributes: days },
      line: { dimensions: 'lat', attributes: days },
      bent: { dimensions: 'record lat', attributes: days },
      each: data('lat lon'),
    });
    const ranked = ['record', 'line', 'bent'].map((name) => variableOf(file, name));
    expect(timeAxes(file, ranked, () => true, new Set(['lat', 'lon']))).toEqual([]);
  });
});
