/** A date and a time of day, in the calendar it was read with. */
export interface DateTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  /** Since midnight UTC. A time zone may move it before or past the day. */
  readonly milliseconds: number;
}

/** How days correspond to dates. */
export interface Calendar {
  readonly name: string;
  /** Whether its days are real days, which all such calendars share even though their dates differ. */
  readonly isReal: boolean;
  /** Days since 1970-01-01 of this calendar; undefined for a date that it does not have. */
  readonly dayOf: (date: Omit<DateTime, 'milliseconds'>) => number | undefined;
  readonly dateOf: (day: number) => Omit<DateTime, 'milliseconds'>;
  /** Whether the year before 1 is -1, as historians count; in ISO 8601 it is 0. */
  readonly lacksYearZero?: boolean;
  /** Days of a month, if all months have the same length. */
  readonly monthDays?: number;
}

const dayMilliseconds = 86_400_000;

/** Day on which the standard calendar switched to the Gregorian calendar, in days since 1970-01-01. */
const gregorianStart = Date.UTC(1582, 9, 15) / dayMilliseconds;

/** The Gregorian calendar at all times, as in ISO 8601. */
export const prolepticGregorian: Calendar = {
  name: 'proleptic_gregorian',
  isReal: true,
  dayOf: ({ year, month, day }) => {
    // Date.UTC treats years 0 to 99 as years of the twentieth century.
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    return isReal ? date.getTime() / dayMilliseconds : undefined;
  },
  dateOf: (day) => {
    const date = new Date(day * dayMilliseconds);
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
    };
  },
};

/**
 * Every fourth year is a leap year. Its days are those of the Gregorian calendar; only the dates differ.
 *
 * Source: E. G. Richards, "Calendars", in the Explanatory Supplement to the Astronomical Almanac.
 */
const julian: Calendar = {
  name: 'julian',
  isReal: true,
  lacksYearZero: true,
  dayOf: ({ year, month, day }) => {
    const february = year % 4 === 0 ? 29 : 28;
    if (!isInMonth(day, month, february)) return undefined;
    const shift = Math.floor((14 - month) / 12);
    const years = year + 4800 - shift;
    const months = month + 12 * shift - 3;
    const julianDay =
      day + Math.floor((153 * months + 2) / 5) + 365 * years + Math.floor(years / 4) - 32083;
    return julianDay - julianDayOf1970;
  },
  dateOf: (dayNumber) => {
    const since = dayNumber + julianDayOf1970 + 32082;
    const years = Math.floor((4 * since + 3) / 1461);
    const ofYear = since - Math.floor((1461 * years) / 4);
    const months = Math.floor((5 * ofYear + 2) / 153);
    const shift = Math.floor(months / 10);
    return {
      year: years - 4800 + shift,
      month: months + 3 - 12 * shift,
      day: ofYear - Math.floor((153 * months + 2) / 5) + 1,
    };
  },
};
const julianDayOf1970 = 2440588;

/** Julian up to 4 October 1582, Gregorian from 15 October, the next day. */
const standard: Calendar = {
  name: 'standard',
  isReal: true,
  lacksYearZero: true,
  dayOf: (date) => {
    const gregorian = prolepticGregorian.dayOf(date);
    if (gregorian !== undefined && gregorian >= gregorianStart) return gregorian;
    const day = julian.dayOf(date);
    return day !== undefined && day < gregorianStart ? day : undefined;
  },
  dateOf: (day) => (day >= gregorianStart ? prolepticGregorian.dateOf(day) : julian.dateOf(day)),
};

/** A calendar in which all years are the same. */
function uniform(name: string, monthLengths: readonly number[], more: Partial<Calendar> = {}) {
  const yearDays = monthLengths.reduce((sum, days) => sum + days, 0);
  const before = monthLengths.map((_, month) =>
    monthLengths.slice(0, month).reduce((sum, days) => sum + days, 0),
  );
  const calendar: Calendar = {
    name,
    isReal: false,
    dayOf: ({ year, month, day }) => {
      const length = monthLengths[month - 1];
      if (length === undefined || day < 1 || day > length) return undefined;
      return (year - 1970) * yearDays + (before[month - 1] as number) + day - 1;
    },
    dateOf: (day) => {
      const years = Math.floor(day / yearDays);
      const ofYear = day - years * yearDays;
      const month = before.findLastIndex((days) => days <= ofYear);
      return { year: 1970 + years, month: month + 1, day: ofYear - (before[month] as number) + 1 };
    },
    ...more,
  };
  return calendar;
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const noLeap = uniform('noleap', monthLengths);
const allLeap = uniform('all_leap', monthLengths.with(1, 29));
const threeHundredSixty = uniform('360_day', Array<number>(12).fill(30), { monthDays: 30 });

/**
 * The calendars by name.
 *
 * Source: CF conventions 1.11, section 4.4.1 "Calendar". `none` has no calendar (a climatology): its
 * reference is read as a standard date.
 */
export const calendars: Readonly<Record<string, Calendar>> = {
  standard,
  gregorian: standard,
  none: standard,
  proleptic_gregorian: prolepticGregorian,
  julian,
  noleap: noLeap,
  '365_day': noLeap,
  all_leap: allLeap,
  '366_day': allLeap,
  '360_day': threeHundredSixty,
};

/** Whether at least one calendar has the date. */
export function isDateOfSome(date: Omit<DateTime, 'milliseconds'>): boolean {
  return Object.values(calendars).some((calendar) => calendar.dayOf(date) !== undefined);
}

/** Milliseconds since 1970-01-01 of the calendar; undefined for a date that it does not have. */
export function instantOf(date: DateTime, calendar: Calendar): number | undefined {
  const day = calendar.dayOf(date);
  return day === undefined ? undefined : day * dayMilliseconds + date.milliseconds;
}

/** `2000-02-30T00:00:00Z`: the form of ISO 8601, with the dates of the calendar. */
export function formatInstant(instant: number, calendar: Calendar): string {
  const day = Math.floor(instant / dayMilliseconds);
  const time = new Date(instant - day * dayMilliseconds).toISOString().slice(10);
  return `${dateText(calendar.dateOf(day))}${time}`.replace('.000Z', 'Z');
}

/** `2000-02-30`: a date of any calendar in the form of ISO 8601. */
export function dateText({ year, month, day }: Omit<DateTime, 'milliseconds'>): string {
  return `${yearText(year)}-${two(month)}-${two(day)}`;
}

/** Years of more than four digits have a sign and six digits (ECMA-262, "Expanded Years"). */
function yearText(year: number): string {
  if (year >= 0 && year <= 9999) return String(year).padStart(4, '0');
  return `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function isInMonth(day: number, month: number, february: number): boolean {
  const length = month === 2 ? february : monthLengths[month - 1];
  return length !== undefined && day >= 1 && day <= length;
}
