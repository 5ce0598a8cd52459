import { stat } from 'node:fs/promises';
import type { Coverage, CoverageVariable } from '../api/process-advice.ts';
import type { IndexedFile } from './file-index.ts';
import { boundsOf, findCoordinates } from './grid/find-coordinates.ts';
import { attributesOf, type Header, readHeader } from './grid/header.ts';
import { readCoordinate } from './grid/read-coordinate.ts';
import { readInstants } from './grid/read-instants.ts';
import { unwrapped } from './grid/select-longitudes.ts';
import { type Attributes, textOf } from './netcdf/attributes.ts';
import { loadHdf5 } from './netcdf/hdf5-file.ts';
import type { NetcdfFile, Variable } from './netcdf/netcdf-file.ts';
import { openNetcdf } from './netcdf/open-netcdf.ts';
import { sizeOf } from './netcdf/types.ts';

/** What the header of one file says about the grid of its layer. */
export interface Grid {
  /** Positions of rows and columns in degrees; empty for a curvilinear grid. */
  readonly latitudes: Float64Array;
  readonly longitudes: Float64Array;
  /** Bytes per cell and time step of each variable with latitude and longitude, by name. */
  readonly cellBytes: ReadonlyMap<string, number>;
  /** Names and standard names by which any of its variables may be requested. */
  readonly names: ReadonlySet<string>;
  /** Instants of the file's time steps, in milliseconds since 1970 (UTC). */
  readonly instants: readonly number[];
  readonly coverage: Coverage;
}

/** Grids of the most recently requested files, by path and time of change. */
const known = new Map<string, Grid>();
const mostKnown = 500;

/**
 * The grid of a file on this machine. While a person fills in a form, the same files are requested
 * repeatedly: each is read once, and again after a change.
 *
 * @throws {JobError} if the file cannot be read, or contains no grid
 */
export async function gridOf(path: string): Promise<Grid> {
  const { mtimeMs, size } = await stat(path);
  const key = `${path} ${mtimeMs} ${size}`;
  const grid = known.get(key) ?? (await readGrid(path));
  known.delete(key);
  known.set(key, grid);
  const [oldest] = known.keys();
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  return grid;
}

async function readGrid(path: string): Promise<Grid> {
  const file = await openNetcdf(await loadHdf5(), path);
  try {
    const header = readHeader(file);
    const { time, latitude, longitude, vertical } = findCoordinates(header);
    const values = (variable: Variable) =>
      readCoordinate(file, variable, attributesOf(header, variable));
    const [latitudes, longitudes] = [values(latitude), unwrapped(values(longitude))];
    const instants = time ? readInstants(file, time, attributesOf(header, time)).instants : [];
    const isCurvilinear = latitude.dimensions.length > 1;
    const variables = dataVariables(header, [latitude, longitude]);
    const [south, north] = hull(latitudes);
    const [west, east] = hull(longitudes);
    const spacing = isCurvilinear
      ? {}
      : { latitude: spacingOf(latitudes), longitude: spacingOf(longitudes) };
    const depths =
      vertical && isInMetres(header, vertical) ? depthsOf(file, header, vertical) : undefined;
    const text = (name: string) => textOf(header.attributes.get(name))?.trim() || undefined;
    return {
      latitudes: isCurvilinear ? new Float64Array() : latitudes,
      longitudes: isCurvilinear ? new Float64Array() : longitudes,
      cellBytes: cellBytes(header, variables, [time, latitude, longitude]),
      names: namesIn(header),
      instants,
      coverage: {
        bbox: [west, south, east, north],
        ...(depths ? { depth: depthRange(depths) } : {}),
        spacing: defined({
          ...spacing,
          time: stepOf(instants),
          depth: depths && spacingOf(depths),
        }),
        variables: variables.map((variable) => described(variable, attributesOf(header, variable))),
        ...defined({ licence: text('license'), citation: text('citation') }),
      },
    };
  } finally {
    file.close();
  }
}

function namesIn(header: Header): ReadonlySet<string> {
  return new Set(
    [...header.variables.values()].flatMap((variable) => [
      variable.name,
      textOf(attributesOf(header, variable).get('standard_name'))?.trim() || variable.name,
    ]),
  );
}

/** What a layer's files cover together, based on the first and the last file. */
export async function layerCoverage(files: readonly IndexedFile[]): Promise<Coverage> {
  const sizes = files.map(({ size }) => size);
  const bytes = sizes.every((size) => size !== undefined)
    ? sizes.reduce((sum, size) => sum + size, 0)
    : undefined;
  const counted = { files: files.length, ...(bytes === undefined ? {} : { bytes }) };
  const [first, last] = [files.at(0), files.at(-1)];
  if (!first || !last) return counted;
  if (!('path' in first.location) || !('path' in last.location)) {
    return { ...counted, ...instantsPeriod([first.time, last.time]) };
  }
  const grid = await gridOf(first.location.path);
  const lastInstants = first === last ? [] : (await gridOf(last.location.path)).instants;
  const [step, ...others] = [
    grid.coverage.spacing?.time,
    betweenFiles(grid.instants, files.length, lastInstants),
  ].filter((each) => each !== undefined);
  const time = step ?? others[0];
  return {
    ...counted,
    ...grid.coverage,
    ...(time === undefined ? {} : { spacing: { ...grid.coverage.spacing, time } }),
    ...instantsPeriod([...grid.instants, ...lastInstants]),
  };
}

/** Seconds from one file to the next, if each contains one step. */
function betweenFiles(
  first: readonly number[],
  files: number,
  last: readonly number[],
): number | undefined {
  const [start, end] = [first[0], last[0]];
  if (first.length !== 1 || files < 2 || start === undefined || end === undefined) return undefined;
  return Math.round((end - start) / (files - 1) / 1000);
}

/** From the first to the last known instant. */
export function instantsPeriod(
  instants: readonly (number | undefined)[],
): Pick<Coverage, 'period'> {
  const known = instants.filter((instant) => instant !== undefined);
  if (known.length === 0) return {};
  const iso = (instant: number) => new Date(instant).toISOString().replace('.000Z', 'Z');
  const [start, end] = known.reduce(
    ([least, most], instant) => [Math.min(least, instant), Math.max(most, instant)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  ) as [number, number];
  return { period: { start: iso(start), end: iso(end) } };
}

/** Variables that are on the grid, without those that only describe others. */
function dataVariables(header: Header, grid: readonly Variable[]): Variable[] {
  const needed = grid.flatMap(({ dimensions }) => dimensions);
  const bounds = boundsOf(header);
  return [...header.variables.values()].filter(
    (variable) =>
      !grid.includes(variable) &&
      !bounds.has(variable.name) &&
      needed.length > 0 &&
      needed.every((dimension) => variable.dimensions.includes(dimension)),
  );
}

function cellBytes(
  { dimensions }: Header,
  variables: readonly Variable[],
  [time, ...grid]: readonly [Variable | undefined, ...Variable[]],
): ReadonlyMap<string, number> {
  const counted = new Set([time, ...grid].flatMap((variable) => variable?.dimensions ?? []));
  return new Map(
    variables.map((variable) => {
      const others = variable.dimensions.filter((name) => !counted.has(name));
      const cells = others.reduce((count, name) => count * (dimensions.get(name)?.size ?? 1), 1);
      return [variable.name, variable.type === 'string' ? 0 : cells * sizeOf(variable.type)];
    }),
  );
}

/** Depths are requested in metres, so they do not cut a layer on pressures or model levels. */
function isInMetres(header: Header, vertical: Variable): boolean {
  const units = textOf(attributesOf(header, vertical).get('units')) ?? '';
  return /^(m|met(er|re)s?)$/i.test(units.trim());
}

function depthsOf(file: NetcdfFile, header: Header, depth: Variable): Float64Array {
  const attributes = attributesOf(header, depth);
  const values = readCoordinate(file, depth, attributes);
  const isUp = textOf(attributes.get('positive'))?.toLowerCase() === 'up';
  return isUp ? values.map((value) => -value) : values;
}

function depthRange(depths: Float64Array): NonNullable<Coverage['depth']> {
  const [shallowest, deepest] = hull(depths);
  return { shallowest, deepest };
}

function described({ name }: Variable, attributes: Attributes): CoverageVariable {
  const text = (attribute: string) => textOf(attributes.get(attribute))?.trim() || undefined;
  return {
    name,
    ...defined({
      title: text('long_name'),
      standardName: text('standard_name'),
      units: text('units'),
    }),
  };
}

function hull(values: Float64Array): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  // Positions are often stored in single precision, where the last digits are meaningless.
  return [Number(least.toPrecision(7)), Number(most.toPrecision(7))];
}

function spacingOf(values: Float64Array): number | undefined {
  if (values.length < 2) return undefined;
  const [least, most] = hull(values);
  return Number(((most - least) / (values.length - 1)).toPrecision(4));
}

/** Average number of seconds between time steps. */
function stepOf(instants: readonly number[]): number | undefined {
  const [first, last] = [instants.at(0), instants.at(-1)];
  if (instants.length < 2 || first === undefined || last === undefined) return undefined;
  return Math.round((last - first) / (instants.length - 1) / 1000);
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends Record<string, unknown>>(values: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}
