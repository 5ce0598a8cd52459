import { describe, expect, it } from 'vitest';
import { decodeJobFilter } from '../../../../lambda/protocols/ogc-api/decode-job-filter.ts';

const decoded = (query: string) => decodeJobFilter(new URLSearchParams(query));

describe('a request for the job list', () => {
  const at = Date.parse;

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z', '2026-01-31T23:59:59.999Z'],
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z', '2026-01-31T12:00:00.999Z'],
    ['2026-01-31T12:00:00.5Z', '2026-01-31T12:00:00.500Z', '2026-01-31T12:00:00.500Z'],
    ['2026-01-31T12:00:00.5Z/..', '2026-01-31T12:00:00.500Z', undefined],
    ['../2026-01-31', undefined, '2026-01-31T23:59:59.999Z'],
    ['/2026-01-31T12:00:00%2B10:00', undefined, '2026-01-31T02:00:00.999Z'],
    // In a query, a plus sign that is not encoded is a space.
    ['2026-01-31T12:00:00+10:00/..', '2026-01-31T02:00:00.000Z', undefined],
    [
      '2026-01-01T10:00:00Z/2026-01-01T10:00:00Z',
      '2026-01-01T10:00:00.000Z',
      '2026-01-01T10:00:00.999Z',
    ],
    [
      '2026-01-01T10:00:00.5Z/2026-01-01T10:00:00.5Z',
      '2026-01-01T10:00:00.500Z',
      '2026-01-01T10:00:00.500Z',
    ],
    ['../..', undefined, undefined],
    ['/', undefined, undefined],
    ['', undefined, undefined],
  ])('the job list for datetime=%s begins at %s and ends at %s', (datetime, from, to) => {
    expect(decoded(`datetime=${datetime}`).filter).toStrictEqual({
      ...(from === undefined ? {} : { createdFrom: at(from) }),
      ...(to === undefined ? {} : { createdTo: at(to) }),
    });
  });

  it.each([
    '..',
    '2026-13-01',
    '2026-01-31T12:00',
    '20260131',
    '2026-01-01T10:00:00.6Z/2026-01-01T10:00:00.5Z',
  ])('the job list for datetime=%s is refused', (datetime) => {
    expect(() => decoded(`datetime=${datetime}`)).toThrow(
      expect.objectContaining({
        ...{ kind: 'invalid-value', subject: 'datetime' },
        message: `Parameter "datetime" is "${datetime}"; allowed: an instant such as 2024-01-31T12:00:00Z, or an interval such as 2024-01-01T00:00:00Z/2024-02-01T00:00:00Z, open with "..".`,
      }),
    );
  });

  it.each([
    ['', 10],
    ['limit=', 10],
    ['limit=1', 1],
    ['limit=999', 999],
    ['limit=1000', 1000],
    ['limit=1001', 1000],
  ])('the job list for "%s" has at most %i entries', (query, limit) => {
    expect(decoded(query).limit).toBe(limit);
  });

  it('the job list takes a duration of 0 seconds as a bound, and running jobs include those between two attempts', () => {
    expect(decoded('minDuration=0&maxDuration=0&status=running,failed').filter).toStrictEqual({
      minDuration: 0,
      maxDuration: 0,
      statuses: ['running', 'paused', 'failed'],
    });
  });

  it.each(['', 'cursor=', 'cursor'])(
    'the job list for "%s" begins with the latest job',
    (query) => {
      expect(decoded(query)).not.toHaveProperty('cursor');
    },
  );

  it('the job list is filtered by every parameter at once, given as lists or repeated', () => {
    const query =
      'type=process&processID=a,+b&processID=c&status=accepted&status=successful,dismissed&label=x,,y&minDuration=1&maxDuration=2';
    expect(decoded(query)).toStrictEqual({
      limit: 10,
      filter: {
        ...{ processes: ['a', 'b', 'c'], statuses: ['accepted', 'succeeded', 'dismissed'] },
        ...{ labels: ['x', 'y'], minDuration: 1, maxDuration: 2 },
      },
    });
  });

  it('the job list is refused with the beginning of a long value', () => {
    expect(() => decoded(`type=${'x'.repeat(300)}`)).toThrow(
      `Parameter "type" is "${'x'.repeat(200)}"; allowed: process.`,
    );
  });

  it.each([
    ['type=wps', 'process'],
    ['status=toString', 'accepted, running, successful, failed, dismissed'],
    ['limit=0', 'a whole number from 1'],
    ['limit=1234567890123456', 'a whole number from 1'],
    ['minDuration=-1', 'a whole number from 0'],
    ['maxDuration=1e3', 'a whole number from 0'],
    ['cursor=../x', 'the one of a link to the next page'],
  ])('the job list for %s is refused; allowed: %s', (query, allowed) => {
    const [name = '', value] = query.split('=');
    expect(() => decoded(query)).toThrow(
      expect.objectContaining({
        ...{ kind: 'invalid-value', subject: name },
        message: `Parameter "${name}" is "${value}"; allowed: ${allowed}.`,
      }),
    );
  });
});
