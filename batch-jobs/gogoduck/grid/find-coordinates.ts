import { JobError } from '../job-error.ts';
import { type Attributes, textOf } from '../netcdf/attributes.ts';
import type { Variable } from '../netcdf/netcdf-file.ts';
import {
  latitudeSign,
  longitudeSign,
  type Sign,
  timeSign,
  verticalSign,
} from './coordinate-signs.ts';
import type { Header } from './header.ts';
import { timeAxes } from './time-axes.ts';

/** Where the cells of a grid are. */
export interface Places {
  /**
   * Latitude and longitude each have their own dimension (or no dimension, for a single place), or share two
   * dimensions: a curvilinear grid.
   */
  readonly latitude: Variable;
  readonly longitude: Variable;
}

/** The variables that say when and where the cells of a file are. */
export interface Coordinates extends Places {
  /** Along one dimension; missing in files without a time (a bathymetry). */
  readonly time?: Variable;
  /** A vertical coordinate along one dimension, or of all data; in metres if there is one. */
  readonly vertical?: Variable;
  /** Coordinates along further dimensions, for example of staggered grids. */
  readonly others: {
    readonly latitudes: readonly Variable[];
    readonly longitudes: readonly Variable[];
    readonly curvilinear: readonly Places[];
    readonly verticals: readonly Variable[];
    /** Time axes that files are not joined along, for example of monthly data beside daily data. */
    readonly times: readonly Variable[];
  };
}

/**
 * Finds the coordinates of a file by the rules of the CF conventions, and otherwise by their names.
 *
 * Source: CF conventions 1.11, chapters 4 "Coordinate Types" and 5 "Coordinate Systems and Domain".
 *
 * @throws {JobError} if the file has no latitudes and longitudes of a grid
 */
export function findCoordinates(header: Header): Coordinates {
  const ranked = candidates(header, timeSign).filter(({ dimensions }) => dimensions.length <= 1);
  const latitudes = candidates(header, latitudeSign);
  const longitudes = candidates(header, longitudeSign);
  const places = bestPair(latitudes, longitudes);
  const latitude = places?.latitude ?? latitudes[0];
  const longitude = places?.longitude ?? longitudes[0];
  if (!latitude || !longitude) {
    const [missing, unit] = latitude ? ['longitude', 'east'] : ['latitude', 'north'];
    throw new JobError(
      'badData',
      `File "${header.name}" has no ${missing}: no variable has standard_name "${missing}", units "degrees_${unit}" or that name.`,
    );
  }
  const horizontal = new Set([...latitude.dimensions, ...longitude.dimensions]);
  const elsewhere = otherPlaces(header, latitudes, longitudes, horizontal);
  const grids = { latitude, longitude, others: elsewhere };
  const axes = timeAxes(header, ranked, (variable) => isOnGrid(grids, variable), horizontal);
  const [time = ranked[0]] = axes;
  // A single instant without a dimension is not an axis to join files along.
  const [timeDimension] = time?.dimensions ?? [];
  const moving = [latitude, longitude].find(
    ({ dimensions }) => timeDimension !== undefined && dimensions.includes(timeDimension),
  );
  if (moving) {
    throw new JobError(
      'badData',
      `File "${header.name}" has positions that vary with time (${inWords(moving)}), as a swath or a track has; allowed: grids whose cells stay where they are.`,
    );
  }
  if (!places) {
    throw new JobError(
      'badData',
      `File "${header.name}" is no grid: it has ${inWords(latitude)} and ${inWords(longitude)}; allowed: a dimension each, or two that they share.`,
    );
  }
  const taken = new Set([...horizontal, ...(timeDimension === undefined ? [] : [timeDimension])]);
  const [vertical, ...verticals] = verticalsOf(header, taken);
  return {
    ...(time && timeDimension !== undefined ? { time } : {}),
    ...places,
    ...(vertical ? { vertical } : {}),
    others: { ...elsewhere, verticals, times: axes.slice(1) },
  };
}

/** The time of a file that has a single time, without a dimension. */
export function scalarTime(header: Header): Variable | undefined {
  const [time] = candidates(header, timeSign);
  return time?.dimensions.length === 0 ? time : undefined;
}

/** Dimensions that locate a cell, of all grids of the file. */
export function horizontalDimensions({ latitude, longitude, others }: Coordinates): Set<string> {
  const all = [latitude, longitude, ...others.latitudes, ...others.longitudes];
  const bent = others.curvilinear.map((places) => places.latitude);
  return new Set([...all, ...bent].flatMap(({ dimensions }) => dimensions));
}

/** The grids of a file, regardless of further dimensions of its data. */
interface Grids extends Places {
  readonly others: Pick<Coordinates['others'], 'latitudes' | 'longitudes' | 'curvilinear'>;
}

/** Whether a variable has one value per cell of a grid. Always true for a place without dimensions. */
export function isOnGrid(
  { latitude, longitude, others }: Grids,
  { dimensions }: Variable,
): boolean {
  const has = (variable: Variable) =>
    variable.dimensions.every((each) => dimensions.includes(each));
  return (
    others.curvilinear.some((places) => has(places.latitude)) ||
    ([latitude, ...others.latitudes].some(has) && [longitude, ...others.longitudes].some(has))
  );
}

/** All variables that locate cells. */
export function placingVariables({ latitude, longitude, vertical, others }: Coordinates) {
  return [
    latitude,
    longitude,
    ...(vertical ? [vertical] : []),
    ...others.latitudes,
    ...others.longitudes,
    ...others.curvilinear.flatMap((places) => [places.latitude, places.longitude]),
    ...others.verticals,
  ];
}

/** Variables with a positive sign, the most likely first. */
function candidates(header: Header, sign: Sign): Variable[] {
  const bounds = boundsOf(header);
  return [...header.variables.values()]
    .filter(({ name }) => !bounds.has(name))
    .map((variable) => ({ variable, score: sign(header, variable) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ variable }) => variable);
}

/** The most likely latitude that forms a grid with a longitude. */
function bestPair(
  latitudes: readonly Variable[],
  longitudes: readonly Variable[],
): Places | undefined {
  for (const latitude of latitudes) {
    const longitude = longitudes.find((other) => isGrid(latitude, other));
    if (longitude) return { latitude, longitude };
  }
  return undefined;
}

function isGrid(latitude: Variable, longitude: Variable): boolean {
  const rank = latitude.dimensions.length;
  if (rank !== longitude.dimensions.length) return rank <= 1 && longitude.dimensions.length <= 1;
  if (rank === 2) {
    return latitude.dimensions.every((name, axis) => name === longitude.dimensions[axis]);
  }
  return rank === 0 || (rank === 1 && latitude.dimensions[0] !== longitude.dimensions[0]);
}

/**
 * Coordinates of further grids beside the first, for example of the staggered components of a current.
 * Latitudes and longitudes that share one dimension, as for stations, do not form a grid.
 */
function otherPlaces(
  header: Header,
  latitudes: readonly Variable[],
  longitudes: readonly Variable[],
  known: ReadonlySet<string>,
) {
  const isOther = ({ dimensions }: Variable) =>
    dimensions.length === 1 && !known.has(dimensions[0] as string);
  const others = firstPerDimensions(latitudes.filter(isOther));
  const along = firstPerDimensions(longitudes.filter(isOther));
  const dimensionsOf = (variables: readonly Variable[]) =>
    new Set(variables.flatMap(({ dimensions }) => dimensions));
  const [rows, columns] = [dimensionsOf(others), dimensionsOf(along)];
  const isData = (variable: Variable, own: string, across: (name: string) => boolean) =>
    variable.dimensions.includes(own) && variable.dimensions.some(across);
  const variables = [...header.variables.values()];
  const isOfData = (own: string, across: ReadonlySet<string>) =>
    variables.some((variable) =>
      isData(variable, own, (name) => name !== own && (across.has(name) || known.has(name))),
    );
  const curvilinear = firstPerDimensions(
    latitudes.filter(
      ({ dimensions }) => dimensions.length === 2 && dimensions.some((name) => !known.has(name)),
    ),
  ).flatMap((latitude): Places[] => {
    const longitude = longitudes.find((other) => isGrid(latitude, other));
    return longitude ? [{ latitude, longitude }] : [];
  });
  return {
    latitudes: others.filter(
      ({ dimensions: [own = ''] }) => !columns.has(own) && isOfData(own, columns),
    ),
    longitudes: along.filter(({ dimensions: [own = ''] }) => !rows.has(own) && isOfData(own, rows)),
    curvilinear,
  };
}

/**
 * Vertical coordinates, the most likely for each dimension; one without a dimension only if there is no
 * other.
 */
function verticalsOf(header: Header, taken: ReadonlySet<string>): Variable[] {
  const found = candidates(header, verticalSign).filter(
    ({ dimensions }) => !dimensions.some((name) => taken.has(name)),
  );
  const along = firstPerDimensions(found.filter(({ dimensions }) => dimensions.length === 1));
  const [scalar] = found.filter(({ dimensions }) => dimensions.length === 0);
  return along.length > 0 || !scalar ? along : [scalar];
}

function firstPerDimensions(variables: readonly Variable[]): Variable[] {
  const found = new Map<string, Variable>();
  for (const variable of variables) {
    const key = variable.dimensions.join(' ');
    if (!found.has(key)) found.set(key, variable);
  }
  return [...found.values()];
}

/** Names of the variables that contain the bounds of other variables' cells. */
export function boundsOf(header: Header): ReadonlySet<string> {
  const names = [...header.variableAttributes.values()].map(boundsName);
  return new Set(names.filter((name) => name !== undefined));
}

/** Source: CF conventions 1.11, sections 7.1 "Cell Boundaries" and 7.4 "Climatological Statistics". */
export function boundsName(attributes: Attributes): string | undefined {
  return textOf(attributes.get('bounds')) ?? textOf(attributes.get('climatology'));
}

function inWords({ name, dimensions }: Variable): string {
  return `${name}(${dimensions.join(', ')})`;
}
