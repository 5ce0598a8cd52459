import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Attribute, type Attributes, textAttribute } from './netcdf/attributes.ts';
import { type Hdf5, loadHdf5 } from './netcdf/hdf5-file.ts';
import { NetcdfWriter } from './netcdf/netcdf-writer.ts';
import { bytesOf, type NumericType, numbersOf } from './netcdf/types.ts';

export interface SampleLayer {
  /** Number of files, one per hour. */
  readonly files: number;
  readonly rows: number;
  readonly columns: number;
  /** Hour of the first file. */
  readonly start: Date;
}

const hour = 3_600_000;
const reference = Date.UTC(1981, 0, 1);

/** Kelvin per packed unit, and at 0. */
const scale = 0.01;
const offset = 273.15;
const missing = { temperature: -32768, quality: -128 } as const;

/** Corners of the area in degrees: the sea around Tasmania. */
const area = { south: -46, north: -38, west: 142, east: 152 } as const;

/**
 * Creates a layer for trials: hourly maps of sea surface temperature that follow the CF and ACDD conventions,
 * with an island, drifting clouds, a warm current and a daily cycle. The data is synthetic and always the
 * same.
 *
 * @param folder of the layer, created if it does not exist
 * @returns paths of the files
 */
export async function writeSampleLayer(
  folder: string,
  {
    files = 6,
    rows = 80,
    columns = 100,
    start = new Date('2024-01-15T00:00:00Z'),
  }: Partial<SampleLayer> = {},
): Promise<string[]> {
  const hdf5 = await loadHdf5();
  await mkdir(folder, { recursive: true });
  const paths: string[] = [];
  for (let index = 0; index < files; index++) {
    const at = new Date(start.getTime() + index * hour);
    const stamp = at.toISOString().replaceAll(/[-:]|\.000/g, '');
    const path = join(folder, `SAMPLE_SST_${stamp}.nc`);
    await writeFile(hdf5, path, at, { rows, columns });
    paths.push(path);
  }
  return paths;
}

async function writeFile(
  hdf5: Hdf5,
  path: string,
  at: Date,
  { rows, columns }: Pick<SampleLayer, 'rows' | 'columns'>,
): Promise<void> {
  const latitudes = positions(area.north, area.south, rows);
  const longitudes = positions(area.west, area.east, columns);
  const { temperature, quality } = temperatures(at, latitudes, longitudes);
  const grid = { dimensions: ['time', 'lat', 'lon'], chunk: [1, rows, columns] };
  const axis = (name: string, size: number) => ({ dimensions: [name], chunk: [size] });
  const writer = new NetcdfWriter(hdf5, path, {
    dimensions: [
      { name: 'time', size: 1, unlimited: true },
      { name: 'lat', size: rows, unlimited: false },
      { name: 'lon', size: columns, unlimited: false },
    ],
    attributes: attributesOf(at, latitudes, longitudes),
    variables: [
      {
        name: 'time',
        type: 'int',
        ...axis('time', 1),
        attributes: described('time', 'time', 'seconds since 1981-01-01 00:00:00', {
          calendar: textAttribute('gregorian'),
          axis: textAttribute('T'),
        }),
      },
      {
        name: 'lat',
        type: 'float',
        ...axis('lat', rows),
        attributes: described('latitude', 'latitude', 'degrees_north', {
          axis: textAttribute('Y'),
        }),
      },
      {
        name: 'lon',
        type: 'float',
        ...axis('lon', columns),
        attributes: described('longitude', 'longitude', 'degrees_east', {
          axis: textAttribute('X'),
        }),
      },
      {
        name: 'sea_surface_temperature',
        type: 'short',
        ...grid,
        attributes: described('sea_surface_temperature', 'sea surface temperature', 'kelvin', {
          _FillValue: numbers('short', missing.temperature),
          scale_factor: numbers('double', scale),
          add_offset: numbers('double', offset),
          valid_min: numbers('short', -300),
          valid_max: numbers('short', 4500),
          ancillary_variables: textAttribute('quality_level'),
          cell_methods: textAttribute('time: point'),
        }),
      },
      {
        name: 'quality_level',
        type: 'byte',
        ...grid,
        attributes: new Map<string, Attribute>([
          ['_FillValue', numbers('byte', missing.quality)],
          ['standard_name', textAttribute('sea_surface_temperature status_flag')],
          ['long_name', textAttribute('quality level of the temperature')],
          ['flag_values', numbers('byte', 0, 1, 2)],
          ['flag_meanings', textAttribute('no_data near_cloud clear')],
        ]),
      },
    ],
  });
  const seconds = (at.getTime() - reference) / 1000;
  const line = (length: number) => ({ start: [0], count: [length] });
  const map = { start: [0, 0, 0], count: [1, rows, columns] };
  await writer.write('time', line(1), bytesOf(Int32Array.of(seconds)));
  await writer.write('lat', line(rows), bytesOf(latitudes));
  await writer.write('lon', line(columns), bytesOf(longitudes));
  await writer.write('sea_surface_temperature', map, bytesOf(temperature));
  await writer.write('quality_level', map, bytesOf(quality));
  await writer.close();
}

/** Packed temperatures, row by row, and their quality. */
function temperatures(
  at: Date,
  latitudes: Float32Array,
  longitudes: Float32Array,
): { temperature: Int16Array; quality: Int8Array } {
  const cells = latitudes.length * longitudes.length;
  const temperature = new Int16Array(cells).fill(missing.temperature);
  const quality = new Int8Array(cells).fill(missing.quality);
  const hours = (at.getTime() - reference) / hour;
  const daily = 0.4 * Math.sin(((hours - 4) / 24) * 2 * Math.PI);
  const random = noise(hours);
  for (let row = 0, cell = 0; row < latitudes.length; row++) {
    const north = latitudes[row] as number;
    for (let column = 0; column < longitudes.length; column++, cell++) {
      const east = longitudes[column] as number;
      const wobble = random();
      if (isLand(north, east)) continue;
      const cloud = cloudAt(north, east - hours * 0.05);
      quality[cell] = cloud > 1.1 ? 0 : cloud > 0.8 ? 1 : 2;
      if (quality[cell] === 0) continue;
      const eddies = Math.sin(east * 2.1 + hours * 0.02) * Math.cos(north * 2.7 - hours * 0.01);
      const celsius =
        16.5 + (north + 42) * 0.9 + currentAt(north, east) + 0.6 * eddies + daily + wobble * 0.1;
      temperature[cell] = Math.round((celsius + 273.15 - offset) / scale);
    }
  }
  return { temperature, quality };
}

/** Whether a place is on an island of about the size and position of Tasmania. */
function isLand(north: number, east: number): boolean {
  return ((north + 42.1) / 1.3) ** 2 + ((east - 146.6) / 1.7) ** 2 < 1;
}

/** A tongue of warm water that extends down the east coast. */
function currentAt(north: number, east: number): number {
  return 2.5 * Math.exp(-(((east - 149.5) / 0.9) ** 2)) * (1 / (1 + Math.exp(-(north + 42.5))));
}

function cloudAt(north: number, east: number): number {
  return Math.sin(east * 1.3) + Math.sin(north * 1.9 + east * 0.7) * 0.5;
}

/** Numbers from -1 to 1, the same for the same seed (a linear congruential generator). */
function noise(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

/** Centres of `count` cells between two edges. */
function positions(from: number, to: number, count: number): Float32Array {
  const step = (to - from) / count;
  return Float32Array.from({ length: count }, (_, index) => from + (index + 0.5) * step);
}

function attributesOf(at: Date, latitudes: Float32Array, longitudes: Float32Array): Attributes {
  const instant = at.toISOString().replace('.000Z', 'Z');
  return new Map<string, Attribute>([
    ['Conventions', textAttribute('CF-1.8, ACDD-1.3')],
    ['title', textAttribute('Sample of hourly sea surface temperature')],
    ['summary', textAttribute('Made up, to try a processing service on; no measurements.')],
    ['source', textAttribute('formula')],
    ['cdm_data_type', textAttribute('Grid')],
    ['license', textAttribute('http://creativecommons.org/publicdomain/zero/1.0/')],
    ['time_coverage_start', textAttribute(instant)],
    ['time_coverage_end', textAttribute(instant)],
    ['geospatial_lat_min', numbers('float', Math.min(...latitudes))],
    ['geospatial_lat_max', numbers('float', Math.max(...latitudes))],
    ['geospatial_lat_units', textAttribute('degrees_north')],
    ['geospatial_lon_min', numbers('float', Math.min(...longitudes))],
    ['geospatial_lon_max', numbers('float', Math.max(...longitudes))],
    ['geospatial_lon_units', textAttribute('degrees_east')],
    ['history', textAttribute(`${instant} made`)],
  ]);
}

function described(
  standardName: string,
  longName: string,
  units: string,
  more: Readonly<Record<string, Attribute>>,
): Attributes {
  // The fill value comes first, as in NetCDF's own library.
  const { _FillValue: fill, ...others } = more;
  return new Map<string, Attribute>([
    ...(fill ? [['_FillValue', fill] as const] : []),
    ['standard_name', textAttribute(standardName)],
    ['long_name', textAttribute(longName)],
    ['units', textAttribute(units)],
    ...Object.entries(others),
  ]);
}

function numbers(type: NumericType, ...values: number[]): Attribute {
  return { kind: 'numbers', type, values: numbersOf(type, values) };
}
