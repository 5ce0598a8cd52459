import type { NetcdfSketch, VariableSketch } from './make-netcdf.ts';

export interface GridSketch {
  /** Values of the time coordinate, in `units`. */
  readonly times: readonly number[];
  readonly units?: string;
  readonly latitudes?: readonly number[];
  readonly longitudes?: readonly number[];
  /** Variables to add, or to replace those of the same name. */
  readonly variables?: Readonly<Record<string, VariableSketch>>;
  /** Dimensions to add. */
  readonly dimensions?: Readonly<Record<string, number>>;
  readonly attributes?: NetcdfSketch['attributes'];
  /** The value of `temperature` in cell `index`. */
  readonly temperature?: (index: number) => number;
}

export const latitudes = [-40, -39, -38, -37];
export const longitudes = [140, 141, 142];

/** A file with a small grid: `temperature(time, lat, lon)` as float, with rising latitudes. */
export function gridSketch(sketch: GridSketch): NetcdfSketch {
  const { times, units = 'hours since 2020-01-01' } = sketch;
  const lat = sketch.latitudes ?? latitudes;
  const lon = sketch.longitudes ?? longitudes;
  const cells = times.length * lat.length * lon.length;
  const temperature = sketch.temperature ?? ((index: number) => index);
  return {
    dimensions: { time: -times.length, lat: lat.length, lon: lon.length, ...sketch.dimensions },
    attributes: sketch.attributes ?? {},
    variables: {
      time: {
        type: 'double',
        dimensions: ['time'],
        values: times,
        attributes: { standard_name: 'time', units },
      },
      lat: {
        type: 'double',
        dimensions: ['lat'],
        values: lat,
        attributes: { standard_name: 'latitude', units: 'degrees_north' },
      },
      lon: {
        type: 'double',
        dimensions: ['lon'],
        values: lon,
        attributes: { standard_name: 'longitude', units: 'degrees_east' },
      },
      temperature: {
        type: 'float',
        dimensions: ['time', 'lat', 'lon'],
        values: Array.from({ length: cells }, (_, index) => temperature(index)),
        attributes: { units: 'degree_Celsius' },
      },
      ...sketch.variables,
    },
  };
}
