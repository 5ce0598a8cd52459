import { describe, expect, it } from 'vitest';
import {
  KvpParameters,
  listOf,
  wrongParameter,
} from '../../../../lambda/protocols/ows/kvp-parameters.ts';
import { exceptionOf } from '../../../only-ows-exceptions.ts';

const known = ['Identifier', 'lineage', 'a b'];
const read = (query: string) => new KvpParameters(query, known);

describe('the parameters of a query string', () => {
  it.each([
    ['in any case', 'IDENTIFIER=echo', 'echo'],
    ['percent-encoded, key and value', '%49dentifier=%65cho', 'echo'],
    ['with a plus sign for each space', 'identifier=a+b%2Bc+d', 'a b+c d'],
    ['with equals signs in the value', 'identifier=a=b==', 'a=b=='],
    ['between spaces', 'identifier=+%20echo%20&x=1', 'echo'],
    ['twice with the same value', 'identifier=echo&Identifier=echo', 'echo'],
    ['besides unknown ones that differ', 'x=1&x=2&identifier=echo', 'echo'],
    ['besides a key that is not text', '%ff=1&identifier=echo', 'echo'],
    ['between empty ones', '&&identifier=echo&', 'echo'],
    ['with a percent sign that begins no escape', 'identifier=5%', '5%'],
  ])('a parameter is read %s', (_, query, value) => {
    expect(read(query).optional('identifier')).toBe(value);
    expect(read(query).required('Identifier')).toBe(value);
  });

  it.each(['', 'x=1', 'identifier', 'identifier=', 'identifier=+', 'identifier=%20'])(
    'a parameter is absent from "%s"',
    (query) => {
      expect(read(query).optional('Identifier')).toBeUndefined();
      expect(read(query).list('Identifier')).toEqual([]);
      expect(exceptionOf(() => read(query).required('Identifier'))).toMatchObject({
        code: 'MissingParameterValue',
        locator: 'Identifier',
        message: 'Parameter "Identifier" is missing.',
      });
    },
  );

  it('a parameter that is not there is empty before it is decoded', () => {
    expect(read('').encoded('identifier')).toBe('');
    expect(read('identifier= %2C ').encoded('identifier')).toBe('%2C');
  });

  it.each([
    ['is given twice with different values', 'identifier=a&IDENTIFIER=b', 'is given twice'],
    ['is given twice, once empty', 'identifier=&Identifier=b', 'is given twice'],
    ['is no UTF-8', 'identifier=%ff', 'is not text; allowed: percent-encoded UTF-8'],
    ['has a control character', 'identifier=a%00', 'is not text; allowed: percent-encoded UTF-8'],
  ])('a parameter is refused that %s', (_, query, words) => {
    const exception = exceptionOf(() => read(query).optional('Identifier'));
    expect(exception).toMatchObject({ code: 'InvalidParameterValue', locator: 'Identifier' });
    expect(exception.message).toContain(`Parameter "Identifier" ${words}`);
  });

  it.each([
    ['lineage=true', true],
    ['lineage=TRUE', true],
    ['lineage=False', false],
    ['lineage=', false],
    ['', false],
  ])('the flag of "%s" is %s', (query, value) => {
    expect(read(query).flag('lineage')).toBe(value);
  });

  it.each(['yes', '1', 'trueish', 'untrue', 'true,false'])('the flag %s is refused', (value) => {
    expect(exceptionOf(() => read(`lineage=${value}`).flag('lineage'))).toMatchObject({
      code: 'InvalidParameterValue',
      locator: 'lineage',
      message: `Parameter "lineage" is "${value}"; allowed: true, false.`,
    });
  });

  it('a list has the values between the commas, without gaps and spaces', () => {
    expect(read('identifier=a,+b%20%2C,,c,').list('identifier')).toEqual(['a', 'b', 'c']);
    expect(listOf(' , ')).toEqual([]);
    expect(listOf('one')).toEqual(['one']);
  });

  it('a wrong parameter is named with what was found and what is allowed', () => {
    expect(wrongParameter('language', 'xx', 'en, fr')).toMatchObject({
      code: 'InvalidParameterValue',
      locator: 'language',
      message: 'Parameter "language" is "xx"; allowed: en, fr.',
    });
  });
});
