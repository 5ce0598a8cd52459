import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settleOutputs } from '../../../lambda/operations/settle-outputs.ts';
import { anyText } from '../../any-text.ts';
import { cases } from '../../cases.ts';
import { faultOf, onlyServiceFaults } from '../../only-service-faults.ts';
import { everything } from '../../test-catalogue.ts';

describe('the outputs of a request', () => {
  it('without named outputs, all outputs are returned by value in their default formats', () => {
    const settled = settleOutputs(everything, []);
    expect(settled.map(({ identifier }) => identifier)).toEqual(
      everything.outputs.map(({ identifier }) => identifier),
    );
    expect(settled.every(({ transmission }) => transmission === 'value')).toBe(true);
    expect(settled[0]).toMatchObject({
      kind: 'complex',
      mimeType: 'text/plain',
      extension: '.txt',
    });
    expect(settled[2]).toMatchObject({ kind: 'literal', dataType: 'double', uom: 'm' });
    expect(settled[4]).toMatchObject({
      kind: 'bounding-box',
      crs: 'urn:ogc:def:crs:OGC:1.3:CRS84',
    });
  });

  it('outputs have the requested format, unit, title and transmission', () => {
    const [text, number] = settleOutputs(everything, [
      { identifier: 'text', mimeType: 'text/xml', transmission: 'reference', title: 'Mine' },
      { identifier: 'number', uom: 'ft', transmission: 'value' },
    ]);
    expect(text).toMatchObject({
      title: 'Mine',
      abstract: 'Ready to fetch.',
      transmission: 'reference',
      mimeType: 'text/xml',
      schema: 'https://example.org/text.xsd',
      extension: '.xml',
    });
    expect(number).toMatchObject({ transmission: 'value', uom: 'ft' });
  });

  it('outputs are returned by value if nothing is said of their transmission', () => {
    expect(settleOutputs(everything, [{ identifier: 'grid' }])).toMatchObject([
      { identifier: 'grid', transmission: 'value', encoding: 'base64' },
    ]);
  });

  it.each([
    ['text', '.txt'],
    ['grid', '.nc'],
    ['number', '.txt'],
    ['extent', '.txt'],
  ])('output "%s" is stored with the extension of its kind', (identifier, extension) => {
    expect(settleOutputs(everything, [{ identifier }])).toMatchObject([{ identifier, extension }]);
  });

  it('an output keeps the abstract and the encoding that its request gave', () => {
    const asked = { identifier: 'text', abstract: 'Mine', encoding: 'utf-8' };
    expect(settleOutputs(everything, [asked])).toMatchObject([
      { abstract: 'Mine', encoding: 'utf-8' },
    ]);
    expect(settleOutputs(everything, [{ identifier: 'flag' }])[0]).toStrictEqual({
      identifier: 'flag',
      title: 'Flag',
      transmission: 'value',
      kind: 'literal',
      dataType: 'boolean',
      extension: '.txt',
    });
  });

  it.each([
    [[{ identifier: 'depth' }], 'unknown-output', 'depth', 'its outputs are "text", "grid"'],
    [
      [{ identifier: 'flag' }, { identifier: 'flag' }],
      'invalid-value',
      'flag',
      'asked for more than once',
    ],
    [[{ identifier: 'number', uom: 'km' }], 'invalid-value', 'number', 'allowed: m, ft.'],
    [[{ identifier: 'flag', uom: 'm' }], 'invalid-value', 'flag', 'allowed: none.'],
    [[{ identifier: 'grid', mimeType: 'text/csv' }], 'unsupported-format', 'grid', '"text/csv"'],
  ] as const)('outputs %j are refused as %s', (outputs, kind, subject, words) => {
    const fault = faultOf(() => settleOutputs(everything, outputs));
    expect(fault).toMatchObject({ kind, subject, message: expect.stringContaining(words) });
  });

  it('any requested outputs are settled or refused', () => {
    const text = fc.oneof(
      anyText(10),
      fc.constantFrom('text', 'grid', 'number', 'extent', 'text/xml', 'base64', 'utf-8', 'm', ''),
    );
    const output = fc.record(
      {
        identifier: text,
        transmission: fc.constantFrom('value' as const, 'reference' as const),
        mimeType: text,
        encoding: text,
        schema: text,
        uom: text,
        title: text,
      },
      { requiredKeys: ['identifier'] },
    );
    fc.assert(
      fc.property(fc.array(output, { maxLength: 3 }), (outputs) => {
        onlyServiceFaults(() => settleOutputs(everything, outputs));
      }),
      { numRuns: cases(1_600) },
    );
  });
});
