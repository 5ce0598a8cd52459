import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiteralInput } from '../../../batch-jobs/api/process-description.ts';
import {
  checkBoundingBox,
  parseBoundingBox,
} from '../../../lambda/operations/check-bounding-box.ts';
import { checkComplex, checkReference } from '../../../lambda/operations/check-complex.ts';
import { checkInputs } from '../../../lambda/operations/check-inputs.ts';
import { checkLiteral } from '../../../lambda/operations/check-literal.ts';
import type { InputData } from '../../../lambda/operations/execute-command.ts';
import { anyText } from '../../any-text.ts';
import { cases } from '../../cases.ts';
import { faultOf, onlyServiceFaults } from '../../only-service-faults.ts';
import { everything } from '../../test-catalogue.ts';

const literal = (change: Partial<LiteralInput>): LiteralInput => ({
  kind: 'literal',
  identifier: 'value',
  title: 'Value',
  minOccurs: 1,
  maxOccurs: 1,
  dataType: 'string',
  ...change,
});
const inputOf = <Kind extends 'complex' | 'bounding-box'>(kind: Kind) => {
  const found = everything.inputs.find((input) => input.kind === kind);
  return found as Extract<(typeof everything.inputs)[number], { kind: Kind }>;
};

describe('a literal', () => {
  const checked = (input: Partial<LiteralInput>, value: string) =>
    checkLiteral(literal(input), { value });

  it('a literal accepts any number that JavaScript writes', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(checked({ dataType: 'double' }, String(number))).toMatchObject({
          value: String(number),
        });
      }),
    );
  });

  it('a literal accepts any instant that JavaScript writes', () => {
    const years = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    fc.assert(
      fc.property(fc.date(years), (date) => {
        const instant = date.toISOString();
        expect(checked({ dataType: 'dateTime' }, instant)).toMatchObject({ value: instant });
        const day = instant.slice(0, 10);
        expect(checked({ dataType: 'date' }, day)).toMatchObject({ value: day });
      }),
    );
  });

  it('a literal is compared with its range in the order of its type, in every form', () => {
    const instants = fc.tuple(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
    );
    const written = ([date, minutes]: [Date, number]) => {
      const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
      const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
      const zone = [hours, rest].map((part) => String(part).padStart(2, '0')).join(':');
      return `${local}${minutes < 0 ? '-' : '+'}${zone}`;
    };
    fc.assert(
      fc.property(instants, instants, (value, minimum) => {
        const allowedValues = [{ minimum: written(minimum) }];
        const check = () => checked({ dataType: 'dateTime', allowedValues }, written(value));
        if (value[0] >= minimum[0]) check();
        else expect(faultOf(check)).toMatchObject({ subject: 'value' });
      }),
    );
  });

  it('a literal is infinite only if nothing bounds it', () => {
    const range = (minimum: string, maximum?: string) => ({
      dataType: 'double' as const,
      allowedValues: [{ minimum, ...(maximum === undefined ? {} : { maximum }) }],
    });
    expect(checked(range('0'), 'INF')).toMatchObject({ value: 'INF' });
    expect(faultOf(() => checked(range('0', '1'), 'INF')).kind).toBe('invalid-value');
    expect(faultOf(() => checked(range('0'), '-INF')).kind).toBe('invalid-value');
    expect(faultOf(() => checked(range('0'), 'NaN')).kind).toBe('invalid-value');
  });
});

describe('a literal that is made for backtracking', () => {
  it.each([
    ['double', `${'1'.repeat(200_000)}x`],
    ['double', `${'1'.repeat(200_000)}e`],
    ['integer', `${'1'.repeat(200_000)}x`],
    ['dateTime', `${'1'.repeat(200_000)}-01-01T00:00:00`],
    ['anyURI', `http://x/${'a'.repeat(200_000)} a`],
  ] as const)(
    'a literal made for backtracking is refused for its length: %s',
    (dataType, value) => {
      const { kind, message, subject } = faultOf(() =>
        checkLiteral(literal({ dataType }), { value }),
      );
      expect({ kind, subject }).toEqual({ kind: 'invalid-value', subject: 'value' });
      expect(message).toContain('up to 8192 characters');
    },
  );

  it('a literal whose type has a form of its own has at most 8,192 characters', () => {
    const longest = `${'0'.repeat(8_191)}7`;
    expect(checkLiteral(literal({ dataType: 'integer' }), { value: longest })).toMatchObject({
      value: longest,
    });
    expect(
      faultOf(() => checkLiteral(literal({ dataType: 'integer' }), { value: `0${longest}` }))
        .message,
    ).toBe(
      'Input "value" is 8193 characters long; allowed: a value of type integer, up to 8192 characters.',
    );
  });

  it('a string literal may be as long as a URL', () => {
    const value = `http://x/${'a'.repeat(4_000)}`;
    expect(checkLiteral(literal({ dataType: 'anyURI' }), { value })).toMatchObject({ value });
    const digits = '1'.repeat(8_000);
    expect(checkLiteral(literal({ dataType: 'double' }), { value: digits })).toMatchObject({
      value: digits,
    });
  });
});

describe('a bounding box in a query', () => {
  const box = inputOf('bounding-box');
  const crs = box.crss[0] ?? '';

  it.each([
    ['1,2,3,4', { lower: [1, 2], upper: [3, 4] }],
    [' 1 , -2.5 , 3e1 , 4 ', { lower: [1, -2.5], upper: [30, 4] }],
    ['1,2', { lower: [1], upper: [2] }],
    ['1,2,3,4,5,6,x', { crs: 'x', lower: [1, 2, 3], upper: [4, 5, 6] }],
    ['1,2,3,4 , x , 2 ', { crs: 'x', dimensions: 2, lower: [1, 2], upper: [3, 4] }],
    ['1,2,3,4,x,2', { crs: 'x', dimensions: 2, lower: [1, 2], upper: [3, 4] }],
    ['1,2,3,4,x,y,2', { crs: 'x,y', dimensions: 2, lower: [1, 2], upper: [3, 4] }],
  ])('bounding box %j in a query is corners, CRS and number of dimensions', (text, parsed) => {
    expect(parseBoundingBox(box, text)).toStrictEqual(parsed);
  });

  it.each(['', ',', 'x', '1', '1,2,3', '1,2,3,x', 'x,1,2,3,4', '1,,3,4', '1,Infinity,3,4'])(
    'bounding box %j in a query is refused with an example of what is allowed',
    (text) => {
      expect(faultOf(() => parseBoundingBox(box, text))).toMatchObject({
        kind: 'invalid-value',
        subject: box.identifier,
        message: `Input "${box.identifier}" is "${text}"; allowed: lower corner, upper corner and CRS, as in 114,-33,116,-31,${crs}.`,
      });
    },
  );

  it('the refusal of a bounding box repeats at most a hundred characters', () => {
    const text = `1,2,3,${'x'.repeat(200)}`;
    const { message } = faultOf(() => parseBoundingBox(box, text));
    expect(message).toContain(`is "${text.slice(0, 100)}"; allowed`);
  });

  it.each([
    { lower: [1, 2], upper: [3] },
    { lower: [1], upper: [2, 3] },
    { lower: [1, 2], upper: [3, 4], dimensions: 3 },
    { lower: [], upper: [] },
    { lower: [1, 2], upper: [3, Number.NaN] },
    { lower: [Number.NEGATIVE_INFINITY, 2], upper: [3, 4] },
  ])(
    'bounding box %j is refused: each corner needs as many finite numbers as there are dimensions',
    (given) => {
      expect(faultOf(() => checkBoundingBox(box, given))).toMatchObject({
        kind: 'invalid-value',
        subject: box.identifier,
      });
    },
  );

  it('a bounding box may end before it begins, as across the antimeridian', () => {
    expect(checkBoundingBox(box, { lower: [170, -10], upper: [-170, 10] })).toEqual({
      kind: 'bounding-box',
      crs,
      lower: [170, -10],
      upper: [-170, 10],
    });
  });
});

describe('whatever an input holds', () => {
  const text = fc.oneof(
    anyText(30),
    fc.constantFrom(
      '',
      '1',
      '-1e9',
      '1,2,3,4',
      '1,2,3,4,urn:ogc:def:crs:OGC:1.3:CRS84,2',
      ',,',
      'true',
    ),
    fc.constantFrom('2017-02-30', '2017-01-01T00:00:00Z', 'base64', 'text/plain', 'http://x/'),
  );
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const format = { mimeType: maybe(text), encoding: maybe(text), schema: maybe(text) };
  // fast-check's own generator of URLs first lists all characters, which takes a second.
  const url = fc
    .tuple(
      fc.constantFrom('http', 'https', 'ftp', 's3', 'file'),
      fc.oneof(
        fc.domain(),
        fc.ipV4(),
        fc.ipV6().map((address) => `[${address}]`),
      ),
      fc.constantFrom('', '/', '/a', '/%zz/é', ':80/', ':99999/', '?a=b', '#c', '/a b?c=d&e#f'),
    )
    .map(([scheme, host, rest]) => `${scheme}://${host}${rest}`);
  const number = fc.oneof(fc.double(), fc.constantFrom(0, 1, Number.NaN, Number.POSITIVE_INFINITY));
  const numbers = fc.array(number, { maxLength: 4 });
  const data = fc
    .oneof(
      fc.record({
        kind: fc.constant('literal'),
        value: text,
        dataType: maybe(text),
        uom: maybe(text),
      }),
      fc.record({ kind: fc.constant('untyped'), value: text, uom: maybe(text), ...format }),
      fc.record({
        kind: fc.constant('complex'),
        content: fc.oneof(fc.record({ base64: text }), fc.record({ text })),
        ...format,
      }),
      fc.record({
        kind: fc.constant('bounding-box'),
        crs: maybe(text),
        dimensions: maybe(fc.nat(4)),
        lower: numbers,
        upper: numbers,
      }),
      fc.record({
        kind: fc.constant('reference'),
        href: fc.oneof(text, url),
        method: fc.constantFrom('GET', 'POST'),
        headers: fc.array(fc.record({ key: text, value: text }), { maxLength: 2 }),
        body: maybe(fc.record({ text, mimeType: text })),
        bodyReference: maybe(text),
        ...format,
      }),
    )
    .map((record) => {
      const given = Object.entries(record).filter(([, value]) => value !== undefined);
      return Object.fromEntries(given) as unknown;
    });

  it('any content of an input is accepted or refused', () => {
    const identifier = fc.oneof(
      text,
      fc.constantFrom(...everything.inputs.map((input) => input.identifier)),
    );
    const inputs = fc.array(fc.record({ identifier, data }), { maxLength: 4 });
    fc.assert(
      fc.property(inputs, (given) => {
        onlyServiceFaults(() =>
          checkInputs(everything, given as { identifier: string; data: InputData }[], ['x']),
        );
      }),
      { numRuns: cases(2_400) },
    );
  });

  it('any content of an input is accepted or refused quickly, however long it is', () => {
    const piece = fc.constantFrom('1', '9', 'a', ',', ' ', '-', '.', 'e', '=', '\n', ':', 'T', '0');
    // The end decides whether a pattern that has matched so far backtracks.
    const end = fc.constantFrom('', 'x', '1', ' ');
    const long = fc
      .tuple(fc.array(piece, { minLength: 1, maxLength: 3 }), end)
      .map(([pieces, last]) => `${pieces.join('').repeat(50_000)}${last}`);
    fc.assert(
      fc.property(long, (value) => {
        for (const { identifier } of everything.inputs) {
          for (const data of [
            { kind: 'untyped', value } as const,
            { kind: 'literal', value, uom: value } as const,
          ]) {
            onlyServiceFaults(() => checkInputs(everything, [{ identifier, data }], ['x']));
          }
        }
        const box = inputOf('bounding-box');
        onlyServiceFaults(() => checkBoundingBox(box, parseBoundingBox(box, value)));
        const document = inputOf('complex');
        onlyServiceFaults(() => checkComplex(document, { encoding: 'base64' }, { text: value }));
        onlyServiceFaults(() =>
          checkReference(
            document,
            { kind: 'reference', href: `http://x/${value}`, method: 'GET', headers: [] },
            ['x'],
          ),
        );
      }),
      { numRuns: 40 },
    );
  }, 20_000);
});

describe('the inputs of a request', () => {
  const untyped = (identifier: string, value: string) => ({
    identifier,
    data: { kind: 'untyped', value } as const,
  });

  it('inputs are refused with all their faults, unknown ones first', () => {
    const { kind, subject, message, all } = faultOf(() =>
      checkInputs(
        everything,
        [untyped('length', '1000'), untyped('count', 'one'), untyped('depth', '1')],
        [],
      ),
    );
    expect({ kind, subject }).toEqual({ kind: 'unknown-input', subject: 'depth' });
    expect(message).toMatch(
      /^Process "every:Thing" has no input "depth"; its inputs are "text", "length"/,
    );
    expect(all.map((fault) => [fault.kind, fault.subject])).toEqual([
      ['unknown-input', 'depth'],
      ['invalid-value', 'length'],
      ['invalid-value', 'count'],
    ]);
  });

  it.each([
    ['area', '1,2,3,4', { kind: 'bounding-box', lower: [1, 2], upper: [3, 4] }],
    ['document', 'a', { kind: 'complex', source: { text: 'a' } }],
    ['count', ' 1 ', { kind: 'literal', value: '1' }],
  ])('input "%s" of a query is read as its description says', (identifier, text, value) => {
    const checked = checkInputs(everything, [untyped(identifier, text)], []);
    expect(checked).toContainEqual(
      expect.objectContaining({ identifier, value: expect.objectContaining(value) }),
    );
  });

  it('a complex input may be given as a reference, to hosts that references may name', () => {
    const given = [{ identifier: 'document', data: data.reference }];
    expect(checkInputs(everything, given, ['x'])).toContainEqual(
      expect.objectContaining({
        identifier: 'document',
        value: expect.objectContaining({
          source: { href: 'https://x/', method: 'GET', headers: [] },
        }),
      }),
    );
    expect(faultOf(() => checkInputs(everything, given, ['y']))).toMatchObject({
      ...{ kind: 'invalid-value', subject: 'document' },
    });
  });

  it('inputs are refused both for their number and for their values', () => {
    const three = ['1', '2', 'x'].map((value) => untyped('count', value));
    expect(faultOf(() => checkInputs(everything, three, [])).all).toMatchObject([
      { kind: 'too-many-inputs', subject: 'count' },
      { kind: 'invalid-value', subject: 'count', text: expect.stringContaining('"x"') },
    ]);
  });

  const data = {
    literal: { kind: 'literal', value: '1' },
    complex: { kind: 'complex', content: { text: '1' } },
    'bounding-box': { kind: 'bounding-box', lower: [1], upper: [2] },
    reference: { kind: 'reference', href: 'https://x/', method: 'GET', headers: [] },
  } as const;

  it.each([
    ['count', 'complex', 'LiteralData'],
    ['count', 'bounding-box', 'LiteralData'],
    ['count', 'reference', 'LiteralData'],
    ['document', 'literal', 'ComplexData or Reference'],
    ['document', 'bounding-box', 'ComplexData or Reference'],
    ['area', 'literal', 'BoundingBoxData'],
    ['area', 'complex', 'BoundingBoxData'],
    ['area', 'reference', 'BoundingBoxData'],
  ] as const)('input "%s" given as %s is refused', (identifier, kind, allowed) => {
    const given = [{ identifier, data: data[kind] }];
    expect(faultOf(() => checkInputs(everything, given, ['x']))).toMatchObject({
      kind: 'invalid-value',
      subject: identifier,
      message: `Input "${identifier}" is given as ${kind}; allowed: ${allowed}.`,
    });
  });

  it.each([
    [1, 'invalid-value', 'Input "count" is given 1 times; allowed: 2 to 3.'],
    [2, undefined, undefined],
    [3, undefined, undefined],
    [4, 'too-many-inputs', 'Input "count" is given 4 times; allowed: 2 to 3.'],
    [0, 'missing-input', 'Input "count" is missing.'],
  ] as const)('an input may occur two or three times, but not %i', (times, kind, message) => {
    const process = {
      ...everything,
      inputs: everything.inputs
        .filter(({ identifier }) => identifier === 'count')
        .map((input) => ({ ...input, minOccurs: 2, maxOccurs: 3 })),
    };
    const given = Array.from({ length: times }, () => untyped('count', '1'));
    const check = () => checkInputs(process, given, []);
    if (kind === undefined) expect(check()).toHaveLength(times);
    else expect(faultOf(check)).toMatchObject({ kind, subject: 'count', message });
  });

  it('an input that occurs a fixed number of times is refused with that number', () => {
    const inputs = everything.inputs
      .filter(({ identifier }) => identifier === 'count')
      .map((input) => ({ ...input, minOccurs: 2, maxOccurs: 2 }));
    const given = ['1', '1', '1'].map((value) => untyped('count', value));
    expect(faultOf(() => checkInputs({ ...everything, inputs }, given, [])).message).toBe(
      'Input "count" is given 3 times; allowed: 2.',
    );
  });

  it('a missing input gets its default in its first unit, or nothing if it has none', () => {
    expect(checkInputs(everything, [], [])).toEqual([
      {
        identifier: 'length',
        given: false,
        value: { kind: 'literal', value: '10', dataType: 'double', uom: 'm' },
      },
    ]);
    expect(checkInputs(everything, [untyped('length', '7')], [])).toMatchObject([
      { identifier: 'length', given: true, value: { value: '7' } },
    ]);
  });

  it('inputs are refused with at most a hundred faults', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => untyped(`no-${index}`, ''));
    expect(faultOf(() => checkInputs(everything, many, [])).all).toHaveLength(100);
  });
});
