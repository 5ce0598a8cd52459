import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Calendar,
  calendars,
  formatInstant,
} from '../../batch-jobs/gogoduck/grid/calendar.ts';
import {
  isTimeUnit,
  parseTimeUnits,
  type TimeUnits,
  toInstant,
} from '../../batch-jobs/gogoduck/grid/time-units.ts';

function instant(value: number, units: string, calendar?: string): string {
  const parsed = parseTimeUnits(units, calendar);
  if (typeof parsed === 'string') throw new Error(parsed);
  return new Date(toInstant(value, parsed)).toISOString();
}

describe('units of time', () => {
  it.each([
    [24_000.5, 'days since 1950-01-01 00:00:00 UTC', '2015-09-17T12:00:00.000Z'],
    [1_138_764_000, 'seconds since 1981-01-01 00:00:00', '2017-02-01T03:20:00.000Z'],
    [1, 'days since 2009-1-1', '2009-01-02T00:00:00.000Z'],
    [1.5, 'hours since 2000-01-01T06:00:00Z', '2000-01-01T07:30:00.000Z'],
    [90, 'minutes since 2000-01-01', '2000-01-01T01:30:00.000Z'],
    [250, 'msec since 2000-01-01', '2000-01-01T00:00:00.250Z'],
    [0, 'hours since 2000-01-01 00:00:00 +10:00', '1999-12-31T14:00:00.000Z'],
    [0, 'Hours since 2000-01-01 00:00:0.0', '2000-01-01T00:00:00.000Z'],
    [-1, 'days since 1970-01-01', '1969-12-31T00:00:00.000Z'],
    [1, 'weeks since 2000-01-01', '2000-01-08T00:00:00.000Z'],
    [1, 'fortnight since 2000-01-01', '2000-01-15T00:00:00.000Z'],
    // As `udunits2 -H 'months since 2000-01-01'` prints it.
    [1, 'months since 2000-01-01', '2000-01-31T10:29:03.831Z'],
    [1, 'years since 2000-01-01', '2000-12-31T05:48:45.975Z'],
    [1, 'common_year since 2001-01-01', '2002-01-01T00:00:00.000Z'],
    [1, 'leap_year since 2001-01-01', '2002-01-02T00:00:00.000Z'],
    [1, 'julian_year since 2001-01-01', '2002-01-01T06:00:00.000Z'],
    [1, 'gregorian_year since 2001-01-01', '2002-01-01T05:49:12.000Z'],
    [0, 'days since 2000-01-01 24:00', '2000-01-02T00:00:00.000Z'],
    [0, 'days since 2000-01-01 00:59:60', '2000-01-01T01:00:00.000Z'],
    [0.0000007, 'hours since 2000-01-01', '2000-01-01T00:00:00.003Z'],
    [1_577_836_800_000_000_000, 'nanoseconds since 1970-01-01', '2020-01-01T00:00:00.000Z'],
    [1_500, 'us since 2000-01-01', '2000-01-01T00:00:00.002Z'],
    [1, 'days since 19500101T000000Z', '1950-01-02T00:00:00.000Z'],
    [0, 'days since 19500101', '1950-01-01T00:00:00.000Z'],
    [0, 'days since 1950', '1950-01-01T00:00:00.000Z'],
    [0, 'days since 1950-6', '1950-06-01T00:00:00.000Z'],
    [0, 'hours since 1800-1-1 00:00:0.0 -6:00', '1800-01-01T06:00:00.000Z'],
    [0, 'hours since 1800-1-1 00:00:0.0 0:00', '1800-01-01T00:00:00.000Z'],
  ])('%d %s is %s', (value, units, expected) => {
    expect(instant(value, units)).toBe(expected);
  });

  it.each(['since', 'after', 'from', 'ref'])(
    'units of time may say "%s" before their reference',
    (word) => {
      expect(isTimeUnit(`days ${word} 2000-01-01`)).toBe(true);
      expect(instant(1, `days ${word} 2000-01-01`)).toBe('2000-01-02T00:00:00.000Z');
    },
  );

  it('times before the Gregorian calendar are Julian in the standard calendar, as in UDUNITS', () => {
    expect(instant(736_331, 'days since 1-1-1', 'standard')).toBe('2017-01-01T00:00:00.000Z');
    expect(instant(736_329, 'days since 1-1-1', 'proleptic_gregorian')).toBe(
      '2017-01-01T00:00:00.000Z',
    );
    expect(instant(0, 'days since 1582-10-15')).toBe('1582-10-15T00:00:00.000Z');
    expect(instant(1, 'days since 1582-10-04')).toBe('1582-10-15T00:00:00.000Z');
  });

  it('years before Christ count as historians do if the calendar has no year 0', () => {
    // As num2date of netCDF4 returns it: the first day of the Julian period.
    const days = 'days since -4713-01-01 12:00:00';
    expect(instant(2_458_849.5, days, 'standard')).toBe('2020-01-01T00:00:00.000Z');
    expect(instant(2_458_849.5, days, 'julian')).toBe('2020-01-01T00:00:00.000Z');
    expect(instant(2_458_849.5, 'days since -4713-11-24 12:00:00', 'proleptic_gregorian')).toBe(
      '2020-01-01T00:00:00.000Z',
    );
  });

  it('times are real milliseconds: what is exact in the file is exact here', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (milliseconds) => {
        const units = parseTimeUnits('days since 1950-01-01') as TimeUnits;
        const days = (milliseconds - units.reference) / 86_400_000;
        expect(toInstant(days, units)).toBe(milliseconds);
      }),
    );
  });

  it.each<[string, number, string, string]>([
    ['noleap', 59, 'days since 2000-01-01', '2000-03-01T00:00:00Z'],
    ['365_day', 365, 'days since 2000-01-01', '2001-01-01T00:00:00Z'],
    ['all_leap', 59, 'days since 2001-01-01', '2001-02-29T00:00:00Z'],
    ['366_day', -1, 'days since 2001-03-01', '2001-02-29T00:00:00Z'],
    ['360_day', 59, 'days since 2000-01-01', '2000-02-30T00:00:00Z'],
    ['360_day', 1.5, 'months since 2000-01-01', '2000-02-16T00:00:00Z'],
    ['360_day', 1, 'years since 2000-01-01', '2001-01-01T00:00:00Z'],
    ['360_day', -1, 'hours since 1970-01-01', '1969-12-30T23:00:00Z'],
    ['julian', 60, 'days since 1900-01-01', '1900-03-01T00:00:00Z'],
    ['julian', 59, 'days since 1900-01-01', '1900-02-29T00:00:00Z'],
    ['standard', -1, 'days since 1582-10-15', '1582-10-04T00:00:00Z'],
    ['proleptic_gregorian', -1, 'days since 1582-10-15', '1582-10-14T00:00:00Z'],
    ['Gregorian', 59, 'days since 1900-01-01', '1900-03-01T00:00:00Z'],
    ['gregorian', -1, 'days since 1582-10-15', '1582-10-04T00:00:00Z'],
    ['none', 59, 'days since 2000-01-01', '2000-02-29T00:00:00Z'],
    ['standard', 0, 'days since 1582-10-15', '1582-10-15T00:00:00Z'],
    ['julian', 0, 'days since 1900-02-29', '1900-02-29T00:00:00Z'],
    ['julian', 0, 'days since 1900-04-30', '1900-04-30T00:00:00Z'],
    // Year 0 is the reference of a climatology, a year of 366 days before year 1.
    ['standard', 366, 'days since 0000-01-01', '0001-01-01T00:00:00Z'],
    ['proleptic_gregorian', -1, 'days since 0000-01-01', '-000001-12-31T00:00:00Z'],
    ['proleptic_gregorian', 0, 'days since 0000-01-01', '0000-01-01T00:00:00Z'],
    ['proleptic_gregorian', 0, 'days since 9999-12-31', '9999-12-31T00:00:00Z'],
    ['proleptic_gregorian', 1, 'days since 9999-12-31', '+010000-01-01T00:00:00Z'],
  ])('in calendar %s, %d %s is %s', (calendar, value, text, expected) => {
    const units = parseTimeUnits(text, calendar);
    if (typeof units === 'string') throw new Error(units);
    expect(formatInstant(toInstant(value, units), units.calendar)).toBe(expected);
  });

  it.each(Object.keys(calendars))(
    'a date is the same again after its days are counted: %s',
    (name) => {
      const calendar = calendars[name] as Calendar;
      fc.assert(
        fc.property(fc.integer({ min: -800_000, max: 800_000 }), (day) => {
          expect(calendar.dayOf(calendar.dateOf(day))).toBe(day);
        }),
      );
    },
  );

  it.each([
    ['moons since 2000-01-01', undefined, 'units "moons since 2000-01-01"; allowed: years, months'],
    ['days', undefined, 'units "days"'],
    ['days since yesterday', undefined, 'units "days since yesterday"'],
    ['days since 2000-01-01', 'lunar', 'calendar "lunar"; allowed: standard, gregorian'],
    ['days since 2001-02-29', undefined, 'a date that the calendar "standard" has'],
    ['days since 2001-02-30', 'noleap', 'a date that the calendar "noleap" has'],
    ['days since 2001-01-00', 'noleap', 'a date that the calendar "noleap" has'],
    ['days since 1582-10-05', 'standard', 'a date that the calendar "standard" has'],
    ['days since 1582-10-14', 'standard', 'a date that the calendar "standard" has'],
    ['days since 1900-04-31', 'julian', 'a date that the calendar "julian" has'],
    ['days since 1900-01-00', 'julian', 'a date that the calendar "julian" has'],
    ['days since 1901-02-29', 'julian', 'a date that the calendar "julian" has'],
    ['days since 19500101T2500', undefined, 'units "days since 19500101T2500"'],
    ['days since 1950-01-01 00:60', undefined, 'units "days since 1950-01-01 00:60"'],
    ['days since 1950-01-01 00:00:61', undefined, 'units "days since 1950-01-01 00:00:61"'],
  ])('units of time "%s" (%s) are refused, with the reason', (units, calendar, words) => {
    expect(parseTimeUnits(units, calendar)).toContain(words);
  });
});
