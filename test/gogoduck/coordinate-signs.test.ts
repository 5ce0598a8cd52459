import { describe, expect, it } from 'vitest';
import {
  latitudeSign,
  longitudeSign,
  type Sign,
  timeSign,
  verticalSign,
} from '../../batch-jobs/gogoduck/grid/coordinate-signs.ts';
import type { Header } from '../../batch-jobs/gogoduck/grid/header.ts';
import { type Attributes, textAttribute } from '../../batch-jobs/gogoduck/netcdf/attributes.ts';
import type { Variable } from '../../batch-jobs/gogoduck/netcdf/netcdf-file.ts';

/** A variable, by default along a dimension of its own name, and its attributes. */
interface Sketch {
  readonly name?: string;
  readonly dimensions?: readonly string[];
  readonly type?: Variable['type'];
  readonly [attribute: string]: string | readonly string[] | undefined;
}

/** How strong the evidence is, in a file that also has data with some `coordinates`. */
function strength(sign: Sign, sketch: Sketch, coordinates = ''): number {
  const { name = 'i', dimensions = [name], type = 'double', ...texts } = sketch;
  const variable: Variable = { name, type, dimensions, shape: dimensions.map(() => 2) };
  const data: Variable = { name: 'data', type: 'float', dimensions: ['j', 'i'], shape: [2, 2] };
  const attributes: Attributes = new Map(
    Object.entries(texts).map(([key, text]) => [key, textAttribute(String(text))]),
  );
  const header: Header = {
    name: 'a.nc',
    members: new Set(),
    dimensions: new Map(),
    attributes: new Map(),
    unread: new Map(),
    variables: new Map([
      [name, variable],
      ['data', data],
    ]),
    variableAttributes: new Map([
      [name, attributes],
      ['data', new Map([['coordinates', textAttribute(coordinates)]])],
    ]),
  };
  return sign(header, variable);
}

describe('evidence of a coordinate', () => {
  it.each<[string, Sign, Sketch]>([
    ['degrees_north', latitudeSign, { units: 'degrees_north' }],
    ['degree_N', latitudeSign, { units: 'degree_N' }],
    ['padded degrees_east', longitudeSign, { units: ' degrees_east ' }],
    ['degreesE', longitudeSign, { units: 'degreesE' }],
    ['a name in plain degrees', latitudeSign, { name: 'lat', units: '°' }],
    ['a name without units', longitudeSign, { name: 'LON' }],
    ['the name of NEMO', latitudeSign, { name: 'nav_lat', units: 'deg' }],
    ['the other name of NEMO', longitudeSign, { name: 'nav_lon', units: 'degree' }],
    ['a standard name in capitals', latitudeSign, { standard_name: 'LATITUDE' }],
    [
      'a name whose standard name only mentions a grid',
      latitudeSign,
      { name: 'lat', standard_name: 'on_grid_latitude' },
    ],
    ['units of time', timeSign, { units: 'days since 2000-01-01' }],
    ['a name in capitals', timeSign, { name: 'TIME' }],
    ['the standard name of time', timeSign, { standard_name: 'time' }],
    ['positive, up', verticalSign, { positive: 'up' }],
    ['positive, down', verticalSign, { positive: 'Down' }],
    ['axis Z', verticalSign, { axis: 'z' }],
    ['pressure along an axis', verticalSign, { units: 'dbar' }],
    ['a standard name of depths', verticalSign, { standard_name: 'depth', dimensions: ['j'] }],
    ['a height above a datum', verticalSign, { standard_name: 'height_above_geopotential_datum' }],
    ['the standard name of pressure', verticalSign, { standard_name: 'air_pressure' }],
    ['levels of a model', verticalSign, { standard_name: 'ocean_s_coordinate_g1' }],
    ['the name depth', verticalSign, { name: 'DEPTH' }],
    ['the name altitude', verticalSign, { name: 'altitude' }],
    ['the name height', verticalSign, { name: 'height' }],
  ])('evidence of a coordinate: %s', (_, sign, sketch) => {
    expect(strength(sign, sketch)).toBeGreaterThan(0);
  });

  it.each<[string, Sign, Sketch]>([
    ['a text', latitudeSign, { name: 'lat', units: 'degrees_north', type: 'char' }],
    ['texts of a time', timeSign, { name: 'time', type: 'string' }],
    ['texts of a depth', verticalSign, { name: 'depth', type: 'char' }],
    ['degrees alone', latitudeSign, { units: 'degrees' }],
    ['the units of the other axis', latitudeSign, { name: 'lat', units: 'degrees_east' }],
    ['the name of a map', latitudeSign, { name: 'lat', standard_name: 'projection_y_coordinate' }],
    ['a turned sphere', longitudeSign, { name: 'lon', standard_name: 'grid_longitude' }],
    ['an axis alone', latitudeSign, { axis: 'Y' }],
    ['an axis of time alone', timeSign, { axis: 'T' }],
    [
      'the start of a forecast',
      timeSign,
      { name: 'time', standard_name: 'forecast_reference_time', units: 'days since 2000-01-01' },
    ],
    ['a duration', timeSign, { units: 'days' }],
    ['metres alone', verticalSign, { units: 'm' }],
    ['pressure as data', verticalSign, { name: 'slp', dimensions: ['j', 'i'], units: 'hPa' }],
    ['axis Z of data', verticalSign, { name: 'slp', dimensions: ['j', 'i'], axis: 'Z' }],
  ])('no evidence of a coordinate: %s', (_, sign, sketch) => {
    expect(strength(sign, sketch)).toBe(0);
  });

  it.each<[string, Sign, 'units' | 'name' | 'standard_name' | 'positive', string, Partial<Sketch>]>(
    [
      [
        'units of north',
        latitudeSign,
        'units',
        'degrees_north degree_north degreesnorth degreenorth degrees_N degree_N degreesN degreeN DEGREES_NORTH',
        {},
      ],
      [
        'units of east',
        longitudeSign,
        'units',
        'degrees_east degree_east degreeseast degreeeast degrees_E degree_E degreesE degreeE Degrees_East',
        {},
      ],
      ['degrees', latitudeSign, 'units', 'deg degree degrees ° Deg', { name: 'lat' }],
      ['names of latitude', latitudeSign, 'name', 'lat latitude nav_lat nav_latitude LAT', {}],
      [
        'names of longitude',
        longitudeSign,
        'name',
        'lon long longitude nav_lon nav_long nav_longitude LON',
        {},
      ],
      ['names of time', timeSign, 'name', 'time TIME Time', {}],
      [
        'names of a depth',
        verticalSign,
        'name',
        'depth height altitude DEPTH',
        { dimensions: ['j'] },
      ],
      ['directions', verticalSign, 'positive', 'up down UP Down', {}],
      [
        'pressures',
        verticalSign,
        'units',
        'bar bars millibar millibars decibar decibars dbar mbar mb atm atmosphere pa hpa kpa pascal pascals hectopascal hectopascals kilopascal kilopascals Pa',
        {},
      ],
      [
        'standard names of depths',
        verticalSign,
        'standard_name',
        'depth height altitude depth_below_geoid height_above_x altitude_above_x depth_above_x height_below_x altitude_below_x depth_below_x',
        {},
      ],
      [
        'standard names of levels',
        verticalSign,
        'standard_name',
        'air_pressure sea_water_pressure model_level_number atmosphere_coordinate ocean_coordinate atmosphere_sigma_coordinate ocean_s_coordinate_g1 ocean_s_coordinate_g2',
        {},
      ],
    ],
  )('evidence is a whole word: %s', (_, sign, attribute, words, more) => {
    for (const word of words.split(' ')) {
      expect(strength(sign, { ...more, [attribute]: word }), word).toBeGreaterThan(0);
      for (const other of [`x${word}`, `${word}-`]) {
        expect(strength(sign, { ...more, [attribute]: other }), other).toBe(0);
      }
    }
  });

  it('places of one dimension have no more evidence if data names them', () => {
    const place = { name: 'glat', dimensions: ['j'], units: 'degrees_north' };
    expect(strength(latitudeSign, place, 'glat')).toBe(strength(latitudeSign, place));
    const along = { name: 'lat', units: 'degrees_north' };
    const strengths = [
      ['lat', 'k'],
      ['k', 'lat'],
      ['j', 'k'],
    ].map((dimensions) => strength(latitudeSign, { ...along, dimensions }));
    expect(new Set(strengths).size).toBe(1);
    const own = { name: 'glat', units: 'degrees_north' };
    expect(strength(latitudeSign, own, 'glat')).toBe(strength(latitudeSign, own));
  });

  it.each<[string, Sign, Sketch, string, Sketch]>([
    [
      'a standard name than units, a name and an axis',
      latitudeSign,
      { dimensions: ['j'], standard_name: 'latitude' },
      '',
      { name: 'lat', units: 'degrees_north' },
    ],
    [
      'units than a name',
      latitudeSign,
      { dimensions: ['j'], units: 'degrees_north' },
      '',
      { name: 'lat' },
    ],
    [
      'two-dimensional places that data names than those of its axes',
      longitudeSign,
      { name: 'glon', dimensions: ['j', 'i'], units: 'degrees_east' },
      'glat glon',
      { units: 'degrees_east' },
    ],
    [
      'places of an axis than two-dimensional ones that no data names',
      longitudeSign,
      { units: 'degrees_east' },
      'glat',
      { name: 'glon', dimensions: ['j', 'i'], units: 'degrees_east' },
    ],
    [
      'the standard name of time than units and a name',
      timeSign,
      { dimensions: ['j'], standard_name: 'time' },
      '',
      { name: 'time', units: 'days since 2000-01-01' },
    ],
    [
      'units of time than a name',
      timeSign,
      { dimensions: ['j'], units: 'days since 2000-01-01' },
      '',
      { name: 'time' },
    ],
    [
      'a time along its own dimension than another one',
      timeSign,
      { units: 'days since 2000-01-01' },
      '',
      { dimensions: ['j'], units: 'days since 2000-01-01' },
    ],
    [
      'depths in metres than levels along an axis',
      verticalSign,
      { dimensions: ['j'], standard_name: 'depth', units: 'm' },
      '',
      { axis: 'Z' },
    ],
    [
      'depths along an axis than others',
      verticalSign,
      { name: 'depth', units: 'm' },
      '',
      { name: 'height', dimensions: ['j'], units: 'm' },
    ],
  ])('there is more evidence in %s', (_, sign, stronger, coordinates, weaker) => {
    expect(strength(sign, stronger, coordinates)).toBeGreaterThan(
      strength(sign, weaker, coordinates),
    );
  });
});
