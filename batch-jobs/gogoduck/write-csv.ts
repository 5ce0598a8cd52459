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
import type { Box, NetcdfFile, Variable } from './netcdf/netcdf-file.ts';
import { openNetcdf } from './netcdf/open-netcdf.ts';
import { isPacked, type Packing, packingOf, unpacker } from './netcdf/packing.ts';
import { isNumeric, mapNumbers, numbersIn } from './netcdf/types.ts';
import { isPoint, type Subset } from './subset.ts';

/** Cells that are read at once, of each variable; and rows that are made text at once. */
const blockCells = 250_000;
const batchRows = 2_000;

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
  /** Reads a block; what it gives tells the text of each cell, in the variable's own order. */
  readonly read: (block: Box) => (cell: number) => string;
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
  const file = await openNetcdf(hdf5, from);
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
  let batch: string[][] = [];
  for (const block of blocksOf(sizes, blockCells)) {
    const cells = columns.map(({ variable, read }) => ({
      textOf: read(block),
      strides: stridesOf(variable, dimensions, block),
    }));
    for (const row of rowsOf(cells, block)) {
      if (isInside && !isInside(Number(row[north]), Number(row[east]))) continue;
      batch.push(row);
      if (batch.length < batchRows) continue;
      yield stringify(batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield stringify(batch);
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
      read: (block) => {
        const texts = file.readStrings(variable, boxOf(variable, dimensions, block));
        return (cell) => texts[cell] ?? '';
      },
    };
  }
  const unpack = unpacker(packing);
  const format = formatOf(packing);
  const isOnWholeGrid = dimensions.every(
    (name) => name === undefined || variable.dimensions.includes(name),
  );
  return {
    variable,
    title,
    read: (block) => {
      const bytes = file.readBytes(variable, boxOf(variable, dimensions, block));
      const stored = numbersIn(packing.type, bytes);
      const textOf = (cell: number) => {
        const value = unpack(Number(stored[cell]));
        return Number.isNaN(value) ? '' : format(value);
      };
      if (isOnWholeGrid) return textOf;
      // What stands in many rows is made text once.
      const texts: string[] = [];
      return (cell) => {
        texts[cell] ??= textOf(cell);
        return texts[cell];
      };
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
      const texts = mapNumbers(numbersIn(packing.type, bytes), (stored) =>
        new Date(toInstant(unpack(stored), units)).toISOString().replace('.000Z', 'Z'),
      );
      return (cell) => texts[cell] ?? '';
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

function* rowsOf(
  columns: readonly { textOf: (cell: number) => string; strides: readonly number[] }[],
  { count }: Box,
): Generator<string[]> {
  const [steps = 1, levels = 1, rows = 1, cells = 1] = count;
  for (let step = 0; step < steps; step++) {
    for (let level = 0; level < levels; level++) {
      for (let row = 0; row < rows; row++) {
        for (let cell = 0; cell < cells; cell++) {
          yield columns.map(({ textOf, strides: [t = 0, z = 0, y = 0, x = 0] }) =>
            textOf(step * t + level * z + row * y + cell * x),
          );
        }
      }
    }
  }
}
