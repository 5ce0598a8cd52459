import { isCoordinateVariable } from '../grid/coordinate-signs.ts';
import {
  boundsName,
  type Coordinates,
  findCoordinates,
  placingVariables,
} from '../grid/find-coordinates.ts';
import { attributesOf, type Header, withoutVariables } from '../grid/header.ts';
import { readStored, unpacked } from '../grid/read-coordinate.ts';
import { type Cells, piecesOf, selectCells } from '../grid/select-cells.ts';
import type { Attributes } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import type { Subset } from '../subset.ts';
import { type Claim, type Extent, extentOfCells } from './cell-extents.ts';
import { type Encoding, encodingOf } from './encodings.ts';
import { readStorage, type Storage } from './storage.ts';

/**
 * The first file that has data in the subset. All others must be of its kind. Variables that do not vary with
 * time are copied from it.
 */
export interface Template {
  /** Without the variables that are left out. */
  readonly header: Header;
  /** Variables that are left out, and why. */
  readonly leftOut: ReadonlyMap<string, string>;
  readonly coordinates: Coordinates;
  readonly cells: Cells;
  /** The dimension along which files are joined, if there is one. */
  readonly timeDimension: string | undefined;
  /** The variables that vary with time, and their encodings by name. */
  readonly varying: readonly Variable[];
  readonly encodings: ReadonlyMap<string, Encoding>;
  /** Names of all variables of the file, including those left out or not requested. */
  readonly known: ReadonlySet<string>;
  /** Dimensions that only texts have. */
  readonly textDimensions: ReadonlySet<string>;
  /**
   * Coordinates except time, which are the same in all files, and their values in the wanted cells by name.
   */
  readonly placing: readonly Variable[];
  readonly positions: ReadonlyMap<string, Positions>;
  /** Extents of the cells along the spatial coordinates, by name. */
  readonly extents: ReadonlyMap<string, Extent>;
  /** How variables are stored, by name. */
  readonly storage: ReadonlyMap<string, Storage>;
}

export interface Positions {
  readonly stored: Uint8Array;
  /** Unpacked; texts have no such values. */
  readonly values: Float64Array;
  readonly texts?: readonly string[];
  readonly attributes: Attributes;
}

export function readTemplate(file: NetcdfFile, whole: Header, subset: Subset): Template {
  const coordinates = findCoordinates(whole);
  const cells = selectCells(file, whole, coordinates, subset);
  const times = new Set(coordinates.others.times.flatMap(({ dimensions }) => dimensions));
  const leftOut = new Map(
    [...whole.variables.values()].flatMap(({ name, dimensions }) => {
      const empty = dimensions.find((dimension) => cells.empty.has(dimension));
      if (empty === undefined) return [];
      const what = times.has(empty) ? `step of its time axis ${empty}` : 'cell of its grid';
      return [[name, `no ${what} is in the subset`] as const];
    }),
  );
  const header = withoutVariables(whole, leftOut);
  const [timeDimension] = coordinates.time?.dimensions ?? [];
  const varying = [...header.variables.values()].filter(
    ({ dimensions }) => timeDimension !== undefined && dimensions.includes(timeDimension),
  );
  const placing = alikeVariables(header, coordinates, timeDimension);
  const attributes = (variable: Variable) => attributesOf(header, variable);
  return {
    header,
    leftOut,
    coordinates,
    cells,
    timeDimension,
    varying,
    encodings: readEncodings(varying, coordinates, header, attributes),
    placing,
    storage: readStorage(file, header.variables.values()),
    extents: new Map(
      placingVariables(coordinates)
        .filter(({ name }) => header.variables.has(name))
        .map((variable) => {
          const claim = claimOf(variable, coordinates);
          return [variable.name, extentOfCells(file, header, variable, cells, claim)];
        }),
    ),
    known: new Set([...file.variables.keys(), ...file.unread.keys()]),
    textDimensions: textDimensions(header),
    positions: new Map(
      placing.map((variable) => [
        variable.name,
        positionsOf(file, variable, attributes(variable), cells),
      ]),
    ),
  };
}

/** The attributes that state the extent of a file's data (ACDD 1.3). */
function claimOf(variable: Variable, { latitude, longitude }: Coordinates): Claim | undefined {
  const axis = variable === latitude ? 'lat' : variable === longitude ? 'lon' : undefined;
  return axis && { minimum: `geospatial_${axis}_min`, maximum: `geospatial_${axis}_max` };
}

/** Spatial coordinates, and coordinates along all dimensions except the time that files are joined along. */
function alikeVariables(
  header: Header,
  coordinates: Coordinates,
  timeDimension: string | undefined,
): Variable[] {
  const placing = new Set(
    [...placingVariables(coordinates), ...coordinates.others.times].map(({ name }) => name),
  );
  return [...header.variables.values()].filter(
    (variable) =>
      placing.has(variable.name) ||
      (isCoordinateVariable(variable) && variable.name !== timeDimension),
  );
}

function textDimensions({ variables }: Header): Set<string> {
  const all = [...variables.values()];
  const lengths = all.flatMap(({ type, dimensions }) =>
    type === 'char' ? dimensions.slice(-1) : [],
  );
  const others = new Set(
    all.flatMap(({ type, dimensions }) => (type === 'char' ? dimensions.slice(0, -1) : dimensions)),
  );
  return new Set(lengths.filter((name) => !others.has(name)));
}

function positionsOf(
  file: NetcdfFile,
  variable: Variable,
  attributes: Attributes,
  cells: Cells,
): Positions {
  if (variable.type === 'string') {
    const whole = { start: variable.shape.map(() => 0), count: variable.shape };
    const texts = file.readStrings(variable, whole);
    return { stored: new Uint8Array(), values: new Float64Array(), texts, attributes };
  }
  const stored = readStored(file, variable, piecesOf(variable, cells));
  const values =
    variable.type === 'char' ? new Float64Array() : unpacked(variable, attributes, stored);
  return { stored, values, attributes };
}

/**
 * Encodings of variables that vary with time.
 *
 * The bounds of the time coordinate are in its units, which they need not repeat (CF conventions 1.11,
 * section 7.1).
 *
 * @param attributes returns the attributes from which to read a variable's encoding
 */
export function readEncodings(
  varying: readonly Variable[],
  { time }: Coordinates,
  header: Header,
  attributes: (variable: Variable) => Attributes,
): Map<string, Encoding> {
  const own = new Map(varying.map((variable) => [variable.name, attributes(variable)]));
  const bounds = time && (boundsName(attributesOf(header, time)) ?? unnamedBounds(time, varying));
  const units = [...(own.get(time?.name ?? '') ?? [])].filter(
    ([name]) => name === 'units' || name === 'calendar',
  );
  return new Map(
    varying.map(({ name, type }) => {
      const inherited = name === bounds ? units : [];
      return [name, encodingOf(type, new Map([...inherited, ...(own.get(name) as Attributes)]))];
    }),
  );
}

/** Bounds that the time does not reference, found by their usual names. */
function unnamedBounds(time: Variable, varying: readonly Variable[]): string | undefined {
  const names = ['bnds', 'bounds'].map((ending) => `${time.name}_${ending}`.toLowerCase());
  return varying.find(
    ({ name, dimensions, shape }) =>
      names.includes(name.toLowerCase()) && dimensions.length === 2 && shape[1] === 2,
  )?.name;
}
