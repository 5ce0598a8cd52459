import { isTimeUnit, parseTimeUnits } from '../grid/time-units.ts';
import { JobError } from '../job-error.ts';
import { type Attributes, textOf } from '../netcdf/attributes.ts';
import { type Packing, packingOf, samePacking } from '../netcdf/packing.ts';
import type { NetcdfType } from '../netcdf/types.ts';

/** What the numbers of a variable mean in one file. */
export interface Encoding {
  readonly type: NetcdfType;
  /** Undefined for characters and strings. */
  readonly packing: Packing | undefined;
  readonly units: string | undefined;
  readonly calendar: string | undefined;
}

export function encodingOf(type: NetcdfType, attributes: Attributes): Encoding {
  return {
    type,
    packing: packingOf(type, attributes),
    units: textOf(attributes.get('units')),
    calendar: textOf(attributes.get('calendar')),
  };
}

/**
 * How the values of a file get into those of the output:
 *
 * - `as-stored`: its numbers mean the same
 * - `unpack`: it is packed in another way than other files, so values are written, not packed numbers
 * - `instants`: it counts time in other units, so its instants are counted again
 */
export type Treatment =
  | { readonly kind: 'as-stored' }
  | { readonly kind: 'unpack'; readonly type: 'float' | 'double' }
  | { readonly kind: 'instants' };

/** A variable's encoding, and the file that has it so. */
export interface FileEncoding {
  readonly file: string;
  readonly encoding: Encoding;
}

/**
 * What joining a variable of two files takes.
 *
 * @throws {JobError} when it would not be true: units that differ cannot be joined
 */
export function treatmentOf(variable: string, one: FileEncoding, other: FileEncoding): Treatment {
  const [first, second] = [one.encoding, other.encoding];
  const isOfTime = isTime(first) && isTime(second);
  if (first.units !== second.units) {
    if (isOfTime) return { kind: 'instants' };
    throw cannotJoin(variable, one, other, ({ units }) => `in "${units ?? ''}"`);
  }
  if (first.packing && second.packing) {
    const isSame = samePacking(first.packing, second.packing) && first.calendar === second.calendar;
    if (isSame) return { kind: 'as-stored' };
    if (isOfTime) return { kind: 'instants' };
    const types = [first.packing.unpackedType, second.packing.unpackedType];
    return { kind: 'unpack', type: types.includes('double') ? 'double' : 'float' };
  }
  if (first.type === second.type) return { kind: 'as-stored' };
  throw cannotJoin(variable, one, other, ({ type }) => `as ${type}`);
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
