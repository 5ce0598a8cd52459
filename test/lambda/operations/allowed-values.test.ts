import { describe, expect, it, onTestFinished } from 'vitest';
import type {
  LiteralDataType,
  LiteralInput,
  ValueRange,
} from '../../../batch-jobs/api/process-description.ts';
import { checkLiteral } from '../../../lambda/operations/check-literal.ts';
import { faultOf } from '../../only-service-faults.ts';

const allowing = (
  dataType: LiteralDataType,
  ...allowedValues: (string | ValueRange)[]
): LiteralInput => ({
  ...{ kind: 'literal', identifier: 'value', title: 'Value', minOccurs: 1, maxOccurs: 1 },
  ...{ dataType, allowedValues },
});

describe('the allowed values of a literal', () => {
  it.each([
    ['a value in other digits', 'integer', '5', '+05'],
    ['a number in another notation', 'double', '1000', '1e3'],
    ['infinity by its name', 'double', 'INF', 'INF'],
    ['infinity below zero', 'double', '-INF', '-INF'],
    ['no number, where that is named', 'double', 'NaN', 'NaN'],
    [
      'the same instant in another zone',
      'dateTime',
      '2017-01-01T00:00:00Z',
      '2017-01-01T11:00:00+11:00',
    ],
    [
      'an instant without a zone, as UTC',
      'dateTime',
      '2017-01-01T00:00:00Z',
      '2017-01-01T00:00:00',
    ],
    ['midnight as the end of a day', 'dateTime', '2017-01-02T00:00:00', '2017-01-01T24:00:00'],
    ['a day with a zone', 'date', '2017-01-01', '2017-01-01Z'],
    ['the least of a range', 'integer', { minimum: '9', maximum: '10' }, '9'],
    ['the most of a range', 'integer', { minimum: '9', maximum: '10' }, '10'],
    ['the least of a range without an end', 'date', { minimum: '2017-01-01' }, '2017-01-01'],
    ['the most of a range without a beginning', 'date', { maximum: '2017-01-01' }, '2017-01-01'],
    [
      'a day of a zone where it is still the day before',
      'date',
      { minimum: '2017-01-01' },
      '2017-01-01-10:00',
    ],
    ['a text within a range', 'string', { minimum: 'b', maximum: 'd' }, 'c'],
    ['minus infinity in a range without a beginning', 'double', { maximum: '1' }, '-INF'],
  ] as const)('an allowed value of a literal is accepted: %s', (_, dataType, allowed, value) => {
    expect(checkLiteral(allowing(dataType, allowed), { value })).toMatchObject({ value });
  });

  it.each([
    ['just below a range', 'integer', { minimum: '9', maximum: '10' }, '8'],
    ['just above a range', 'integer', { minimum: '9', maximum: '10' }, '11'],
    ['before its zone is counted', 'date', { minimum: '2017-01-01' }, '2017-01-01+10:00'],
    [
      'an hour early in its zone',
      'dateTime',
      { minimum: '2017-01-01T00:00:00Z' },
      '2017-01-01T10:00:00+11:00',
    ],
    ['a day late', 'date', { maximum: '2017-01-01' }, '2017-01-02'],
    ['a text outside a range', 'string', { minimum: 'b', maximum: 'd' }, 'e'],
    ['infinity above a range', 'double', { minimum: '0', maximum: '1e308' }, 'INF'],
    ['another text', 'string', '5', '05'],
  ] as const)(
    'a value of a literal that is not allowed is refused: %s',
    (_, dataType, allowed, value) => {
      expect(faultOf(() => checkLiteral(allowing(dataType, allowed), { value }))).toMatchObject({
        kind: 'invalid-value',
        subject: 'value',
        message: expect.stringContaining(`Input "value" is "${value}"; allowed: `),
      });
    },
  );

  it('an instant without a zone is one of UTC, wherever the service runs', () => {
    const { TZ } = process.env;
    onTestFinished(() => {
      if (TZ === undefined) delete process.env['TZ'];
      else process.env['TZ'] = TZ;
    });
    process.env['TZ'] = 'Australia/Hobart';
    const described = allowing('dateTime', { minimum: '2017-01-01T00:00:00Z' });
    const check = (value: string) => () => checkLiteral(described, { value });
    expect(check('2017-01-01T00:00:00')).not.toThrow();
    expect(faultOf(check('2016-12-31T23:59:59')).kind).toBe('invalid-value');
  });

  it.each(['2017-02-29T00:00:00', '2017-04-31T00:00:00Z', '1900-02-29T12:00:00+01:00'])(
    'an instant is on a day that there is, and so not %s',
    (value) => {
      const described: LiteralInput = { ...allowing('dateTime'), allowedValues: [{}] };
      expect(faultOf(() => checkLiteral(described, { value })).message).toBe(
        `Input "value" is "${value}"; allowed: a value of type dateTime.`,
      );
    },
  );

  it('a value of a literal that is not allowed is refused with all that are', () => {
    const described = allowing(
      'integer',
      '-1',
      { minimum: '1', maximum: '2' },
      { minimum: '7' },
      { maximum: '-5' },
    );
    expect(faultOf(() => checkLiteral(described, { value: '0' })).message).toBe(
      'Input "value" is "0"; allowed: "-1", 1 to 2, from 7, up to -5.',
    );
    for (const value of ['-1', '1', '2', '7', '-5', '-6']) {
      expect(checkLiteral(described, { value })).toMatchObject({ value });
    }
  });

  it('the allowed values of a literal are in its first unit; in another one, its process decides', () => {
    const described = { ...allowing('double', { maximum: '10' }), uoms: ['m', 'ft'] } as const;
    expect(checkLiteral(described, { value: '30', uom: 'ft' })).toMatchObject({ uom: 'ft' });
    for (const given of [{ value: '30', uom: 'm' }, { value: '30' }]) {
      expect(faultOf(() => checkLiteral(described, given)).message).toContain('up to 10');
    }
  });

  it.each([
    [['m', 'ft'], 'Input "value" has unit "km"; allowed: "m", "ft".'],
    [undefined, 'Input "value" has unit "km"; allowed: none.'],
  ] as const)('a unit that a literal does not have is refused with %j', (uoms, message) => {
    const described = { ...allowing('double', { maximum: '10' }), ...(uoms ? { uoms } : {}) };
    expect(faultOf(() => checkLiteral(described, { value: '1', uom: 'km' }))).toMatchObject({
      ...{ kind: 'invalid-value', subject: 'value', message },
    });
  });
});
