import { type Calendar, calendars, instantOf } from './calendar.ts';

/** How numbers represent instants: `days since 1950-01-01 00:00:00 UTC`. */
export interface TimeUnits {
  /** Milliseconds per unit. */
  readonly unit: number;
  /** The reference instant, in milliseconds since 1970 of the calendar (UTC). */
  readonly reference: number;
  readonly calendar: Calendar;
}

const second = 1_000;
const day = 86_400 * second;
/** The tropical year of UDUNITS; a month is a twelfth of it. */
const year = 3.15569259747e7 * second;

/**
 * UDUNITS names of units. A year is a tropical year and a month is a twelfth of it: no unit has the length of
 * a calendar month.
 *
 * Source: UDUNITS-2, `udunits2-common.xml` and `udunits2-accepted.xml`.
 */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(years?|yrs?|tropical_years?)$/i, year],
  [/^common_years?$/i, 365 * day],
  [/^leap_years?$/i, 366 * day],
  [/^julian_years?$/i, 365.25 * day],
  [/^gregorian_years?$/i, 365.2425 * day],
  [/^months?$/i, year / 12],
  [/^(fortnights?)$/i, 14 * day],
  [/^(weeks?)$/i, 7 * day],
  [/^(days?|d)$/i, day],
  [/^(hours?|hrs?|hr|h)$/i, 3_600 * second],
  [/^(minutes?|mins?)$/i, 60 * second],
  [/^(seconds?|secs?|s)$/i, second],
  [/^(milliseconds?|millisecs?|millis|msecs?|ms)$/i, 1],
  [/^(microseconds?|microsecs?|us|µs|μs)$/i, 1e-3],
  [/^(nanoseconds?|nanosecs?|nsecs?|ns)$/i, 1e-6],
];

/**
 * `1950-01-01 00:00:00 UTC`, `1950-1-1T00Z`, `1950-01-01 00:00:00 -6:00`, `1950`. A zone in hours follows a time
 * of day, after a space or a sign: `195006` is no year with a zone.
 */
const extended =
  /^(-?\d{1,4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:(?:\s+|T)(\d{1,2})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d*)?))?)?(?:\s*([+-]\d{1,2}(?::?\d{2})?)|\s+(\d{1,2}(?::?\d{2})?))?)?\s*(?:Z|UTC|GMT)?$/i;
/** `19500101T000000Z`. */
const basic =
  /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(?:(\d{2})(?:(\d{2}(?:\.\d*)?))?)?)?\s*(?:Z|UTC|GMT)?$/i;

/** Whether a unit has a reference time, which makes it a unit of instants. */
export function isTimeUnit(text: string): boolean {
  return /^\s*[a-zµμ_]+\s+(since|after|from|ref)\s/i.test(text);
}

/**
 * Reads the units and the calendar of a time coordinate.
 *
 * Source: CF conventions 1.11, section 4.4 "Time Coordinate"; UDUNITS-2, "Grammar".
 *
 * @returns a text that describes the problem if they cannot be understood
 */
export function parseTimeUnits(text: string, calendarName = 'standard'): TimeUnits | string {
  const calendar = calendars[calendarName.trim().toLowerCase()];
  if (!calendar) {
    return `calendar "${calendarName}"; allowed: ${Object.keys(calendars).join(', ')}`;
  }
  const [, name = '', since = ''] =
    /^\s*(\S+)\s+(?:since|after|from|ref)\s+(.*?)\s*$/i.exec(text) ?? [];
  const unit = unitOf(name, calendar);
  const [
    ,
    years,
    months = 1,
    days = 1,
    hours = 0,
    minutes = 0,
    seconds = 0,
    signed,
    zone = signed,
  ] = basic.exec(since) ?? extended.exec(since) ?? [];
  const isTime = Number(hours) <= 24 && Number(minutes) < 60 && Number(seconds) <= 60;
  if (unit === undefined || years === undefined || !isTime) {
    return `units "${text}"; allowed: years, months, weeks, days, hours, minutes, seconds or smaller since a date`;
  }
  const milliseconds =
    (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * second - zoneOffset(zone);
  // In a calendar without year 0, that year is a climatology's reference and is used as it is.
  const isBeforeChrist = calendar.lacksYearZero === true && Number(years) < 0;
  const year = isBeforeChrist ? Number(years) + 1 : Number(years);
  const date = { year, month: Number(months), day: Number(days), milliseconds };
  const reference = instantOf(date, calendar);
  if (reference === undefined) {
    return `units "${text}"; allowed: a date that the calendar "${calendarName}" has`;
  }
  return { unit, reference, calendar };
}

/** @returns whole milliseconds since 1970 of the calendar (UTC); NaN if the value is not an instant */
export function toInstant(value: number, { unit, reference }: TimeUnits): number {
  return Math.round(reference + value * unit);
}

/** If all months of the calendar have the same length, a month has that length. */
function unitOf(name: string, { monthDays }: Calendar): number | undefined {
  if (monthDays !== undefined && /^months?$/i.test(name)) return monthDays * day;
  if (monthDays !== undefined && /^(years?|yrs?)$/i.test(name)) return 12 * monthDays * day;
  return units.find(([names]) => names.test(name))?.[1];
}

function zoneOffset(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])?(\d{1,2})(?::?(\d{2}))?$/.exec(zone ?? '') ?? [];
  const offset = (Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60) * second;
  return sign === '-' ? -offset : offset;
}
