import { textOf } from '../netcdf/attributes.ts';
import type { Variable } from '../netcdf/netcdf-file.ts';
import { isNumeric } from '../netcdf/types.ts';
import { attributesOf, type Header } from './header.ts';
import { metresPer } from './length-units.ts';
import { isTimeUnit } from './time-units.ts';

/** How strong the evidence is that a variable is a coordinate of a kind; 0 if it is not one. */
export type Sign = (header: Header, variable: Variable) => number;

/**
 * Weights of the evidence, the strongest first. An `axis` alone proves nothing: y in kilometres has one as
 * well.
 */
const sure = 16;
const likely = 8;
const named = 2;
const isLikelier = 1;

const latitudeSigns = {
  standardName: 'latitude',
  units: /^degrees?_?(north|n)$/i,
  name: /^(nav_)?(lat|latitude)$/i,
} as const;

const longitudeSigns = {
  standardName: 'longitude',
  units: /^degrees?_?(east|e)$/i,
  name: /^(nav_)?(lon|long|longitude)$/i,
} as const;

/** Source: CF conventions 1.11, section 4.1 "Latitude Coordinate". */
export const latitudeSign: Sign = (header, variable) => placeSign(header, variable, latitudeSigns);

/** Source: CF conventions 1.11, section 4.2 "Longitude Coordinate". */
export const longitudeSign: Sign = (header, variable) =>
  placeSign(header, variable, longitudeSigns);

function placeSign(
  header: Header,
  variable: Variable,
  { standardName, units, name }: typeof latitudeSigns | typeof longitudeSigns,
): number {
  if (!isNumeric(variable.type)) return 0;
  const text = textsOf(header, variable);
  const unit = text('units');
  const own = text('standard_name').toLowerCase();
  // Coordinates on a rotated sphere, or on a map, are neither north nor east.
  if (/^(grid_|projection_)/.test(own) || isTurned(header, variable, own)) return 0;
  const isDegrees = units.test(unit);
  // A contradicting unit outweighs all other evidence.
  if (!isDegrees && !/^(deg(rees?)?|°|)$/i.test(unit)) return 0;
  const score =
    (own === standardName ? sure : 0) +
    (isDegrees ? likely : 0) +
    (name.test(variable.name) ? named : 0);
  if (score === 0) return 0;
  // Two-dimensional positions that data references are true; those along its dimensions may be nominal.
  if (isNamedByData(header, variable)) return score + named;
  return score + (isCoordinateVariable(variable) ? isLikelier : 0);
}

/** Source: CF conventions 1.11, chapter 5, attribute `coordinates`. */
function isNamedByData(header: Header, { name, dimensions }: Variable): boolean {
  if (dimensions.length !== 2) return false;
  return [...header.variableAttributes.values()].some((attributes) =>
    textOf(attributes.get('coordinates'))?.split(/\s/).includes(name),
  );
}

/**
 * Coordinate variables of data with a rotated pole are not latitudes and longitudes, whatever their units.
 *
 * Source: CF conventions 1.11, appendix F "Grid Mappings", "Rotated pole".
 */
function isTurned(header: Header, variable: Variable, standardName: string): boolean {
  if (!isCoordinateVariable(variable) || /^(latitude|longitude)$/.test(standardName)) return false;
  return [...header.variables.values()].some((data) => {
    if (!data.dimensions.includes(variable.name)) return false;
    const mapping = textsOf(header, data)('grid_mapping').split(/[\s:]/)[0] ?? '';
    const kind = textOf(header.variableAttributes.get(mapping)?.get('grid_mapping_name'));
    return kind?.trim() === 'rotated_latitude_longitude';
  });
}

/** Source: CF conventions 1.11, section 4.4 "Time Coordinate". */
export const timeSign: Sign = (header, variable) => {
  if (!isNumeric(variable.type)) return 0;
  const text = textsOf(header, variable);
  const own = text('standard_name').toLowerCase();
  // Of the times of a forecast, the one that the forecast is for.
  if (own !== '' && own !== 'time') return 0;
  const score =
    (own === 'time' ? sure : 0) +
    (isTimeUnit(text('units')) ? likely : 0) +
    (/^time$/i.test(variable.name) ? named : 0);
  return score === 0 ? 0 : score + (isCoordinateVariable(variable) ? isLikelier : 0);
};

const pressures =
  /^(milli|deci|centi)?bars?$|^(dbar|mbar|mb|atm|atmosphere|h?pa|kpa|(hecto|kilo)?pascals?)$/i;
const lengthNames =
  /^(depth|height|altitude|depth_below_geoid|(height|altitude|depth)_(above|below)_\w+)$/;
const verticalNames =
  /^(air_pressure|sea_water_pressure|model_level_number|(atmosphere|ocean)_\w*coordinate(_g[12])?)$/;

/**
 * A vertical coordinate. Metres are preferred to other units.
 *
 * Source: CF conventions 1.11, section 4.3 "Vertical (Height or Depth) Coordinate".
 */
export const verticalSign: Sign = (header, variable) => {
  if (!isNumeric(variable.type)) return 0;
  const text = textsOf(header, variable);
  const own = text('standard_name').toLowerCase();
  const units = text('units');
  const isLength = metresPer(units) !== undefined;
  const isCoordinate = isCoordinateVariable(variable);
  const isVertical =
    lengthNames.test(own) ||
    verticalNames.test(own) ||
    /^(up|down)$/i.test(text('positive')) ||
    (isCoordinate && (pressures.test(units) || text('axis').toUpperCase() === 'Z')) ||
    /^(depth|height|altitude)$/i.test(variable.name);
  if (!isVertical) return 0;
  return (isLength ? likely : 0) + (isCoordinate ? named : 0) + isLikelier;
};

/** Whether a variable gives the positions along the dimension of its own name. */
export function isCoordinateVariable({ name, dimensions }: Variable): boolean {
  return dimensions.length === 1 && dimensions[0] === name;
}

function textsOf(header: Header, variable: Variable): (name: string) => string {
  const attributes = attributesOf(header, variable);
  return (name) => textOf(attributes.get(name))?.trim() ?? '';
}
