import { stringify } from 'csv-stringify/sync';
import { formatInstant } from './grid/calendar.ts';
import { attributesOf, type Header } from './grid/header.ts';
import { timeUnitsOf } from './grid/read-instants.ts';
import { toInstant } from './grid/time-units.ts';
import { textOf } from './netcdf/attributes.ts';
import type { Box, NetcdfFile, Variable } from './netcdf/netcdf-file.ts';
import { isPacked, type Packing, packingOf, unpacker } from './netcdf/packing.ts';
import { isNumeric, numbersIn, type StoredNumber } from './netcdf/types.ts';

/** A column of the table. */
export interface Column {
  /** Of the dimensions that rows have an index along, those that its values vary with. */
  readonly dimensions: readonly string[];
  readonly title: string;
  /**
   * Reads the part that a block of rows needs, a box of the column's own dimensions; what it gives
   * tells the field of each cell, in their order.
   */
  readonly read: (block: Box) => (cell: number) => string;
}

/** The values of a variable, unpacked; empty where there is none. */
export function valueColumn(file: NetcdfFile, header: Header, variable: Variable): Column {
  const attributes = attributesOf(header, variable);
  const packing = packingOf(variable.type, attributes);
  const own = { dimensions: variable.dimensions, title: titleOf(header, variable) };
  if (!isNumeric(variable.type) || !packing) {
    return {
      ...own,
      read: (block) => {
        const texts = file.readStrings(variable, block);
        return cached((cell) => field(texts[cell] ?? ''));
      },
    };
  }
  const format = formatOf(packing);
  return {
    ...own,
    read: (block) => {
      const stored = numbersIn(packing.type, file.readBytes(variable, block));
      return cached((cell) => format(stored[cell] as StoredNumber));
    },
  };
}

/**
 * The texts of a variable of characters.
 *
 * @param hasLength whether its fastest dimension is the length of its texts; if not, each cell has one
 *   character
 */
export function textColumn(
  file: NetcdfFile,
  header: Header,
  variable: Variable,
  hasLength: boolean,
): Column {
  const { dimensions, shape } = variable;
  const length = hasLength ? (shape.at(-1) ?? 0) : 1;
  return {
    dimensions: hasLength ? dimensions.slice(0, -1) : dimensions,
    title: titleOf(header, variable),
    read: ({ start, count }) => {
      const box = hasLength
        ? { start: [...start, 0], count: [...count, length] }
        : { start, count };
      const bytes = file.readBytes(variable, box);
      return cached((cell) => {
        const text = bytes.subarray(cell * length, (cell + 1) * length);
        const end = text.indexOf(0);
        return field(
          Buffer.from(end === -1 ? text : text.subarray(0, end))
            .toString()
            .trimEnd(),
        );
      });
    },
  };
}

/** The instants of a time coordinate, as ISO 8601 has them. */
export function timeColumn(file: NetcdfFile, header: Header, variable: Variable): Column {
  const attributes = attributesOf(header, variable);
  const units = timeUnitsOf(file.name, variable, attributes);
  const packing = packingOf(variable.type, attributes) as Packing;
  const unpack = unpacker(packing);
  return {
    dimensions: variable.dimensions,
    title: field(`${variable.name} (ISO 8601, UTC)`),
    read: (block) => {
      const stored = numbersIn(packing.type, file.readBytes(variable, block));
      return cached((cell) =>
        formatInstant(toInstant(unpack(stored[cell] as StoredNumber), units), units.calendar),
      );
    },
  };
}

/** The positions along a dimension that no variable has the coordinates of, counted from 0. */
export function indexColumn(name: string): Column {
  return {
    dimensions: [name],
    title: field(name),
    read:
      ({ start: [first = 0] }) =>
      (cell) =>
        String(first + cell),
  };
}

function titleOf(header: Header, variable: Variable): string {
  const units = textOf(attributesOf(header, variable).get('units'));
  return field(units ? `${variable.name} (${units})` : variable.name);
}

/** A text as a field: in quotes where it needs them. */
function field(text: string): string {
  return stringify([[text]], { record_delimiter: '' });
}

/** What stands in many rows is made text once. */
function cached(fieldOf: (cell: number) => string): (cell: number) => string {
  const fields: string[] = [];
  return (cell) => {
    fields[cell] ??= fieldOf(cell);
    return fields[cell];
  };
}

/** As many digits as the value has in the precision it is kept in, and no more. */
function formatOf(packing: Packing): (stored: StoredNumber) => string {
  const unpack = unpacker(packing);
  const { type, missing, unpackedType } = packing;
  if (!isPacked(packing) && type.endsWith('int64')) {
    // Of 64 bits a double holds 53.
    return (stored) => (missing.includes(stored) ? '' : String(stored));
  }
  const textOf =
    unpackedType === 'float'
      ? shortestFloat
      : isPacked(packing)
        ? (value: number) => String(Number(value.toPrecision(15)))
        : String;
  return (stored) => {
    const value = unpack(stored);
    return Number.isNaN(value) ? '' : textOf(value);
  };
}

function shortestFloat(value: number): string {
  const float = Math.fround(value);
  if (Number.isInteger(float) && Math.abs(float) < 2 ** 24) return String(float + 0);
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === float) return String(rounded);
  }
  return String(Number(value.toPrecision(9)));
}
