import { describe, expect, it } from 'vitest';
import { chooseVariables } from '../../batch-jobs/gogoduck/grid/choose-variables.ts';
import {
  boundsOf,
  type Coordinates,
  findCoordinates,
  horizontalDimensions,
  isOnGrid,
  placingVariables,
  scalarTime,
} from '../../batch-jobs/gogoduck/grid/find-coordinates.ts';
import {
  attributesOf,
  type Header,
  withoutVariables,
} from '../../batch-jobs/gogoduck/grid/header.ts';
import type { Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';
import { type HeaderSketch, header, variableOf } from './header-sketch.ts';
import { faultOf } from './layer-folder.ts';

const at = (units: string, dimensions: string): HeaderSketch => ({
  dimensions,
  attributes: { units },
});
const north = (dimensions: string) => at('degrees_north', dimensions);
const east = (dimensions: string) => at('degrees_east', dimensions);
const data = (dimensions: string): HeaderSketch => ({ dimensions });
const days = (dimensions: string) => at('days since 2000-01-01', dimensions);
const plain = { lat: north('lat'), lon: east('lon') };
const names = (variables: readonly Variable[]) => variables.map(({ name }) => name);
const faultIn = (sketch: Readonly<Record<string, HeaderSketch>>) =>
  faultOf(Promise.resolve().then(() => findCoordinates(header(sketch))));
const found = (sketch: Readonly<Record<string, HeaderSketch>>) => {
  const { latitude, longitude, time, vertical, others } = findCoordinates(header(sketch));
  return {
    places: `${latitude.name} ${longitude.name}`,
    time: time?.name,
    vertical: vertical?.name,
    latitudes: names(others.latitudes),
    longitudes: names(others.longitudes),
    curvilinear: others.curvilinear.map((each) => `${each.latitude.name} ${each.longitude.name}`),
    verticals: names(others.verticals),
    times: names(others.times),
  };
};
const one = {
  time: undefined,
  vertical: undefined,
  latitudes: [],
  longitudes: [],
  curvilinear: [],
  verticals: [],
  times: [],
};

describe('which latitude and longitude form a grid', () => {
  it.each<[string, string, string]>([
    ['a dimension each', 'y', 'x'],
    ['two dimensions that they share', 'y x', 'y x'],
    ['no dimensions, at a single place', '', ''],
    ['a dimension for the latitude alone', 'y', ''],
    ['a dimension for the longitude alone', '', 'x'],
  ])('places of %s form a grid', (_, rows, columns) => {
    const file = { lat: north(rows), lon: east(columns), v: data('y x') };
    expect(found(file)).toEqual({ ...one, places: 'lat lon' });
  });

  it.each<[string, string, string]>([
    ['one dimension that they share', 'x', 'x'],
    ['two dimensions in another order', 'y x', 'x y'],
    ['two dimensions of which they share one', 'y x', 'y z'],
    ['two dimensions and one', 'y x', 'x'],
    ['one dimension and two', 'y', 'y x'],
    ['two dimensions and none', 'y x', ''],
    ['three dimensions', 'z y x', 'z y x'],
    ['three different dimensions', 'z y x', 'w y x'],
  ])('places of %s form no grid', async (_, rows, columns) => {
    const { message, exitCode } = await faultIn({ lat: north(rows), lon: east(columns) });
    const inWords = `lat(${rows.replaceAll(' ', ', ')}) and lon(${columns.replaceAll(' ', ', ')})`;
    expect(message).toBe(
      `File "a.nc" is no grid: it has ${inWords}; allowed: a dimension each, or two that they share.`,
    );
    expect(exitCode).toBe(65);
  });

  it('the likeliest latitude that has a longitude is taken', () => {
    const file = {
      best: { dimensions: 'k', attributes: { units: 'degrees_north', standard_name: 'latitude' } },
      lat: north('y'),
      lon: east('k'),
      v: data('y k'),
    };
    expect(found(file)).toEqual({ ...one, places: 'lat lon' });
  });

  it('a rotated pole turns the coordinate variables of its own data, and no others', async () => {
    const turned = (dimensions: string, mapping = 'pole'): HeaderSketch => ({
      dimensions,
      attributes: { grid_mapping: mapping },
    });
    const pole = { attributes: { grid_mapping_name: 'rotated_latitude_longitude' } };
    const others = { ...plain, pole, t: data('lat lon'), w: turned('y x') };
    expect(found(others)).toEqual({ ...one, places: 'lat lon' });
    const own = { ...plain, pole, t: turned('lat lon') };
    expect((await faultIn(own)).message).toContain('has no latitude');
    const pairs = { ...plain, pole, t: turned('lat lon', 'pole: y x') };
    expect((await faultIn(pairs)).message).toContain('has no latitude');
    const flat = {
      ...plain,
      pole: { attributes: { grid_mapping_name: 'mercator' } },
      t: turned('lat lon'),
    };
    expect(found(flat)).toEqual({ ...one, places: 'lat lon' });
    const named = {
      ...own,
      lat: { dimensions: 'lat', attributes: { units: 'degrees_north', standard_name: 'latitude' } },
    };
    expect((await faultIn(named)).message).toContain('has no longitude');
  });

  it('bounds are no places, although they have units', () => {
    const file = {
      corners: north('lat nv'),
      lat: { ...plain.lat, attributes: { units: 'degrees_north', bounds: 'corners' } },
      lon: { ...plain.lon, attributes: { units: 'degrees_east', climatology: 'edges' } },
      edges: east('lon nv'),
    };
    expect(found(file)).toEqual({ ...one, places: 'lat lon' });
    expect([...boundsOf(header(file))]).toEqual(['corners', 'edges']);
  });

  it.each([
    ['latitude', 'north', { lon: plain.lon }],
    ['longitude', 'east', { lat: plain.lat }],
  ])('a file without a %s is refused', async (missing, unit, sketch) => {
    const { message, exitCode } = await faultIn(sketch);
    expect(message).toBe(
      `File "a.nc" has no ${missing}: no variable has standard_name "${missing}", units "degrees_${unit}" or that name.`,
    );
    expect(exitCode).toBe(65);
  });

  it('places that move with time are refused; a time without a dimension moves none', async () => {
    const moving = { lat: north('t'), lon: east('lon'), when: days('t'), v: data('t lon') };
    expect((await faultIn(moving)).message).toContain('positions that vary with time (lat(t))');
    const other = { lat: north('lat'), lon: east('t'), when: days('t'), v: data('t lat') };
    expect((await faultIn(other)).message).toContain('positions that vary with time (lon(t))');
    const still = { ...plain, when: days(''), v: data('lat lon') };
    expect(found(still)).toEqual({ ...one, places: 'lat lon' });
  });
});

describe('the further grids of a file', () => {
  it('a row or column of another grid counts if data is on it and on one of the first, or of its own kind', () => {
    const file = {
      ...plain,
      lat_u: north('lat_u'),
      lon_u: east('lon_u'),
      lat_v: north('lat_v'),
      lon_w: east('lon_w'),
      t: data('lat lon'),
      u: data('lat_u lon_u'),
      v: data('lat_v lon'),
      w: data('lat lon_w'),
    };
    expect(found(file)).toEqual({
      ...one,
      places: 'lat lon',
      latitudes: ['lat_u', 'lat_v'],
      longitudes: ['lon_u', 'lon_w'],
    });
  });

  it.each<[string, Readonly<Record<string, HeaderSketch>>]>([
    ['without data', { lat_u: north('lat_u') }],
    ['with data along it alone', { lat_u: north('lat_u'), profile: data('z lat_u') }],
    ['of stations', { s: north('station'), r: east('station'), v: data('station lat lon') }],
    ['along a dimension of the first grid', { other: north('lon') }],
    ['without a dimension', { here: north(''), there: east('') }],
    ['of two dimensions of the first grid', { y: north('lat lon'), x: east('lat lon') }],
    ['of two dimensions without a longitude', { y: north('lat k'), v: data('lat k') }],
  ])('places %s are no further grid', (_, more) => {
    const { latitudes, longitudes, curvilinear } = found({ ...plain, t: data('lat lon'), ...more });
    expect([latitudes, longitudes, curvilinear]).toEqual([[], [], []]);
  });

  it('of several places along a dimension, the likeliest counts', () => {
    const file = {
      ...plain,
      second: north('k'),
      k: north('k'),
      v: data('k lon'),
    };
    expect(found(file).latitudes).toEqual(['k']);
  });

  it('bent grids beside the first are those with a dimension of their own', () => {
    const file = {
      lat_r: north('y x'),
      lon_r: east('y x'),
      lat_u: north('y xu'),
      lon_u: east('y xu'),
      lat_v: north('yv xv'),
      lon_v: east('yv xv'),
      again: north('yv xv'),
    };
    expect(found(file)).toEqual({
      ...one,
      places: 'lat_r lon_r',
      curvilinear: ['lat_u lon_u', 'lat_v lon_v'],
    });
  });

  const many = header({
    ...plain,
    lat_u: north('lat_u'),
    lon_u: east('lon_u'),
    lat_b: north('y x'),
    lon_b: east('y x'),
    z: at('m', 'z'),
    height: { dimensions: 'w', attributes: { standard_name: 'height', units: 'm' } },
    when: days('when'),
    t: data('when z lat lon'),
    u: data('w lat_u lon_u'),
    depth: { attributes: { units: 'm' } },
  });

  it('all variables that place cells are known, and the dimensions of all grids', () => {
    const coordinates: Coordinates = findCoordinates(many);
    expect(names(placingVariables(coordinates))).toEqual([
      'lat',
      'lon',
      'height',
      'lat_u',
      'lon_u',
      'lat_b',
      'lon_b',
    ]);
    expect([...horizontalDimensions(coordinates)]).toEqual([
      'lat',
      'lon',
      'lat_u',
      'lon_u',
      'y',
      'x',
    ]);
    const withTwo = findCoordinates(
      header({
        ...plain,
        a: { dimensions: 'a', attributes: { positive: 'up', units: 'm' } },
        b: { dimensions: 'b', attributes: { positive: 'up', units: 'm' } },
      }),
    );
    expect(names(placingVariables(withTwo))).toEqual(['lat', 'lon', 'a', 'b']);
    const without = findCoordinates(header(plain));
    expect(names(placingVariables(without))).toEqual(['lat', 'lon']);
  });

  it.each([
    ['lat lon', true],
    ['time lon lat', true],
    ['lat_u lon', true],
    ['lat lon_u', true],
    ['y x', true],
    ['lat', false],
    ['lon', false],
    ['y lon', false],
    ['lat lat_u', false],
    ['', false],
  ])('data on "%s" has a value per cell: %s', (dimensions, expected) => {
    const list = dimensions.split(' ').filter(Boolean);
    const variable = {
      name: 'v',
      type: 'float',
      dimensions: list,
      shape: list.map(() => 3),
    } as const;
    expect(isOnGrid(findCoordinates(many), variable)).toBe(expected);
  });
});

describe('the times of a file', () => {
  it('a file has a single time if its likeliest time has no dimension', () => {
    const of = (sketch: Readonly<Record<string, HeaderSketch>>) => scalarTime(header(sketch))?.name;
    expect(of({ when: days('') })).toBe('when');
    expect(of({ when: days('t') })).toBeUndefined();
    expect(of({ other: days(''), time: days('time') })).toBeUndefined();
    expect(of(plain)).toBeUndefined();
  });

  it('a time axis of data comes before a likelier time of nothing, which counts if there is no other', () => {
    const file = { ...plain, time: days('time'), when: days('t'), v: data('t lat lon') };
    expect(found(file)).toEqual({ ...one, places: 'lat lon', time: 'when' });
    expect(found({ ...plain, time: days('time'), v: data('lat lon') }).time).toBe('time');
    expect(
      found({ ...plain, time: days('run period'), v: data('run lat lon') }).time,
    ).toBeUndefined();
  });

  it('a vertical coordinate is along neither places nor time', () => {
    const vertical = (dimensions: string): HeaderSketch => ({
      dimensions,
      attributes: { units: 'm', standard_name: 'depth' },
    });
    const file = { ...plain, time: days('time'), v: data('time z lat lon') };
    for (const dimensions of ['time', 'lat', 'lon', 'z lat']) {
      expect(found({ ...file, deep: vertical(dimensions) }).vertical).toBeUndefined();
    }
    expect(found({ ...file, deep: vertical('z') }).vertical).toBe('deep');
    expect(found({ ...file, deep: vertical('') }).vertical).toBe('deep');
    const both = found({
      ...file,
      deep: vertical('z'),
      deeper: vertical('z'),
      other: vertical('k'),
    });
    expect([both.vertical, both.verticals]).toEqual(['deep', ['other']]);
  });
});

describe('the variables that are kept', () => {
  const file: Header = {
    ...header({
      ...plain,
      z: at('m', 'z'),
      time: { dimensions: 'time', attributes: { units: 'days since 2000-01-01', bounds: 'tb' } },
      tb: data('time nv'),
      sst: {
        dimensions: 'time lat lon',
        attributes: { standard_name: ' sea_temperature ', coordinates: 'area' },
      },
      again: { dimensions: 'lat lon', attributes: { standard_name: 'sea_temperature' } },
      area: { dimensions: 'lat lon', attributes: { grid_mapping: 'crs: absent' } },
      crs: {},
      deep: { dimensions: 'z lat lon', attributes: { formula_terms: 'a: crs' } },
      nv: data('nv'),
    }),
    unread: new Map([['x', 'opaque']]),
  };
  const kept = (...asked: string[]) => [...chooseVariables(file, asked).variables.keys()];

  it('variables are kept with the coordinates along their dimensions, and what those name', () => {
    expect(kept('again')).toEqual(['lat', 'lon', 'again']);
    expect(kept('sst')).toEqual(['lat', 'lon', 'time', 'tb', 'sst', 'area', 'crs']);
    expect(kept('sea_temperature')).toEqual([
      'lat',
      'lon',
      'time',
      'tb',
      'sst',
      'again',
      'area',
      'crs',
    ]);
    expect(kept('deep', 'again')).toEqual(['lat', 'lon', 'z', 'again', 'crs', 'deep']);
    expect(kept('deep', 'lat')).toEqual(['lat', 'lon', 'z', 'crs', 'deep']);
    expect(chooseVariables(file, ['sst']).unread.size).toBe(0);
  });

  it('dimensions that no variable has go, and attributes of those that go', () => {
    const { dimensions, variableAttributes } = chooseVariables(file, ['again']);
    expect([...dimensions.keys()]).toEqual(['lat', 'lon']);
    expect([...variableAttributes.keys()]).toEqual(['lat', 'lon', 'again']);
    expect(withoutVariables(file, new Set())).toBe(file);
    expect(attributesOf(file, { ...variableOf(file, 'sst'), name: 'absent' }).size).toBe(0);
  });

  it('a request for coordinates alone is refused, unless the file has nothing else', async () => {
    const refused = await faultOf(Promise.resolve().then(() => kept('lat', 'time')));
    expect(refused.message).toBe(
      'Input "variables" is "lat,time", which are coordinates; allowed: at least one of sst, again, area, crs, deep, which come with their coordinates.',
    );
    expect(refused.exitCode).toBe(64);
    expect([...chooseVariables(header(plain), ['lat']).variables.keys()]).toEqual(['lat']);
  });

  it('a request for a variable that there is not is refused with the nearest name or standard name', async () => {
    const refused = await faultOf(Promise.resolve().then(() => kept('sst', 'sea_temperatur')));
    expect(refused.message).toBe(
      'Input "variables" has "sea_temperatur", which the layer does not have; its variables are sst, again, area, crs, deep. Did you mean "sea_temperature"?',
    );
    expect(refused.exitCode).toBe(64);
  });
});
