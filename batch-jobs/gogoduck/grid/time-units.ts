/** How numbers stand for instants: `days since 1950-01-01 00:00:00 UTC`. */
export interface TimeUnits {
  /** Milliseconds a unit. */
  readonly unit: number;
  /** The reference instant, in milliseconds since 1970 (UTC). */
  readonly reference: number;
}

const second = 1_000;
const day = 86_400 * second;

/** UDUNITS names of units of a fixed length; months and years have none. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(days?|d)$/i, day],
  [/^(hours?|hrs?|h)$/i, 3_600 * second],
  [/^(minutes?|mins?)$/i, 60 * second],
  [/^(seconds?|secs?|s)$/i, second],
  [/^(milliseconds?|millisecs?|msecs?|ms)$/i, 1],
  [/^(microseconds?|microsecs?)$/i, 1e-3],
];

const pattern =
  /^\s*([a-z]+)\s+since\s+(-?\d{1,4})-(\d{1,2})-(\d{1,2})(?:(?:\s+|T)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?\s*$/i;

/**
 * Calendars whose days are those of everyday dates. `none` has no calendar (a climatology): its
 * reference is taken at its word.
 */
const everydayCalendars = new Set(['standard', 'gregorian', 'proleptic_gregorian', 'none']);

/** The first day of the Gregorian calendar; the standard calendar is Julian before it. */
const gregorianStart = Date.UTC(1582, 9, 15);

/** Whether a unit says since when: it is that of instants. */
export function isTimeUnit(text: string): boolean {
  return /^\s*[a-z]+\s+since\s/i.test(text);
}

/**
 * Reads the units and the calendar of a time coordinate.
 *
 * Source: CF conventions 1.11, section 4.4 "Time Coordinate".
 *
 * @returns in words what is not understood, as text
 */
export function parseTimeUnits(text: string, calendar = 'standard'): TimeUnits | string {
  const kind = calendar.trim().toLowerCase();
  if (!everydayCalendars.has(kind)) {
    return `calendar "${calendar}"; allowed: ${[...everydayCalendars].join(', ')}`;
  }
  const [, name, year, month, dayOfMonth, hours, minutes, seconds, zone] = pattern.exec(text) ?? [];
  const unit = units.find(([names]) => name !== undefined && names.test(name))?.[1];
  if (unit === undefined) {
    return `units "${text}"; allowed: days, hours, minutes, seconds or milliseconds since a date`;
  }
  const date = [Number(year), Number(month), Number(dayOfMonth)] as const;
  const midnight = kind === 'proleptic_gregorian' ? gregorian(date) : standard(date);
  const timeOfDay =
    (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * second;
  return { unit, reference: midnight + timeOfDay - zoneOffset(zone) };
}

/** @returns milliseconds since 1970 (UTC), whole; NaN for what is no instant */
export function toInstant(value: number, { unit, reference }: TimeUnits): number {
  return Math.round(reference + value * unit);
}

type CalendarDate = readonly [year: number, month: number, day: number];

function gregorian([year, month, dayOfMonth]: CalendarDate): number {
  // Date.UTC takes years 0 to 99 for the twentieth century.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, dayOfMonth);
  return date.getTime();
}

function standard(date: CalendarDate): number {
  const instant = gregorian(date);
  return instant >= gregorianStart ? instant : julian(date);
}

/** Source: E. G. Richards, "Calendars", in the Explanatory Supplement to the Astronomical Almanac. */
function julian([year, month, dayOfMonth]: CalendarDate): number {
  const shift = Math.floor((14 - month) / 12);
  const years = year + 4800 - shift;
  const months = month + 12 * shift - 3;
  const julianDay =
    dayOfMonth + Math.floor((153 * months + 2) / 5) + 365 * years + Math.floor(years / 4) - 32083;
  const julianDayOf1970 = 2440588;
  return (julianDay - julianDayOf1970) * day;
}

function zoneOffset(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone ?? '') ?? [];
  const offset = (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60) * second;
  return sign === '-' ? -offset : offset;
}
