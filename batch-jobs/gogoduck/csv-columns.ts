import { stringify } from 'csv-stringify/sync';
import { formatInstant } from './grid/calendar.ts';
import { attributesOf, type Header } from './grid/header.ts';
import { timeUnitsOf } from './grid/read-instants.ts';
import { toInstant } from './grid/time-units.ts';
import { textOf } from './netcdf/attributes.ts';
import type { Box, NetcdfFile, Variable } from './netcdf/netcdf-file.ts';
import { isPacked, type Packing, packingOf, unpacker } from './netcdf/packing.ts';
import { isNumeric, numbersIn, type StoredNumber } from './netcdf/types.ts';

export interface Column {
  /** The row dimensions that its values vary with. */
  readonly dimensions: readonly string[];
  readonly title: string;
  /**
   * Reads the part that a block of rows needs, a box of the column's own dimensions. The returned function
   * gives the field of each cell, in order.
   */
  readonly read: (block: Box) => (cell: number) => string;
}

/** The values of a variable, unpacked; empty if missing. */
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
 * The texts of a character variable.
 *
 * @param hasLength whether its fastest dimension is the length of its texts; if not, each cell is one
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

/** The instants of a time coordinate, in ISO 8601. */
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

/** The positions along a dimension without coordinates, counted from 0. */
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

/** A text as a CSV field, quoted if necessary. */
function field(text: string): string {
  return stringify([[text]], { record_delimiter: '' });
}

/** Converts a value to text once, even if it appears in many rows. */
function cached(fieldOf: (cell: number) => string): (cell: number) => string {
  const fields: string[] = [];
  return (cell) => {
    fields[cell] ??= fieldOf(cell);
    return fields[cell];
  };
}

/** Formats a value with the digits that its stored precision supports, and no more. */
function formatOf(packing: Packing): (stored: StoredNumber) => string {
  const unpack = unpacker(packing);
  const { type, missing, unpackedType } = packing;
  if (!isPacked(packing) && type.endsWith('int64')) {
    // A double holds only 53 of 64 bits.
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
