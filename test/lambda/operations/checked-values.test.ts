import { describe, expect, it } from 'vitest';
import type { Reference } from '../../../batch-jobs/api/job.ts';
import type {
  ComplexInput,
  LiteralInput,
  ProcessDescription,
} from '../../../batch-jobs/api/process-description.ts';
import { checkBoundingBox } from '../../../lambda/operations/check-bounding-box.ts';
import { checkComplex, checkReference } from '../../../lambda/operations/check-complex.ts';
import { checkInputs } from '../../../lambda/operations/check-inputs.ts';
import { checkLiteral } from '../../../lambda/operations/check-literal.ts';
import { checkSubscriber } from '../../../lambda/operations/check-subscriber.ts';
import { chooseFormat } from '../../../lambda/operations/choose-format.ts';
import type { FormatChoice } from '../../../lambda/operations/execute-command.ts';
import { echo } from '../../echo.ts';
import { faultOf } from '../../only-service-faults.ts';

const once = { title: 'Value', minOccurs: 1, maxOccurs: 1 } as const;
const literal = (dataType: LiteralInput['dataType']): LiteralInput => ({
  kind: 'literal',
  identifier: 'value',
  dataType,
  ...once,
});
const complex = (...formats: ComplexInput['formats']): ComplexInput => ({
  kind: 'complex',
  identifier: 'value',
  maximumMegabytes: 1,
  formats,
  ...once,
});

describe('a literal that was checked', () => {
  it('a checked literal has a unit only if it was given one', () => {
    const plain = { kind: 'literal', value: '1', dataType: 'double' };
    expect(checkLiteral(literal('double'), { value: '1' })).toStrictEqual(plain);
    const measured: LiteralInput = { ...literal('double'), uoms: ['m', 'km'] };
    expect(checkLiteral(measured, { value: '1', uom: 'km' })).toStrictEqual({
      ...plain,
      uom: 'km',
    });
  });

  it('a checked string may have any length', () => {
    const value = 'x'.repeat(8_193);
    expect(checkLiteral(literal('string'), { value })).toMatchObject({ value });
  });

  it.each(['2020-02-29Z', '2020-02-29+10:00', '2020-02-29-03:30', '2020-02-29'])(
    'a checked date may be the last day of a month, as in %s, but no later one',
    (value) => {
      expect(checkLiteral(literal('date'), { value })).toMatchObject({ value });
      const later = { value: value.replace('-29', '-30') };
      expect(faultOf(() => checkLiteral(literal('date'), later)).kind).toBe('invalid-value');
    },
  );

  it.each([
    ['1', 'true'],
    ['True', 'true'],
    ['0', 'false'],
    ['FALSE', 'false'],
  ])('a checked boolean has one form: %s is %s', (given, value) => {
    expect(checkLiteral(literal('boolean'), { value: given })).toMatchObject({ value });
  });
});

describe('a complex value that was checked', () => {
  it('a checked complex value has only the properties of its format', () => {
    const content = { text: 'a' };
    expect(
      checkComplex(complex({ mimeType: 'text/plain', extension: '.txt' }), {}, content),
    ).toStrictEqual({
      kind: 'complex',
      mimeType: 'text/plain',
      source: content,
    });
    const format = { mimeType: 'text/plain', encoding: 'utf-8', schema: 'urn:s' };
    expect(checkComplex(complex({ ...format, extension: '.txt' }), {}, content)).toStrictEqual({
      kind: 'complex',
      ...format,
      source: content,
    });
  });

  it('a checked complex value that came as base64 is base64, even if nothing says so', () => {
    const described = complex({ mimeType: 'application/x', extension: '.x' });
    expect(checkComplex(described, {}, { base64: 'AQID' })).toMatchObject({
      source: { base64: 'AQID' },
    });
    expect(faultOf(() => checkComplex(described, {}, { base64: '-' })).kind).toBe('invalid-value');
  });
});

describe('the size and encoding of a complex value', () => {
  const mebibyte = 1024 * 1024;
  const plain = complex({ mimeType: 'text/plain', extension: '.txt' });
  const binary = complex({ mimeType: 'application/x', encoding: 'base64', extension: '.x' });
  const bytes = (count: number) => Buffer.alloc(count, 'a');

  it.each([
    ['of text in bytes, not in characters', plain, { text: `${'é'.repeat(mebibyte / 2)}` }],
    ['of base64 after decoding', binary, { text: bytes(mebibyte).toString('base64') }],
    ['of bytes', plain, { base64: bytes(mebibyte).toString('base64') }],
  ])('a complex value may be as large as its input allows, %s', (_, described, content) => {
    expect(() => checkComplex(described, {}, content)).not.toThrow();
    const larger =
      'base64' in content
        ? { base64: bytes(mebibyte + 1).toString('base64') }
        : {
            text:
              described === binary ? bytes(mebibyte + 1).toString('base64') : `${content.text}a`,
          };
    expect(faultOf(() => checkComplex(described, {}, larger))).toMatchObject({
      kind: 'too-large',
      subject: 'value',
    });
  });

  it.each([
    ['by its description', binary, {}],
    ['by its description, where the request leaves it empty', binary, { encoding: '' }],
    ['by its request, in any case', plain, { encoding: 'BASE64' }],
  ])('a complex value is base64 %s', (_, described, choice) => {
    expect(checkComplex(described, choice, { text: ' AQID\nBA== ' })).toMatchObject({
      source: { base64: 'AQIDBA==' },
    });
    for (const text of ['AQI', 'AQID=', '=AQI', 'AQ-_', 'AQIDB']) {
      expect(faultOf(() => checkComplex(described, choice, { text }))).toMatchObject({
        kind: 'invalid-value',
        subject: 'value',
        message: expect.stringContaining('declared as base64'),
      });
    }
  });

  it('a complex value is text if its request says so of an input without an encoding', () => {
    const content = { text: 'AQI=' };
    expect(checkComplex(plain, { encoding: 'utf-8' }, content)).toMatchObject({ source: content });
  });

  it.each([{ text: '{"a":1}' }, { base64: Buffer.from('{"a":1}').toString('base64') }])(
    'a complex value is checked against its schema as text: %j',
    (content) => {
      const jsonSchema = { type: 'object' } as const;
      const described = complex({ mimeType: 'application/json', jsonSchema, extension: '.json' });
      const checked: unknown[] = [];
      checkComplex(described, {}, content, (...given) => void checked.push(given));
      expect(checked).toEqual([['value', jsonSchema, '{"a":1}']]);
      expect(() => checkComplex(described, {}, content)).toThrow('is not checked by its schema');
    },
  );
});

describe('a reference that was checked', () => {
  const described = complex({ mimeType: 'text/plain', extension: '.txt' });
  const check = (change: Partial<Reference>) => () =>
    checkReference(
      described,
      { kind: 'reference', href: 'https://a.org/', method: 'GET', headers: [], ...change },
      ['a.org'],
    );

  it.each([
    ['a body', { body: { text: 'x', mimeType: 'text/plain' } }, 'has a body; allowed: a body'],
    ['a body by reference', { bodyReference: 'https://a.org/b' }, 'has a body; allowed: a body'],
    ['another host', { href: 'https://b.org/' }, 'host "b.org"'],
    ['a body of another host', { method: 'POST', bodyReference: 'https://b.org/' }, 'host "b.org"'],
    ['a header that is not its own', { headers: [{ key: 'Host', value: 'b.org' }] }, '"Host"'],
  ] as const)('a reference is refused with %s', (_, change, words) => {
    expect(faultOf(check(change))).toMatchObject({
      kind: 'invalid-value',
      subject: 'value',
      message: expect.stringContaining(words),
    });
  });

  it('a reference by POST may have a body, or the URL of one', () => {
    const bodies = [
      { body: { text: 'x', mimeType: 'text/plain' } },
      { bodyReference: 'https://a.org/b' },
    ];
    for (const body of bodies) {
      expect(check({ method: 'POST', ...body })()).toMatchObject({ source: body });
    }
  });

  it('a reference may name any output of this service, whatever hosts are allowed', () => {
    const ownOutput = { jobId: 'j', attempt: 1, name: 'a.txt', size: 1 };
    const href = 'https://elsewhere.org/';
    expect(check({ href, ownOutput })()).toMatchObject({ source: { href, ownOutput } });
  });

  it('a reference to an output of this service may be as large as its input allows', () => {
    const ownOutput = { jobId: 'j', attempt: 1, name: 'a.txt' };
    const mebibyte = 1024 * 1024;
    const href = 'https://elsewhere.org/';
    expect(check({ href, ownOutput: { ...ownOutput, size: mebibyte } })()).toMatchObject({
      source: { href },
    });
    expect(faultOf(check({ href, ownOutput: { ...ownOutput, size: mebibyte + 1 } }))).toMatchObject(
      { kind: 'too-large', subject: 'value' },
    );
  });
});

describe('a format', () => {
  const choose = (offered: string | undefined, encoding: string) => () =>
    chooseFormat(
      [
        {
          mimeType: 'a/b',
          extension: '.b',
          ...(offered === undefined ? {} : { encoding: offered }),
        },
      ],
      { encoding },
      'It',
      'value',
    );

  const offered = [
    { mimeType: 'text/plain', extension: '.txt' },
    { mimeType: 'text/xml', schema: 'urn:a', extension: '.a' },
    { mimeType: 'text/xml', schema: 'urn:b', extension: '.b' },
  ] as const;
  const chosen = (choice: FormatChoice) => chooseFormat(offered, choice, 'It', 'value');

  it.each([
    ['the first where nothing is asked for', {}, '.txt'],
    ['the first of its media type, in any case', { mimeType: 'TEXT/xml' }, '.a'],
    ['that of its schema', { mimeType: 'text/xml', schema: 'urn:b' }, '.b'],
    ['that of its schema alone', { schema: 'urn:b' }, '.b'],
    ['any, where what is asked for is empty', { mimeType: '', encoding: '', schema: '' }, '.txt'],
  ])('a format is accepted: %s', (_, choice, extension) => {
    expect(chosen(choice).extension).toBe(extension);
  });

  it.each([
    [{ mimeType: 'text/csv' }, 'text/csv'],
    [{ mimeType: 'text/xml', schema: 'urn:c' }, 'text/xml, urn:c'],
    [{ mimeType: 'text/xml', encoding: 'gzip', schema: 'urn:a' }, 'text/xml, gzip, urn:a'],
    [{ mimeType: 'text/plain', schema: 'urn:a' }, 'text/plain, urn:a'],
  ])('a format that is not offered is refused with the offered ones: %j', (choice, found) => {
    expect(faultOf(() => chosen(choice))).toMatchObject({
      kind: 'unsupported-format',
      subject: 'value',
      message: `It is not offered as "${found}"; allowed: "text/plain", "text/xml", "text/xml".`,
    });
  });

  it('a format with an encoding is refused in another encoding', () => {
    expect(choose('base64', 'BASE64')().mimeType).toBe('a/b');
    expect(faultOf(choose('base64', 'utf-8')).kind).toBe('unsupported-format');
  });

  it('a format without an encoding may come as text or as base64, and as nothing else', () => {
    expect(choose(undefined, 'UTF-8')().mimeType).toBe('a/b');
    expect(choose(undefined, 'base64')().mimeType).toBe('a/b');
    expect(faultOf(choose(undefined, 'gzip')).kind).toBe('unsupported-format');
  });
});

describe('an input that was checked', () => {
  const process: ProcessDescription = { ...echo, inputs: [literal('string')] };
  const data = { kind: 'literal', value: 'a' } as const;
  const checked = (more: object) =>
    checkInputs(process, [{ identifier: 'value', data, ...more }], []);

  it('an untyped input of a JSON format is checked against its schema', () => {
    const jsonSchema = { type: 'object' } as const;
    const inputs = [complex({ mimeType: 'application/json', jsonSchema, extension: '.json' })];
    const checked: unknown[] = [];
    const untyped = { identifier: 'value', data: { kind: 'untyped', value: '{}' } as const };
    checkInputs({ ...echo, inputs }, [untyped], [], (...given) => void checked.push(given));
    expect(checked).toEqual([['value', jsonSchema, '{}']]);
  });

  it('a checked input has a title and abstract only if the request gave them', () => {
    const value = { kind: 'literal', value: 'a', dataType: 'string' };
    const plain = { identifier: 'value', given: true, value };
    expect(checked({})).toStrictEqual([plain]);
    expect(checked({ title: 't' })).toStrictEqual([{ ...plain, title: 't' }]);
    expect(checked({ abstract: 'b' })).toStrictEqual([{ ...plain, abstract: 'b' }]);
  });
});

describe('a bounding box that was checked', () => {
  const described = {
    kind: 'bounding-box',
    identifier: 'value',
    crss: ['urn:c', 'urn:d'],
    ...once,
  } as const;

  it.each([
    [{ lower: [1], upper: [2] }, 'urn:c'],
    [{ lower: [1, 2, 3], upper: [4, 5, 6], dimensions: 3, crs: 'urn:d' }, 'urn:d'],
  ])(
    'a bounding box may be in any offered CRS and have any number of dimensions: %j',
    (box, crs) => {
      const { lower, upper } = box;
      expect(checkBoundingBox(described, box)).toEqual({ kind: 'bounding-box', crs, lower, upper });
    },
  );

  it('a bounding box in another CRS is refused with those that are offered', () => {
    const box = { lower: [1, 2], upper: [3, 4], crs: 'urn:e' };
    expect(faultOf(() => checkBoundingBox(described, box))).toMatchObject({
      kind: 'invalid-value',
      subject: 'value',
      message: 'Input "value" has CRS "urn:e"; allowed: "urn:c", "urn:d".',
    });
  });

  it.each([
    { lower: [1, 2, 3], upper: [4, 5], dimensions: 2 },
    { lower: [1, 2], upper: [3, 4, 5], dimensions: 2 },
    { lower: [1, 2], upper: [3, 4], dimensions: 0 },
  ])('a bounding box with a corner of another number of dimensions is refused: %j', (box) => {
    expect(faultOf(() => checkBoundingBox(described, box)).kind).toBe('invalid-value');
  });
});

describe('a bounding box without a coordinate', () => {
  it('a bounding box without coordinates is refused with the number that is needed', () => {
    const described = {
      kind: 'bounding-box',
      identifier: 'value',
      crss: ['urn:c'],
      ...once,
    } as const;
    const { message } = faultOf(() => checkBoundingBox(described, { lower: [], upper: [] }));
    expect(message).toContain('allowed: 1 finite numbers each.');
  });
});

describe('the URI of a subscriber', () => {
  const check = (uri: string, hosts: readonly string[]) => () =>
    checkSubscriber({ successUri: uri }, hosts);

  it("a subscriber's URI may only name a host that callbacks may go to", () => {
    expect(check('https://a.example.org/', ['*.example.org'])).not.toThrow();
    expect(faultOf(check('https://a.example.com/', ['*.example.org']))).toMatchObject({
      kind: 'invalid-value',
      subject: 'subscriber/successUri',
      message: expect.stringContaining('on these hosts: *.example.org.'),
    });
    expect(faultOf(check('https://a.example.org/', [])).message).toContain(
      'callbacks are not offered here',
    );
  });
});
