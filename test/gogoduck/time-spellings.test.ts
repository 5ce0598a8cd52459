import { describe, expect, it } from 'vitest';
import {
  type Calendar,
  calendars,
  dateText,
  formatInstant,
  instantOf,
  isDateOfSome,
} from '../../batch-jobs/gogoduck/grid/calendar.ts';
import { isTimeUnit, parseTimeUnits } from '../../batch-jobs/gogoduck/grid/time-units.ts';

const unitOf = (name: string, calendar?: string) => {
  const units = parseTimeUnits(`${name} since 1970-01-01`, calendar);
  return typeof units === 'string' ? undefined : units.unit;
};
const referenceOf = (since: string, calendar?: string) => {
  const units = parseTimeUnits(`days since ${since}`, calendar);
  return typeof units === 'string' ? undefined : units.reference;
};
const hour = 3_600_000;
const day = 24 * hour;
/** The tropical year of UDUNITS, in milliseconds. */
const year = 3.15569259747e10;

describe('spellings of units of time', () => {
  it.each<[string, number]>([
    ['year years yr yrs tropical_year tropical_years YEARS', year],
    ['common_year common_years', 365 * day],
    ['leap_year leap_years', 366 * day],
    ['julian_year julian_years', 365.25 * day],
    ['gregorian_year gregorian_years', 365.2425 * day],
    ['month months Months', year / 12],
    ['fortnight fortnights', 14 * day],
    ['week weeks', 7 * day],
    ['day days d Days D', day],
    ['hour hours hr hrs h', hour],
    ['minute minutes min mins', 60_000],
    ['second seconds sec secs s', 1_000],
    ['millisecond milliseconds millisec millisecs millis msec msecs ms', 1],
    ['microsecond microseconds microsec microsecs us µs μs', 1e-3],
    ['nanosecond nanoseconds nanosec nanosecs nsec nsecs ns', 1e-6],
  ])('units of time %s have %d milliseconds', (spellings, milliseconds) => {
    for (const name of spellings.split(' ')) {
      expect(unitOf(name), name).toBe(milliseconds);
      expect(isTimeUnit(`${name} since 1970-01-01`), name).toBe(true);
      // A unit is a whole word.
      for (const other of [`x${name}`, `${name}x`]) expect(unitOf(other), other).toBeUndefined();
    }
  });

  it.each(['', 'daysx', 'xdays', 'moons', 'm', 'y', 'hs', 'seconds_', 'common', '1'])(
    'there is no unit of time "%s"',
    (name) => {
      expect(unitOf(name)).toBeUndefined();
    },
  );

  it.each([
    ['month', 30],
    ['months', 30],
    ['Month', 30],
    ['year', 360],
    ['years', 360],
    ['yr', 360],
    ['yrs', 360],
  ])('in a calendar whose months are alike, a %s has %d days', (name, days) => {
    expect(unitOf(name, '360_day')).toBe(days * day);
  });

  it('in a calendar whose months are alike, other units are as ever', () => {
    expect(unitOf('common_year', '360_day')).toBe(365 * day);
    expect(unitOf('xmonth', '360_day')).toBeUndefined();
    expect(unitOf('monthsx', '360_day')).toBeUndefined();
    expect(unitOf('yearsx', '360_day')).toBeUndefined();
    expect(unitOf('day', ' 360_DAY ')).toBe(day);
    expect(unitOf('months', 'noleap')).toBe(year / 12);
  });

  it.each([
    ['days since 2000', true],
    ['  days   SINCE 2000', true],
    ['days', false],
    ['days since', false],
    ['2 days since 2000', false],
    ['days sinces 2000', false],
    ['a b since 2000', false],
    ['m', false],
  ])('"%s" counts from a time: %s', (text, expected) => {
    expect(isTimeUnit(text)).toBe(expected);
  });
});

describe('the times that units count from', () => {
  const date = Date.UTC(1950, 5, 7);

  it.each<[string, number]>([
    ['1950-06-07', date],
    ['1950-6-7', date],
    ['19500607', date],
    ['1950-06', Date.UTC(1950, 5, 1)],
    ['1950', Date.UTC(1950, 0, 1)],
    ['1950-06-07T5', date + 5 * hour],
    ['1950-06-07 05', date + 5 * hour],
    ['1950-06-07 5:6', date + 5 * hour + 6 * 60_000],
    ['1950-06-07   05:06:07', date + 5 * hour + 6 * 60_000 + 7_000],
    ['1950-06-07 05:06:07.25', date + 5 * hour + 6 * 60_000 + 7_250],
    ['1950-06-07 05:06:07.', date + 5 * hour + 6 * 60_000 + 7_000],
    ['19500607T05', date + 5 * hour],
    ['19500607T0506', date + 5 * hour + 6 * 60_000],
    ['19500607T050607', date + 5 * hour + 6 * 60_000 + 7_000],
    ['19500607T050607.5', date + 5 * hour + 6 * 60_000 + 7_500],
    ['19500607T050607Z', date + 5 * hour + 6 * 60_000 + 7_000],
    ['19500607 UTC', date],
    ['1950-06-07 24:00', date + day],
    ['1950-06-07 00:59', date + 59 * 60_000],
    ['1950-06-07 00:00:60', date + 60_000],
    ...['Z', ' Z', ' UTC', ' utc', ' GMT', ' 0', ' +0', ' +00:00', ' 00'].map(
      (zone): [string, number] => [`1950-06-07T12:00:00${zone}`, date + 12 * hour],
    ),
    ['1950-06-07 12:00 +10', date + 2 * hour],
    ['1950-06-07 12:00 10', date + 2 * hour],
    ['1950-06-07 12:00 -10', date + 22 * hour],
    ['1950-06-07 12:00 +9:30', date + 2.5 * hour],
    ['1950-06-07 12:00 +0930', date + 2.5 * hour],
    ['1950-06-07 12:00 -3:30', date + 15.5 * hour],
  ])('units may count from "%s"', (since, expected) => {
    expect(referenceOf(since)).toBe(expected);
  });

  it.each([
    '',
    'x1950-06-07',
    '1950-06-07x',
    '1950/06/07',
    '19500',
    '1950-06-07 25:00',
    '1950-06-07 00:60',
    '1950-06-07 00:00:61',
    '1950-06-07 12:00 +9:3',
    '195006',
    '1950-06-0112:00',
    '1950-06-07T0506',
    '1950-123',
    '1950-06-07+10',
    '1950-06-07 12:00 UTC 5',
    '19500607T5',
    '1950-13-01',
    '1950-00-01',
    '1950-06-31',
  ])('units do not count from "%s"', (since) => {
    expect(referenceOf(since)).toBeUndefined();
  });

  it('calendars that are unknown are refused with those that are not', () => {
    expect(parseTimeUnits('days since 2000-01-01', 'lunar')).toBe(
      'calendar "lunar"; allowed: standard, gregorian, none, proleptic_gregorian, julian, noleap, 365_day, all_leap, 366_day, 360_day',
    );
  });

  it('years before Christ count from -1 where there is no year 0, and year 0 is as it is', () => {
    const yearOne = referenceOf('0001-01-01', 'julian') ?? 0;
    expect(referenceOf('-1-01-01', 'julian')).toBe(yearOne - 366 * day);
    expect(referenceOf('0000-01-01', 'julian')).toBe(yearOne - 366 * day);
    expect(referenceOf('-2-01-01', 'julian')).toBe(yearOne - (366 + 365) * day);
    const proleptic = referenceOf('0001-01-01', 'proleptic_gregorian') ?? 0;
    expect(referenceOf('0000-01-01', 'proleptic_gregorian')).toBe(proleptic - 366 * day);
    expect(referenceOf('-1-01-01', 'proleptic_gregorian')).toBe(proleptic - (366 + 365) * day);
    for (const own of ['noleap', '360_day']) {
      const days = own === 'noleap' ? 365 : 360;
      const first = referenceOf('0001-01-01', own) ?? 0;
      expect(referenceOf('-1-01-01', own)).toBe(first - 2 * days * day);
    }
  });
});

describe('calendars', () => {
  const of = (name: string) => calendars[name] as Calendar;
  const has = (name: string, year: number, month: number, day: number) =>
    of(name).dayOf({ year, month, day }) !== undefined;
  const real = ['standard', 'gregorian', 'none', 'proleptic_gregorian', 'julian'];
  const others = ['noleap', '365_day', 'all_leap', '366_day', '360_day'];

  it('calendars of real days are known from those of models', () => {
    expect(real.map((name) => of(name).isReal)).toEqual(real.map(() => true));
    expect(others.map((name) => of(name).isReal)).toEqual(others.map(() => false));
    expect([...real, ...others].map((name) => of(name).name)).toEqual([
      ...['standard', 'standard', 'standard', 'proleptic_gregorian', 'julian'],
      ...['noleap', 'noleap', 'all_leap', 'all_leap', '360_day'],
    ]);
  });

  it.each([...real, ...others])('a calendar has the days of its months: %s', (name) => {
    const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    const february = name.includes('all_leap') || name === '366_day' ? 29 : 28;
    for (const [index, length] of lengths.entries()) {
      const month = index + 1;
      const own = name === '360_day' ? 30 : month === 2 ? february : length;
      expect(has(name, 2001, month, 1)).toBe(true);
      expect(has(name, 2001, month, own)).toBe(true);
      expect(has(name, 2001, month, own + 1)).toBe(false);
      expect(has(name, 2001, month, 0)).toBe(false);
    }
    expect(has(name, 2001, 0, 1)).toBe(false);
    expect(has(name, 2001, 13, 1)).toBe(false);
  });

  it.each([
    ['standard', [true, false, true, true]],
    ['proleptic_gregorian', [true, false, true, false]],
    ['julian', [true, true, true, true]],
    ['noleap', [false, false, false, false]],
    ['all_leap', [true, true, true, true]],
  ])('a calendar has the leap days of its years: %s', (name, expected) => {
    // 1500 was a leap year as long as every fourth year was.
    expect([2000, 1900, 2004, 1500].map((each) => has(name, each, 2, 29))).toEqual(expected);
  });

  it('the standard calendar skips ten days in October 1582', () => {
    const dayOf = (month: number, date: number) =>
      of('standard').dayOf({ year: 1582, month, day: date });
    expect([5, 14].map((date) => dayOf(10, date))).toEqual([undefined, undefined]);
    expect((dayOf(10, 15) ?? 0) - (dayOf(10, 4) ?? 0)).toBe(1);
    expect(of('standard').dateOf(dayOf(10, 15) ?? 0)).toEqual({ year: 1582, month: 10, day: 15 });
    expect(of('standard').dateOf((dayOf(10, 15) ?? 0) - 1)).toEqual({
      year: 1582,
      month: 10,
      day: 4,
    });
  });

  it('a date is known if at least one calendar has it', () => {
    expect(isDateOfSome({ year: 2001, month: 2, day: 30 })).toBe(true);
    expect(isDateOfSome({ year: 2001, month: 2, day: 31 })).toBe(false);
    expect(isDateOfSome({ year: 2001, month: 12, day: 31 })).toBe(true);
    expect(isDateOfSome({ year: 2001, month: 4, day: 31 })).toBe(false);
  });

  it('an instant has the milliseconds of its day', () => {
    const date = { year: 1970, month: 1, day: 2, milliseconds: 5 };
    expect(instantOf(date, of('standard'))).toBe(day + 5);
    expect(instantOf({ ...date, day: 32 }, of('standard'))).toBeUndefined();
  });

  it.each([
    [0, '1970-01-01T00:00:00Z'],
    [-1, '1969-12-31T23:59:59.999Z'],
    [1_500, '1970-01-01T00:00:01.500Z'],
    [day - 1_000, '1970-01-01T23:59:59Z'],
  ])('instant %d is written %s', (instant, text) => {
    expect(formatInstant(instant, of('standard'))).toBe(text);
  });

  it.each([
    [0, '0000-03-04'],
    [7, '0007-03-04'],
    [9_999, '9999-03-04'],
    [10_000, '+010000-03-04'],
    [-1, '-000001-03-04'],
  ])('the year %d is written %s', (year, text) => {
    expect(dateText({ year, month: 3, day: 4 })).toBe(text);
  });
});
