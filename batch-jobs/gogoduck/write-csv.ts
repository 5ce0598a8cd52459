import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Column, indexColumn, textColumn, timeColumn, valueColumn } from './csv-columns.ts';
import {
  boundsOf,
  type Coordinates,
  findCoordinates,
  horizontalDimensions,
  placingVariables,
} from './grid/find-coordinates.ts';
import { type Header, readHeader } from './grid/header.ts';
import { insideCells } from './grid/select-cells.ts';
import { JobError } from './job-error.ts';
import { blocksOf } from './netcdf/blocks.ts';
import type { Hdf5 } from './netcdf/hdf5-file.ts';
import type { Box, NetcdfFile, Variable } from './netcdf/netcdf-file.ts';
import { openNetcdf } from './netcdf/open-netcdf.ts';
import { isPoint, type Subset } from './subset.ts';

/** Cells of each variable per read, and characters per write. */
const blockCells = 250_000;
const batchCharacters = 1 << 18;

/** RFC 4180, section 2. */
const lineEnd = '\r\n';

/**
 * Writes the grid of a NetCDF file as CSV (RFC 4180), one row per cell and time step. The columns are the
 * time, the place, the other dimensions of its data (ensemble members, bands), and then every variable on
 * these dimensions. The first row has the names and units. Missing values are empty.
 *
 * @param subset cells of a curvilinear grid outside it are left out
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
  const coordinates = findCoordinates(header);
  const { latitude, longitude } = coordinates;
  const dimensions = tableDimensions(header, coordinates);
  const columns = columnsOf(file, header, coordinates, dimensions);
  yield columns.map(({ title }) => title).join(',') + lineEnd;

  const isBent = latitude.dimensions.length === 2;
  const inside =
    isBent && !isPoint(subset)
      ? insideCells(file, header, { latitude, longitude }, subset)
      : undefined;
  const [rowAxis = 0, columnAxis = 0] = latitude.dimensions.map((name) => dimensions.indexOf(name));
  const rowLength = latitude.shape[1] ?? 1;
  const sizes = dimensions.map((name) => header.dimensions.get(name)?.size ?? 1);
  let batch = '';
  for (const block of blocksOf(sizes, blockCells)) {
    const cells = columns.map((column) => cellsOf(column, dimensions, block));
    for (const { at, fields } of rowsOf(cells, block)) {
      if (inside && !inside[(at[rowAxis] ?? 0) * rowLength + (at[columnAxis] ?? 0)]) continue;
      batch += fields + lineEnd;
      if (batch.length < batchCharacters) continue;
      yield batch;
      batch = '';
    }
  }
  if (batch !== '') yield batch;
}

function columnsOf(
  file: NetcdfFile,
  header: Header,
  coordinates: Coordinates,
  dimensions: readonly string[],
): Column[] {
  const { time, latitude, longitude, vertical } = coordinates;
  const places = [latitude, longitude, ...(vertical ? [vertical] : [])];
  const own = new Set([...(time ? [time] : []), ...places].map(({ name }) => name));
  const others = dimensions.filter((name) => !gridDimensions(coordinates).includes(name));
  const bare = others.filter((name) => !header.variables.has(name));
  const named = others.flatMap((name) => header.variables.get(name) ?? []);
  for (const { name } of named) own.add(name);
  const data = [...header.variables.values()].filter(
    (variable) => !own.has(variable.name) && isInTable(header, variable, dimensions),
  );
  return [
    ...(time ? [timeColumn(file, header, time)] : []),
    ...places.map((variable) => valueColumn(file, header, variable)),
    ...bare.map(indexColumn),
    ...[...named, ...data].map((variable) =>
      variable.type === 'char'
        ? textColumn(file, header, variable, hasLength(variable, dimensions))
        : valueColumn(file, header, variable),
    ),
  ];
}

/**
 * A table has one grid and one time axis.
 *
 * @throws {JobError} if there is data on several: the user would not expect it to be missing from the table
 */
export function checkTable(header: Header, coordinates: Coordinates): void {
  const { latitude, longitude, time, others } = coordinates;
  const [second] = others.times.filter(({ name }) => header.variables.has(name));
  if (time && second) {
    throw new JobError(
      'badRequest',
      `File "${header.name}" has data on more than one time axis: ${time.name} and ${second.name}. A table has one; allowed: NetCDF, or variables of one time axis.`,
    );
  }
  const table = new Set([...latitude.dimensions, ...longitude.dimensions]);
  const elsewhere = [...horizontalDimensions(coordinates)].filter((name) => !table.has(name));
  const placing = new Set(placingVariables(coordinates).map(({ name }) => name));
  const bounds = boundsOf(header);
  const isElsewhere = ({ name, dimensions }: Variable) =>
    dimensions.some((each) => elsewhere.includes(each)) && !placing.has(name) && !bounds.has(name);
  const [other] = [...header.variables.values()].filter(isElsewhere);
  if (!other) return;
  throw new JobError(
    'badRequest',
    `File "${header.name}" has data on more than one grid: ${other.name} is on ${other.dimensions.join(', ')}, other data on ${[...table].join(', ')}. A table has one grid; allowed: NetCDF, or variables of one grid.`,
  );
}

/** The dimensions of time, depth and place, the slowest first. */
function gridDimensions({ time, latitude, longitude, vertical }: Coordinates): string[] {
  const isBent = latitude.dimensions.length === 2;
  return [
    ...(time?.dimensions ?? []),
    ...(vertical?.dimensions ?? []),
    ...latitude.dimensions,
    ...(isBent ? [] : longitude.dimensions),
  ];
}

/**
 * The dimensions that rows are indexed by: those of the grid and, before the place, all others of the
 * variables on the grid.
 */
function tableDimensions(header: Header, coordinates: Coordinates): string[] {
  const grid = gridDimensions(coordinates);
  const { time, vertical } = coordinates;
  const bounds = boundsOf(header);
  const place = grid.slice((time?.dimensions.length ?? 0) + (vertical?.dimensions.length ?? 0));
  // Data of a single place without dimensions is recognized by its time dimension.
  const needed = place.length > 0 ? place : (time?.dimensions ?? []);
  const others = new Set<string>();
  for (const { name, type, dimensions } of header.variables.values()) {
    if (bounds.has(name) || !needed.every((each) => dimensions.includes(each))) continue;
    const own = dimensions.filter((each) => !grid.includes(each));
    // The last dimension of a character variable is the length of its texts.
    for (const each of type === 'char' && own.at(-1) === dimensions.at(-1) ? own.slice(0, -1) : own)
      others.add(each);
  }
  const before = grid.length - place.length;
  return [...grid.slice(0, before), ...others, ...place];
}

/** Whether a variable has a number or a text for each cell, or for each row, column or time step. */
function isInTable(header: Header, variable: Variable, table: readonly string[]): boolean {
  const { name, dimensions } = variable;
  const own = hasLength(variable, table) ? dimensions.slice(0, -1) : dimensions;
  return own.length > 0 && own.every((each) => table.includes(each)) && !boundsOf(header).has(name);
}

function hasLength({ type, dimensions }: Variable, table: readonly string[]): boolean {
  const last = dimensions.at(-1);
  return type === 'char' && last !== undefined && !table.includes(last);
}

interface Cells {
  readonly fieldOf: (cell: number) => string;
  /** Distance between neighbouring cells along each dimension of the table. */
  readonly strides: readonly number[];
}

/** The part of a column that a block of rows needs. */
function cellsOf({ dimensions, read }: Column, table: readonly string[], block: Box): Cells {
  const axes = dimensions.map((name) => table.indexOf(name));
  const strides = table.map(() => 0);
  let stride = 1;
  for (const axis of axes.toReversed()) {
    strides[axis] = stride;
    stride *= block.count[axis] ?? 1;
  }
  const fieldOf = read({
    start: axes.map((axis) => block.start[axis] ?? 0),
    count: axes.map((axis) => block.count[axis] ?? 1),
  });
  return { fieldOf, strides };
}

/** Each row of a block: its position along each dimension, and its fields. */
function* rowsOf(
  columns: readonly Cells[],
  { start, count }: Box,
): Generator<{ readonly at: readonly number[]; readonly fields: string }> {
  const at = [...start];
  const cells = columns.map(() => 0);
  for (;;) {
    let fields = columns[0]?.fieldOf(cells[0] as number) ?? '';
    for (let index = 1; index < columns.length; index++) {
      fields += `,${columns[index]?.fieldOf(cells[index] as number)}`;
    }
    yield { at, fields };
    let axis = at.length - 1;
    for (; axis >= 0; axis--) {
      const isLast = (at[axis] as number) + 1 === (start[axis] as number) + (count[axis] as number);
      const steps = isLast ? 1 - (count[axis] as number) : 1;
      at[axis] = (at[axis] as number) + steps;
      for (const [index, { strides }] of columns.entries()) {
        cells[index] = (cells[index] as number) + steps * (strides[axis] as number);
      }
      if (!isLast) break;
    }
    if (axis < 0) return;
  }
}
