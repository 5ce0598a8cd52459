import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
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
  ])('%d %s is %s', (value, units, expected) => {
    expect(instant(value, units)).toBe(expected);
  });

  it('before the Gregorian calendar are Julian in the standard calendar, as UDUNITS has it', () => {
    expect(instant(736_331, 'days since 1-1-1', 'standard')).toBe('2017-01-01T00:00:00.000Z');
    expect(instant(736_329, 'days since 1-1-1', 'proleptic_gregorian')).toBe(
      '2017-01-01T00:00:00.000Z',
    );
    expect(instant(0, 'days since 1582-10-15')).toBe('1582-10-15T00:00:00.000Z');
    expect(instant(1, 'days since 1582-10-04')).toBe('1582-10-15T00:00:00.000Z');
  });

  it('count real milliseconds: what is exact in the file is exact here', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (milliseconds) => {
        const units = parseTimeUnits('days since 1950-01-01') as TimeUnits;
        const days = (milliseconds - units.reference) / 86_400_000;
        expect(toInstant(days, units)).toBe(milliseconds);
      }),
    );
  });

  it.each([
    ['months since 2000-01-01', undefined, 'units "months since 2000-01-01"; allowed: days, hours'],
    ['days', undefined, 'units "days"'],
    ['days since yesterday', undefined, 'units "days since yesterday"'],
    ['days since 2000-01-01', 'noleap', 'calendar "noleap"; allowed: standard, gregorian'],
    ['days since 2000-01-01', '360_day', 'calendar "360_day"'],
  ])('"%s" (%s) are not understood, and it is said why', (units, calendar, words) => {
    expect(parseTimeUnits(units, calendar)).toContain(words);
  });
});
