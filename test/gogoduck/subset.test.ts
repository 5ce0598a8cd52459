import { describe, expect, it } from 'vitest';
import { JobError } from '../../batch-jobs/gogoduck/job-error.ts';
import { isPoint, parseSubset } from '../../batch-jobs/gogoduck/subset.ts';

const area = 'LATITUDE,-33.18,-31.45;LONGITUDE,114.82,115.39';

function faultOf(text: string): string {
  try {
    parseSubset(text);
  } catch (error) {
    if (error instanceof JobError) {
      expect(error.exitCode).toBe(64);
      return error.message;
    }
    throw error;
  }
  return 'no fault';
}

describe('a subset', () => {
  it('a subset is read from the form that the AODN portal sends', () => {
    expect(
      parseSubset(`TIME,2017-01-01T00:00:00.000Z,2017-01-07T23:04:00.000Z;${area};DEPTH,0,100`),
    ).toMatchObject({
      time: { minimum: Date.UTC(2017, 0, 1), maximum: Date.UTC(2017, 0, 7, 23, 4) },
      latitude: { minimum: -33.18, maximum: -31.45 },
      longitude: { minimum: 114.82, maximum: 115.39 },
      depth: { minimum: 0, maximum: 100 },
    });
  });

  it('a subset needs no time, depth, order or capital letters', () => {
    const parts = ' longitude , 1, 2 ; latitude,3,4; ';
    expect(parseSubset(parts)).toEqual({
      latitude: { minimum: 3, maximum: 4 },
      longitude: { minimum: 1, maximum: 2 },
    });
  });

  it.each([
    ['2017-01-01T10:00:00+10:00', Date.UTC(2017, 0, 1)],
    ['2017-01-01T00:00:00', Date.UTC(2017, 0, 1)],
    ['2017-01-01T00:00Z', Date.UTC(2017, 0, 1)],
    ['2017-01-01', Date.UTC(2017, 0, 1)],
  ])('a subset accepts %s as the start of a period', (start, instant) => {
    expect(parseSubset(`TIME,${start},2018-01-01;${area}`).time?.minimum).toBe(instant);
  });

  it('a subset takes a date alone as the end of a period to mean its last moment', () => {
    expect(parseSubset(`TIME,2017-01-01,2017-01-01;${area}`).time).toMatchObject({
      minimum: Date.UTC(2017, 0, 1),
      maximum: Date.UTC(2017, 0, 2) - 1,
    });
  });

  it('a subset may be a point, or a line', () => {
    expect(isPoint(parseSubset('LATITUDE,-32,-32;LONGITUDE,115,115'))).toBe(true);
    expect(isPoint(parseSubset('LATITUDE,-32,-32;LONGITUDE,114,115'))).toBe(false);
  });

  it.each([
    ['', 'has no LATITUDE'],
    ['LATITUDE,1,2', 'has no LONGITUDE'],
    ['nonsense', 'has a part "nonsense"; allowed: TIME,<start>,<end>;LATITUDE,'],
    [`${area};HEIGHT,0,1`, 'has a part "HEIGHT,0,1"'],
    [`${area};LATITUDE,1,2`, 'has LATITUDE twice; allowed: once.'],
    ['LATITUDE,1;LONGITUDE,1,2', 'has "LATITUDE,1"; allowed: LATITUDE with two values'],
    ['LATITUDE,1,2,3;LONGITUDE,1,2', 'has "LATITUDE,1,2,3"; allowed: LATITUDE with two values'],
    ['LATITUDE,,2;LONGITUDE,1,2', 'has "LATITUDE,,2"'],
    ['LATITUDE,-90.5,2;LONGITUDE,1,2', 'has LATITUDE "-90.5"; allowed: -90 to 90 (degrees north).'],
    ['LATITUDE,1,2;LONGITUDE,-181,2', 'has LONGITUDE "-181"; allowed: -180 to 360 (degrees east).'],
    ['LATITUDE,south,2;LONGITUDE,1,2', 'has LATITUDE "south"'],
    ['LATITUDE,0x10,20;LONGITUDE,1,2', 'has LATITUDE "0x10"'],
    ['LATITUDE,Infinity,2;LONGITUDE,1,2', 'has LATITUDE "Infinity"'],
    ['LATITUDE,2,1;LONGITUDE,1,2', 'has LATITUDE from 2 to 1; allowed: the smaller value first.'],
    [`${area};DEPTH,100,0`, 'has DEPTH from 100 to 0'],
    [
      `${area};TIME,2017-02-01,2017-01-01`,
      'has TIME from 2017-02-01 to 2017-01-01; allowed: a start',
    ],
    [
      `${area};TIME,2017-02-31,2017-03-01`,
      'has TIME "2017-02-31", a day that no calendar has; allowed: a date',
    ],
    [`${area};TIME,2017-13-01,2018-03-01`, 'has TIME "2017-13-01"'],
    [`${area};TIME,yesterday,today`, 'has TIME "yesterday"'],
    [`${area};TIME,2017-01-01T25:00:00Z,2018-01-01`, 'has TIME "2017-01-01T25:00:00Z"'],
  ])(
    'a subset that is "%s" is refused, naming what was found and what is allowed',
    (text, words) => {
      expect(faultOf(text)).toContain(`Input "subset" ${words}`);
    },
  );

  it('a subset across the date line is refused with a hint on how to write it', () => {
    expect(faultOf('LATITUDE,1,2;LONGITUDE,170,-170')).toBe(
      'Input "subset" has LONGITUDE from 170 to -170; allowed: the smaller value first. Across the date line longitudes go on past 180: 170,190.',
    );
  });

  it('the refusal of an endless subset is shortened', () => {
    expect(faultOf('x'.repeat(10_000)).length).toBeLessThan(400);
  });
});
