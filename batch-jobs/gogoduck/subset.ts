import {
  type Calendar,
  type DateTime,
  dateText,
  instantOf,
  isDateOfSome,
  prolepticGregorian,
} from './grid/calendar.ts';
import { JobError } from './job-error.ts';
import { didYouMean, nearestNames } from './nearest-names.ts';
import type { Strides } from './selection.ts';

/** A closed range of numbers, or of instants in milliseconds since 1970 (UTC). */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

/** A closed range of instants, in the Gregorian calendar, and the dates in the request. */
export interface Period extends Range {
  readonly dates?: { readonly start: DateTime; readonly end: DateTime };
}

/** The requested part of a layer. */
export interface Subset {
  /** Default: all times. */
  readonly time?: Period;
  /** Degrees north. */
  readonly latitude: Range;
  /** Degrees east, as requested: -180 to 360. */
  readonly longitude: Range;
  /** Metres below the surface. */
  readonly depth?: Range;
  /** Names or standard names of the wanted variables; default: all variables. */
  readonly variables?: readonly string[];
  readonly stride?: Strides;
}

const dimensions = ['TIME', 'LATITUDE', 'LONGITUDE', 'DEPTH'] as const;
type DimensionName = (typeof dimensions)[number];

const syntax =
  'TIME,<start>,<end>;LATITUDE,<min>,<max>;LONGITUDE,<min>,<max>;DEPTH,<min>,<max> (TIME and DEPTH may be left out)';

/**
 * Reads the input `subset`, as in
 * `TIME,2017-01-01T00:00:00Z,2017-01-07T23:04:00Z;LATITUDE,-33.18,-31.45;LONGITUDE,114.82,115.39`.
 *
 * @throws {JobError} that names the part at fault, what was found there and what is allowed
 */
export function parseSubset(text: string): Subset {
  const bounds = new Map<DimensionName, readonly [string, string]>();
  for (const part of text.split(';').map((part) => part.trim())) {
    if (part === '') continue;
    const [found = '', ...values] = part.split(',').map((value) => value.trim());
    const name = dimensions.find((dimension) => dimension === found.toUpperCase());
    if (!name) {
      const meant = didYouMean(nearestNames(found, dimensions));
      throw refused(`has a part "${short(part)}"; allowed: ${syntax}.${meant}`);
    }
    if (bounds.has(name)) throw refused(`has ${name} twice; allowed: once.`);
    const [lower, upper, ...more] = values;
    if (!lower || !upper || more.length > 0) {
      throw refused(`has "${short(part)}"; allowed: ${name} with two values, ${name},<min>,<max>.`);
    }
    bounds.set(name, [lower, upper]);
  }
  const time = bounds.get('TIME');
  const depth = bounds.get('DEPTH');
  return {
    ...(time ? { time: period(time) } : {}),
    latitude: interval('LATITUDE', bounds.get('LATITUDE'), -90, 90, 'degrees north'),
    longitude: interval('LONGITUDE', bounds.get('LONGITUDE'), -180, 360, 'degrees east'),
    ...(depth
      ? { depth: interval('DEPTH', depth, -12_000, 12_000, 'metres below the surface') }
      : {}),
  };
}

/** Whether the subset is a single point, which selects the nearest cell. */
export function isPoint({ latitude, longitude }: Subset): boolean {
  return latitude.minimum === latitude.maximum && longitude.minimum === longitude.maximum;
}

function interval(
  name: DimensionName,
  bounds: readonly [string, string] | undefined,
  least: number,
  most: number,
  unit: string,
): Range {
  if (!bounds) throw refused(`has no ${name}; allowed: ${syntax}.`);
  const [minimum, maximum] = bounds.map((text) => {
    const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw refused(`has ${name} "${short(text)}"; allowed: ${least} to ${most} (${unit}).`);
  }) as [number, number];
  if (minimum > maximum) {
    const hint =
      name === 'LONGITUDE'
        ? ` Across the date line longitudes go on past 180: ${minimum},${maximum + 360}.`
        : '';
    throw refused(
      `has ${name} from ${minimum} to ${maximum}; allowed: the smaller value first.${maximum + 360 <= most ? hint : ''}`,
    );
  }
  return { minimum, maximum };
}

/** `2017-01-01T00:00:00.000Z`. Without a time zone it is UTC, and the time of day may be left out. */
const iso8601 =
  /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

function period([start, end]: readonly [string, string]): Period {
  const dates = { start: dateTime(start, 'first'), end: dateTime(end, 'last') };
  const minimum = everydayInstant(dates.start);
  const maximum = everydayInstant(dates.end);
  if (minimum > maximum) {
    throw refused(`has TIME from ${start} to ${end}; allowed: a start that is not after the end.`);
  }
  return { minimum, maximum, dates };
}

/** @param ofDay which instant of its day a date without time represents */
function dateTime(text: string, ofDay: 'first' | 'last'): DateTime {
  const [, date = '', time, zone] = iso8601.exec(text) ?? [];
  const fallback = ofDay === 'first' ? '00:00:00.000' : '23:59:59.999';
  const milliseconds = Date.parse(`1970-01-01T${time ?? fallback}${zone?.toUpperCase() ?? 'Z'}`);
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  if (!Number.isNaN(milliseconds) && isDateOfSome({ year, month, day })) {
    return { year, month, day, milliseconds };
  }
  const isWritten = !Number.isNaN(milliseconds) && date !== '';
  const why = isWritten ? ', a day that no calendar has' : '';
  throw refused(
    `has TIME "${short(text)}"${why}; allowed: a date and time of ISO 8601 such as 2017-01-01T00:00:00Z.`,
  );
}

/** For a date that only other calendars have, such as 30 February, uses the last day before it. */
function everydayInstant(date: DateTime): number {
  for (let { day } = date; day > 0; day--) {
    const instant = instantOf({ ...date, day }, prolepticGregorian);
    if (instant !== undefined) return instant;
  }
  return Number.NaN;
}

/**
 * The instants of a period in a calendar, if its dates exist in that calendar. Dates that the calendar does
 * not have, such as the 31st if months have 30 days, take no time in it.
 *
 * @throws {JobError} for a date that exists only in another calendar, such as 30 February
 */
export function periodIn({ dates, minimum, maximum }: Period, calendar: Calendar): Range {
  if (!dates) return { minimum, maximum };
  return {
    minimum: instantOf(dates.start, calendar) ?? nextDay(dates.start),
    maximum: instantOf(dates.end, calendar) ?? nextDay(dates.end) - 1,
  };

  /** The first moment after a date that the calendar does not have. */
  function nextDay(date: DateTime): number {
    if (prolepticGregorian.dayOf(date) === undefined) {
      throw refused(
        `has TIME ${dateText(date)}, which is no date of the layer's calendar "${calendar.name}".`,
      );
    }
    for (let day = date.day + 1; day <= 31; day++) {
      const instant = instantOf({ ...date, day, milliseconds: 0 }, calendar);
      if (instant !== undefined) return instant;
    }
    const { year, month } = date;
    const [nextYear, nextMonth] = month === 12 ? [year + 1, 1] : [year, month + 1];
    const next = { year: nextYear, month: nextMonth, day: 1, milliseconds: 0 };
    return instantOf(next, calendar) as number;
  }
}

function refused(what: string): JobError {
  return new JobError('badRequest', `Input "subset" ${what}`);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
