import type { Calendar } from '../grid/calendar.ts';
import { type FlagMeanings, flagMeaningsOf } from '../grid/flags.ts';
import { sameUnits } from '../grid/same-units.ts';
import { isTimeUnit, parseTimeUnits } from '../grid/time-units.ts';
import { JobError } from '../job-error.ts';
import { type Attributes, textOf } from '../netcdf/attributes.ts';
import { isPacked, type Packing, packingOf, samePacking } from '../netcdf/packing.ts';
import {
  inType,
  isInteger,
  type NetcdfType,
  type NumericType,
  numbersOf,
  type StoredNumber,
  sizeOf,
} from '../netcdf/types.ts';

/** What the numbers of a variable mean in one file. */
export interface Encoding {
  readonly type: NetcdfType;
  /** Undefined for characters and strings. */
  readonly packing: Packing | undefined;
  readonly units: string | undefined;
  readonly calendar: string | undefined;
  /** Undefined for variables that contain no flags. */
  readonly flags: FlagMeanings | undefined;
}

export function encodingOf(type: NetcdfType, attributes: Attributes): Encoding {
  return {
    type,
    packing: packingOf(type, attributes),
    units: textOf(attributes.get('units')),
    calendar: textOf(attributes.get('calendar')),
    flags: flagMeaningsOf(attributes),
  };
}

/**
 * How to convert the values of a file for the output:
 *
 * - `as-stored`: its numbers mean the same
 * - `recode`: its numbers mean the same, except those that mark missing data, or they have a different
 *   integer type: flags, and 64-bit integers
 * - `unpack`: it is packed differently from other files, so values are written instead of packed numbers
 * - `instants`: it counts time in different units, so its instants are converted
 */
export type Treatment =
  | { readonly kind: 'as-stored' }
  | { readonly kind: 'recode'; readonly type: NumericType; readonly fill: StoredNumber }
  | { readonly kind: 'unpack'; readonly type: 'float' | 'double' }
  | { readonly kind: 'instants' };

/** The encoding of a variable in one file. */
export interface FileEncoding {
  readonly file: string;
  readonly encoding: Encoding;
}

/**
 * How to join a variable of two files.
 *
 * @throws {JobError} if joining would misrepresent the data: different units cannot be joined
 */
export function treatmentOf(variable: string, one: FileEncoding, other: FileEncoding): Treatment {
  const [first, second] = [one.encoding, other.encoding];
  const isOfTime = isTime(first) && isTime(second);
  checkMeaning(variable, one, other, isOfTime);
  const isAlike = first.units === second.units && calendarOf(first) === calendarOf(second);
  if (isOfTime && !isAlike) return { kind: 'instants' };
  if (first.packing && second.packing) {
    if (samePacking(first.packing, second.packing)) return { kind: 'as-stored' };
    if (isOfTime) return { kind: 'instants' };
    return recoding(first, second) ?? unpacking(first.packing, second.packing);
  }
  if (first.type === second.type) return { kind: 'as-stored' };
  throw cannotJoin(variable, one, other, ({ type }) => `as ${type}`);
}

/** The treatment that covers both. */
export function eitherTreatment(one: Treatment | undefined, other: Treatment): Treatment {
  if (!one || one.kind === 'as-stored') return other;
  if (other.kind === 'as-stored') return one;
  if (one.kind === 'unpack' || other.kind === 'unpack') {
    const types = [one, other].flatMap((each) => (each.kind === 'unpack' ? [each.type] : []));
    return { kind: 'unpack', type: types.includes('double') ? 'double' : 'float' };
  }
  if (one.kind !== 'recode' || other.kind !== 'recode') return one;
  return sizeOf(other.type) > sizeOf(one.type) ? other : one;
}

function checkMeaning(
  variable: string,
  one: FileEncoding,
  other: FileEncoding,
  isOfTime: boolean,
): void {
  const [first, second] = [one.encoding, other.encoding];
  if (!isOfTime && !sameUnits(first.units, second.units)) {
    throw cannotJoin(variable, one, other, ({ units }) => `in "${units ?? ''}"`);
  }
  const calendars = [calendarOf(first), calendarOf(second)];
  const isSameTime =
    calendars[0] === calendars[1] || calendars.every((calendar) => calendar?.isReal);
  if (isOfTime && !isSameTime) {
    throw cannotJoin(
      variable,
      one,
      other,
      ({ calendar }) => `in calendar "${calendar ?? 'standard'}"`,
    );
  }
}

/** Integers that a float cannot represent stay integers. */
function recoding(first: Encoding, second: Encoding): Treatment | undefined {
  const [one, other] = [first.packing, second.packing];
  if (!one || !other || isPacked(one) || isPacked(other)) return undefined;
  if (!isInteger(one.type) || !isInteger(other.type)) return undefined;
  const isKept = sizeOf(one.type) === 8 || sizeOf(other.type) === 8;
  const type = widest(one.type, other.type);
  if (!isKept || !type) return undefined;
  // The type holds the numbers of both, and so those that mark missing data.
  const [fill] = numbersOf(type, [...one.missing, ...other.missing, ...extremesOf(type)]);
  return { kind: 'recode', type, fill: fill as StoredNumber };
}

function unpacking(first: Packing, second: Packing): Treatment {
  const types = [first.unpackedType, second.unpackedType];
  return { kind: 'unpack', type: types.includes('double') ? 'double' : 'float' };
}

/** An integer type that can represent all numbers of both; undefined if there is no such type. */
export function widest(one: NumericType, other: NumericType): NumericType | undefined {
  const types: readonly NumericType[] = [
    one,
    other,
    'short',
    'ushort',
    'int',
    'uint',
    'int64',
    'uint64',
  ];
  const ends = [...extremesOf(one), ...extremesOf(other)];
  return types.find((type) => ends.every((number) => inType(type, number) !== undefined));
}

/** The smallest and the largest number of an integer type. */
export function extremesOf(type: NumericType): StoredNumber[] {
  const bits = BigInt(sizeOf(type) * 8);
  return type.startsWith('u')
    ? [0n, 2n ** bits - 1n]
    : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

function cannotJoin(
  variable: string,
  one: FileEncoding,
  other: FileEncoding,
  inWords: (encoding: Encoding) => string,
): JobError {
  return new JobError(
    'badData',
    `File "${other.file}" has ${variable} ${inWords(other.encoding)}, but file "${one.file}" has it ${inWords(one.encoding)}; they cannot be joined. A shorter period may hold files of one kind only.`,
  );
}

function isTime({ units, calendar }: Encoding): boolean {
  return (
    units !== undefined && isTimeUnit(units) && typeof parseTimeUnits(units, calendar) !== 'string'
  );
}

function calendarOf({ units, calendar }: Encoding): Calendar | undefined {
  const parsed = parseTimeUnits(units ?? '', calendar);
  return typeof parsed === 'string' ? undefined : parsed.calendar;
}
