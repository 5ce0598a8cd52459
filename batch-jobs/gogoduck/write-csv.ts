import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { boundsOf, findCoordinates } from './grid/find-coordinates.ts';
import { attributesOf, type Header, readHeader } from './grid/header.ts';
import { timeUnitsOf } from './grid/read-instants.ts';
import { insideTest } from './grid/select-curvilinear.ts';
import { toInstant } from './grid/time-units.ts';
import { textOf } from './netcdf/attributes.ts';
import { blocksOf } from './netcdf/blocks.ts';
import type { Hdf5 } from './netcdf/hdf5-file.ts';
import { type Box, NetcdfFile, type Variable } from './netcdf/netcdf-file.ts';
import { isPacked, type Packing, packingOf, unpacker } from './netcdf/packing.ts';
import { isNumeric, mapNumbers, numbersIn } from './netcdf/types.ts';
import { isPoint, type Subset } from './subset.ts';

/** Rows that are made at once. */
const blockRows = 20_000;

/** Dimensions a row has an index along, the slowest first; undefined where the file has none. */
type GridDimensions = readonly [
  time: string | undefined,
  depth: string | undefined,
  row: string | undefined,
  column: string | undefined,
];

/** A column of the table. */
interface Column {
  readonly variable: Variable;
  readonly title: string;
  /** Texts of a block's cells, in the variable's own order. */
  readonly read: (block: Box) => readonly string[];
}

/**
 * Writes the grid of a NetCDF file as CSV (RFC 4180): a row a cell and time step, the time first,
 * then the place, then every variable that lies on the grid. The first row has the names and units;
 * values that are missing are empty.
 *
 * @param subset cells of a bent grid that lie outside it are left out
 */
export async function writeCsv(
  hdf5: Hdf5,
  from: string,
  to: string,
  subset: Subset,
): Promise<void> {
  const file = NetcdfFile.open(hdf5, from);
  try {
    await pipeline(Readable.from(linesOf(file, subset)), createWriteStream(to));
  } finally {
    file.close();
  }
}

function* linesOf(file: NetcdfFile, subset: Subset): Generator<string> {
  const header = readHeader(file);
  const { time, latitude, longitude, depth } = findCoordinates(header);
  const isBent = latitude.dimensions.length === 2;
  const dimensions: GridDimensions = [
    time?.dimensions[0],
    depth?.dimensions[0],
    latitude.dimensions[0],
    isBent ? latitude.dimensions[1] : longitude.dimensions[0],
  ];
  const places = [latitude, longitude, ...(depth ? [depth] : [])];
  const coordinates = [...(time ? [time] : []), ...places];
  const data = gridVariables(header, dimensions).filter(
    (variable) => !coordinates.includes(variable),
  );
  const columns = [
    ...(time ? [timeColumn(file, header, time, dimensions)] : []),
    ...[...places, ...data].map((variable) => column(file, header, variable, dimensions)),
  ];
  yield stringify([columns.map(({ title }) => title)]);

  const isInside = isBent && !isPoint(subset) ? insideTest(subset) : undefined;
  const [north, east] = time ? [1, 2] : [0, 1];
  const sizes = dimensions.map((name) => header.dimensions.get(name ?? '')?.size ?? 1);
  for (const block of blocksOf(sizes, blockRows)) {
    const cells = columns.map(({ variable, read }) => ({
      texts: read(block),
      strides: stridesOf(variable, dimensions, block),
    }));
    const rows = rowsOf(cells, block);
    const inside = isInside
      ? rows.filter((row) => isInside(Number(row[north]), Number(row[east])))
      : rows;
    yield stringify(inside);
  }
}

/** Variables with a number or a text for each cell, or for each row, column or time step. */
function gridVariables(header: Header, dimensions: GridDimensions): Variable[] {
  const bounds = boundsOf(header);
  return [...header.variables.values()].filter(
    (variable) =>
      variable.type !== 'char' &&
      variable.dimensions.length > 0 &&
      variable.dimensions.every((name) => dimensions.includes(name)) &&
      !bounds.has(variable.name),
  );
}

function column(
  file: NetcdfFile,
  header: Header,
  variable: Variable,
  dimensions: GridDimensions,
): Column {
  const attributes = attributesOf(header, variable);
  const units = textOf(attributes.get('units'));
  const title = units ? `${variable.name} (${units})` : variable.name;
  const packing = packingOf(variable.type, attributes);
  if (!isNumeric(variable.type) || !packing) {
    return {
      variable,
      title,
      read: (block) => file.readStrings(variable, boxOf(variable, dimensions, block)),
    };
  }
  const unpack = unpacker(packing);
  const format = formatOf(packing);
  return {
    variable,
    title,
    read: (block) => {
      const bytes = file.readBytes(variable, boxOf(variable, dimensions, block));
      return mapNumbers(numbersIn(packing.type, bytes), (stored) => {
        const value = unpack(stored);
        return Number.isNaN(value) ? '' : format(value);
      });
    },
  };
}

function timeColumn(
  file: NetcdfFile,
  header: Header,
  variable: Variable,
  dimensions: GridDimensions,
): Column {
  const attributes = attributesOf(header, variable);
  const units = timeUnitsOf(file.name, variable, attributes);
  const packing = packingOf(variable.type, attributes) as Packing;
  const unpack = unpacker(packing);
  return {
    variable,
    title: `${variable.name} (ISO 8601, UTC)`,
    read: (block) => {
      const bytes = file.readBytes(variable, boxOf(variable, dimensions, block));
      return mapNumbers(numbersIn(packing.type, bytes), (stored) =>
        new Date(toInstant(unpack(stored), units)).toISOString().replace('.000Z', 'Z'),
      );
    },
  };
}

/** As many digits as the value has in the precision it is kept in, and no more. */
function formatOf(packing: Packing): (value: number) => string {
  if (packing.unpackedType === 'float') return shortestFloat;
  return isPacked(packing) ? (value) => String(Number(value.toPrecision(15))) : String;
}

function shortestFloat(value: number): string {
  const float = Math.fround(value);
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === float) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}

/** The part of a variable that a block of rows needs. */
function boxOf({ dimensions }: Variable, grid: GridDimensions, { start, count }: Box) {
  const axes = dimensions.map((name) => grid.indexOf(name));
  return {
    start: axes.map((axis) => start[axis] ?? 0),
    count: axes.map((axis) => count[axis] ?? 1),
  };
}

/** How far apart neighbours along each of the grid's dimensions lie in a variable's box. */
function stridesOf({ dimensions }: Variable, grid: GridDimensions, { count }: Box): number[] {
  const strides = grid.map(() => 0);
  let stride = 1;
  for (const name of dimensions.toReversed()) {
    const axis = grid.indexOf(name);
    strides[axis] = stride;
    stride *= count[axis] ?? 1;
  }
  return strides;
}

function rowsOf(
  columns: readonly { texts: readonly string[]; strides: readonly number[] }[],
  { count }: Box,
): string[][] {
  const [steps = 1, levels = 1, rows = 1, cells = 1] = count;
  const table: string[][] = [];
  for (let step = 0; step < steps; step++) {
    for (let level = 0; level < levels; level++) {
      for (let row = 0; row < rows; row++) {
        for (let cell = 0; cell < cells; cell++) {
          table.push(
            columns.map(({ texts, strides: [t = 0, z = 0, y = 0, x = 0] }) => {
              return texts[step * t + level * z + row * y + cell * x] ?? '';
            }),
          );
        }
      }
    }
  }
  return table;
}
