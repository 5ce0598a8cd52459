import { describe, expect, it } from 'vitest';
import {
  areaWords,
  depthWords,
  latitudeWords,
  longitudeWords,
  periodWords,
  stepWords,
} from '../../../../lambda/protocols/html/coverage-words.ts';
import { durationWords } from '../../../../lambda/protocols/html/duration-words.ts';
import { formatWords } from '../../../../lambda/protocols/html/format-words.ts';

describe('what a layer covers', () => {
  it.each([
    [0, '0° N', '0° E'],
    [-0.5, '0.5° S', '0.5° W'],
    [45.123_46, '45.1235° N', '45.1235° E'],
    [90, '90° N', '90° E'],
  ])('%f degrees are %s or %s', (degrees, latitude, longitude) => {
    expect(latitudeWords(degrees)).toBe(latitude);
    expect(longitudeWords(degrees)).toBe(longitude);
  });

  it.each([
    [180, '180° E'],
    [180.5, '179.5° W'],
    [360, '0° E'],
    [-180, '180° W'],
  ])('a longitude of %f degrees, which may go on past the date line, is %s', (degrees, words) => {
    expect(longitudeWords(degrees)).toBe(words);
  });

  const bbox = [143, -44.5, 190, 40] as const;
  const sides = '44.5° S – 40° N, 143° E – 170° W';

  it.each([
    ['its cells unknown', undefined, sides],
    ['its time steps known alone', { time: 60 }, sides],
    ['square cells', { latitude: 0.02, longitude: 0.020_000_01 }, `${sides}, cells of 0.02°`],
    ['oblong cells', { latitude: 0.5, longitude: 1 }, `${sides}, cells of 0.5° × 1°`],
    ['cells of one known side', { longitude: 0.25 }, `${sides}, cells of 0.25°`],
  ])('an area with %s', (_, spacing, words) => {
    expect(areaWords({ bbox, ...(spacing ? { spacing } : {}) })).toBe(words);
  });

  it('a period has its first and last time, and how far apart they are if that is known', () => {
    const period = { start: '2024-01-15T00:00:00Z', end: '2024-02-01T12:30:00Z' };
    const times = '15 Jan 2024, 00:00:00 UTC – 1 Feb 2024, 12:30:00 UTC';
    expect(periodWords({ period })).toBe(times);
    expect(periodWords({ period, spacing: { depth: 1 } })).toBe(times);
    expect(periodWords({ period, spacing: { time: 3600 } })).toBe(`${times}, every 1 h`);
  });

  it('depths have their range in metres, and how far apart they are if that is known', () => {
    const depth = { shallowest: 0.5, deepest: 4000 };
    expect(depthWords({ depth })).toBe('0.5 – 4000 m');
    expect(depthWords({ depth, spacing: { time: 1 } })).toBe('0.5 – 4000 m');
    expect(depthWords({ depth, spacing: { depth: 25.126 } })).toBe(
      '0.5 – 4000 m, about 25.1 m apart',
    );
  });

  it('what is not known of a layer has no words', () => {
    const spacing = { time: 1, depth: 1, latitude: 1, longitude: 1 };
    expect([areaWords, periodWords, depthWords].map((words) => words({ spacing }))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['time', 2, 'a step of 2 h'],
    ['latitude', 3, 'a step of 0.15°'],
    ['longitude', 1, 'a step of 0.1°'],
    ['depth', 10, 'a step of 2460 m'],
    ['time', undefined, undefined],
  ] as const)('a stride along %s of %s is %s', (axis, stride, words) => {
    const spacing = { time: 3600, latitude: 0.05, longitude: 0.1, depth: 245.6 };
    expect(stepWords({ spacing }, axis, stride)).toBe(words);
    expect(stepWords({}, axis, stride)).toBeUndefined();
    expect(stepWords(undefined, axis, stride)).toBeUndefined();
  });
});

describe('how long jobs took, and what formats are for', () => {
  it.each([
    [undefined, 'not known yet'],
    [{ minimum: 2, maximum: 90, runs: 3 }, '2 s to 1 min 30 s, by the last 3 runs'],
    [{ minimum: 60, maximum: 60.2, runs: 5 }, 'about 1 min, by the last 5 runs'],
  ])('jobs that took %j take in words: %s', (duration, words) => {
    expect(durationWords(duration)).toBe(words);
  });

  it.each([
    ['text/csv', 'CSV, for spreadsheets (text/csv)'],
    ['application/x-other', 'application/x-other'],
    ['constructor', 'constructor'],
  ])('the format %s is %s', (mimeType, words) => {
    expect(formatWords(mimeType)).toBe(words);
  });
});
