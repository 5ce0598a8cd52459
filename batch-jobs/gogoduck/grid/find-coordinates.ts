import { JobError } from '../job-error.ts';
import { type Attributes, textOf } from '../netcdf/attributes.ts';
import type { Variable } from '../netcdf/netcdf-file.ts';
import { isNumeric } from '../netcdf/types.ts';
import { attributesOf, type Header } from './header.ts';

/** The variables that say when and where the cells of a file are. */
export interface Coordinates {
  /** Along one dimension; files of one instant for ever (a bathymetry) have none. */
  readonly time?: Variable;
  /**
   * Latitude and longitude have a dimension each (or none, for one place), or share two: a
   * curvilinear grid.
   */
  readonly latitude: Variable;
  readonly longitude: Variable;
  /** Along one dimension, or scalar. */
  readonly depth?: Variable;
}

/** Signs by which a variable is known as a coordinate, the surest first. */
interface Signs {
  readonly standardNames: readonly string[];
  readonly units: RegExp;
  readonly axis: string;
  readonly names: RegExp;
  readonly maximumRank: number;
}

const signs = {
  time: {
    standardNames: ['time'],
    units: /\ssince\s/i,
    axis: 'T',
    names: /^time$/i,
    maximumRank: 1,
  },
  latitude: {
    standardNames: ['latitude'],
    units: /^degrees?_?(north|n)$/i,
    axis: 'Y',
    names: /^(lat|latitude)$/i,
    maximumRank: 2,
  },
  longitude: {
    standardNames: ['longitude'],
    units: /^degrees?_?(east|e)$/i,
    axis: 'X',
    names: /^(lon|long|longitude)$/i,
    maximumRank: 2,
  },
  depth: {
    standardNames: ['depth', 'height', 'altitude'],
    units: /^(?!)/,
    axis: 'Z',
    names: /^depth$/i,
    maximumRank: 1,
  },
} as const satisfies Readonly<Record<string, Signs>>;

/**
 * Finds the coordinates of a file by what the CF conventions say of them, and failing that by
 * their names.
 *
 * Source: CF conventions 1.11, chapter 4 "Coordinate Types".
 *
 * @throws {JobError} when the file has no latitudes and longitudes of a grid
 */
export function findCoordinates(header: Header): Coordinates {
  const latitude = find(header, signs.latitude);
  const longitude = find(header, signs.longitude);
  if (!latitude || !longitude) {
    const [missing, unit] = latitude ? ['longitude', 'east'] : ['latitude', 'north'];
    throw new JobError(
      'badData',
      `File "${header.name}" has no ${missing}: no variable has standard_name "${missing}", units "degrees_${unit}" or that name.`,
    );
  }
  if (!isGrid(latitude, longitude)) {
    throw new JobError(
      'badData',
      `File "${header.name}" is no grid: it has ${inWords(latitude)} and ${inWords(longitude)}; allowed: a dimension each, or two that they share.`,
    );
  }
  const time = find(header, signs.time);
  const depth = find(header, signs.depth, (variable) => isCoordinateVariable(variable));
  return {
    // One instant without a dimension is no axis to join files along.
    ...(time && time.dimensions.length === 1 ? { time } : {}),
    latitude,
    longitude,
    ...(depth ? { depth } : {}),
  };
}

/** Whether a variable gives the positions along the dimension of its own name. */
function isCoordinateVariable({ name, dimensions }: Variable): boolean {
  return dimensions.length === 1 && dimensions[0] === name;
}

function isGrid(latitude: Variable, longitude: Variable): boolean {
  const rank = latitude.dimensions.length;
  if (rank !== longitude.dimensions.length) return rank <= 1 && longitude.dimensions.length <= 1;
  if (rank === 2) {
    return latitude.dimensions.every((name, axis) => name === longitude.dimensions[axis]);
  }
  return rank === 0 || latitude.dimensions[0] !== longitude.dimensions[0];
}

function find(
  header: Header,
  { standardNames, units, axis, names, maximumRank }: Signs,
  isAllowed: (variable: Variable) => boolean = () => true,
): Variable | undefined {
  const bounds = boundsOf(header);
  let best: { variable: Variable; score: number } | undefined;
  for (const variable of header.variables.values()) {
    if (!isNumeric(variable.type) || variable.dimensions.length > maximumRank) continue;
    if (bounds.has(variable.name) || !isAllowed(variable)) continue;
    const text = (name: string) => textOf(attributesOf(header, variable).get(name))?.trim() ?? '';
    const isCoordinate = isCoordinateVariable(variable);
    const score =
      (standardNames.includes(text('standard_name')) ? 16 : 0) +
      (units.test(text('units')) ? 4 : 0) +
      (names.test(variable.name) ? 2 : 0) +
      (isCoordinate && text('axis').toUpperCase() === axis ? 8 : 0);
    if (score === 0) continue;
    // Among variables with the same signs the coordinate variable is meant.
    const total = score + (isCoordinate ? 1 : 0);
    if (!best || total > best.score) best = { variable, score: total };
  }
  return best?.variable;
}

/** Names of the variables that hold the bounds of another one's cells. */
export function boundsOf(header: Header): ReadonlySet<string> {
  const names = new Set<string>();
  for (const attributes of header.variableAttributes.values()) {
    const name = boundsName(attributes);
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** Source: CF conventions 1.11, sections 7.1 "Cell Boundaries" and 7.4 "Climatological Statistics". */
export function boundsName(attributes: Attributes): string | undefined {
  return textOf(attributes.get('bounds')) ?? textOf(attributes.get('climatology'));
}

function inWords({ name, dimensions }: Variable): string {
  return `${name}(${dimensions.join(', ')})`;
}
