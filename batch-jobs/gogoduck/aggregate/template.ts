import {
  boundsName,
  type Coordinates,
  findCoordinates,
  placingVariables,
} from '../grid/find-coordinates.ts';
import { attributesOf, type Header, withoutVariables } from '../grid/header.ts';
import { readStored, unpacked } from '../grid/read-coordinate.ts';
import { type Cells, selectCells } from '../grid/select-cells.ts';
import type { Attributes } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import type { Pieces } from '../netcdf/read-pieces.ts';
import type { Subset } from '../subset.ts';
import { type Encoding, encodingOf } from './encodings.ts';
import { readStorage, type Storage } from './storage.ts';

/**
 * The first file that has data in the subset: all others must be of its kind. What does not vary
 * with time is taken from it.
 */
export interface Template {
  /** Without the variables that are left out. */
  readonly header: Header;
  /** Variables that are left out, and why. */
  readonly leftOut: ReadonlyMap<string, string>;
  readonly coordinates: Coordinates;
  readonly cells: Cells;
  /** The dimension that files are joined along, where there is one. */
  readonly timeDimension: string | undefined;
  /** The variables that vary with time, and their encodings by name. */
  readonly varying: readonly Variable[];
  readonly encodings: ReadonlyMap<string, Encoding>;
  /** Latitude, longitude and depth, and their values in the wanted cells by name. */
  readonly placing: readonly Variable[];
  readonly positions: ReadonlyMap<string, Positions>;
  /** How variables are stored, by name. */
  readonly storage: ReadonlyMap<string, Storage>;
}

export interface Positions {
  readonly stored: Uint8Array;
  readonly values: Float64Array;
}

export function readTemplate(file: NetcdfFile, whole: Header, subset: Subset): Template {
  const coordinates = findCoordinates(whole);
  const cells = selectCells(file, whole, coordinates, subset);
  const leftOut = new Map(
    [...whole.variables.values()].flatMap(({ name, dimensions }) =>
      dimensions.some((dimension) => cells.empty.has(dimension))
        ? [[name, 'no cell of its grid is in the subset'] as const]
        : [],
    ),
  );
  const header = withoutVariables(whole, leftOut);
  const [timeDimension] = coordinates.time?.dimensions ?? [];
  const varying = [...header.variables.values()].filter(
    ({ dimensions }) => timeDimension !== undefined && dimensions.includes(timeDimension),
  );
  const placing = placingVariables(coordinates).filter(({ name }) => !leftOut.has(name));
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
    positions: new Map(
      placing.map((variable) => {
        const stored = readStored(file, variable, piecesOf(variable, cells));
        return [
          variable.name,
          { stored, values: unpacked(variable, attributes(variable), stored) },
        ];
      }),
    ),
  };
}

/** The wanted runs along each dimension of a variable. */
export function piecesOf({ dimensions, shape }: Variable, { ranges }: Cells): Pieces[] {
  return dimensions.map(
    (name, axis) => ranges.get(name) ?? [{ start: 0, count: shape[axis] ?? 0 }],
  );
}

/**
 * Encodings of variables that vary with time.
 *
 * The bounds of the time coordinate are in its units, which they need not repeat (CF conventions
 * 1.11, section 7.1).
 *
 * @param attributes gives those of each variable that an encoding is read from
 */
export function readEncodings(
  varying: readonly Variable[],
  { time }: Coordinates,
  header: Header,
  attributes: (variable: Variable) => Attributes,
): Map<string, Encoding> {
  const own = new Map(varying.map((variable) => [variable.name, attributes(variable)]));
  const bounds = time && boundsName(attributesOf(header, time));
  const units = [...(own.get(time?.name ?? '') ?? [])].filter(
    ([name]) => name === 'units' || name === 'calendar',
  );
  return new Map(
    varying.map(({ name, type }) => {
      const inherited = name === bounds ? units : [];
      return [name, encodingOf(type, new Map([...inherited, ...(own.get(name) ?? [])]))];
    }),
  );
}
