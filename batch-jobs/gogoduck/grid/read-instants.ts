import { JobError } from '../job-error.ts';
import { type Attributes, textOf } from '../netcdf/attributes.ts';
import type { NetcdfFile, Variable } from '../netcdf/netcdf-file.ts';
import type { Calendar } from './calendar.ts';
import { readCoordinate } from './read-coordinate.ts';
import { parseTimeUnits, type TimeUnits, toInstant } from './time-units.ts';

/** The instants of a time coordinate, and their calendar. */
export interface Instants {
  /** Milliseconds since 1970 of the calendar (UTC), in file order. */
  readonly instants: readonly number[];
  readonly calendar: Calendar;
}

/** Milliseconds from 1970 to the first and last date of JavaScript, ECMA-262 "Time Values and Time Range". */
const farthest = 8.64e15;

/** @throws {JobError} if the units or a value cannot be understood */
export function readInstants(file: NetcdfFile, time: Variable, attributes: Attributes): Instants {
  const units = timeUnitsOf(file.name, time, attributes);
  const instants = Array.from(readCoordinate(file, time, attributes), (value, step) => {
    const instant = toInstant(value, units);
    if (Math.abs(instant) <= farthest) return instant;
    if (!Number.isNaN(value)) {
      throw new JobError(
        'badData',
        `File "${file.name}" has ${value} as ${time.name} of its time step ${step + 1}; allowed: a time within 270,000 years of 1970.`,
      );
    }
    throw new JobError(
      'badData',
      `File "${file.name}" has no value of ${time.name} for its time step ${step + 1}.`,
    );
  });
  return { instants, calendar: units.calendar };
}

/** @throws {JobError} if the attributes do not define what the numbers mean */
export function timeUnitsOf(
  fileName: string,
  { name }: Variable,
  attributes: Attributes,
): TimeUnits {
  const text = textOf(attributes.get('units'));
  if (text === undefined) {
    throw new JobError(
      'badData',
      `File "${fileName}" has ${name} without units; allowed: units such as "days since 1950-01-01".`,
    );
  }
  const units = parseTimeUnits(text, textOf(attributes.get('calendar')));
  if (typeof units !== 'string') return units;
  throw new JobError('badData', `File "${fileName}" has ${name} in ${units}.`);
}
