import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isXmlText } from '../../../../lambda/protocols/ows/xml-characters.ts';
import { decodeKvp } from '../../../../lambda/protocols/wps-1.0/decode-kvp.ts';
import type { ExecuteRequest } from '../../../../lambda/protocols/wps-1.0/requests.ts';
import { anyText } from '../../../any-text.ts';
import { cases } from '../../../cases.ts';
import { exceptionOf, onlyOwsExceptions } from '../../../only-ows-exceptions.ts';

const execute = (rest: string) =>
  decodeKvp(`service=WPS&version=1.0.0&request=Execute&identifier=p&${rest}`) as ExecuteRequest;

describe('a request by KVP', () => {
  it('a request by KVP becomes GetCapabilities', () => {
    expect(decodeKvp('service=WPS&request=GetCapabilities')).toStrictEqual({
      operation: 'GetCapabilities',
      acceptVersions: [],
    });
    expect(
      decodeKvp('service=wps&request=getcapabilities&acceptversions=2.0.0,%201.0.0&language=fr'),
    ).toStrictEqual({
      operation: 'GetCapabilities',
      acceptVersions: ['2.0.0', '1.0.0'],
      language: 'fr',
    });
  });

  it('a request by KVP becomes DescribeProcess', () => {
    expect(
      decodeKvp('service=WPS&version=1.0.0&request=DescribeProcess&identifier=a,b%3Ac,'),
    ).toStrictEqual({ operation: 'DescribeProcess', identifiers: ['a', 'b:c'] });
  });

  it('a request by KVP becomes Execute', () => {
    expect(
      execute(
        'DataInputs=a=1@uom=m;b=@href=http%3A%2F%2Fx%2F%3Fy%3Dz@mimeType=text/xml&ResponseDocument=o@asReference=true@mimeType=text/csv;p&lineage=true',
      ),
    ).toStrictEqual({
      operation: 'Execute',
      identifier: 'p',
      inputs: [
        { identifier: 'a', data: { kind: 'untyped', value: '1', uom: 'm' } },
        {
          identifier: 'b',
          data: {
            kind: 'reference',
            href: 'http://x/?y=z',
            method: 'GET',
            headers: [],
            mimeType: 'text/xml',
          },
        },
      ],
      responseForm: {
        kind: 'document',
        outputs: [
          { identifier: 'o', asReference: true, mimeType: 'text/csv' },
          { identifier: 'p', asReference: false },
        ],
        storeExecuteResponse: false,
        status: false,
        lineage: true,
      },
    });
    expect(execute('RawDataOutput=o@uom=m').responseForm).toStrictEqual({
      kind: 'raw',
      output: { identifier: 'o', uom: 'm' },
    });
  });

  const untyped = (identifier: string, value: string, more: object = {}) => ({
    ...{ identifier, data: { kind: 'untyped', value, ...more } },
  });
  const isReference = (identifier: string, href: string, more: object = {}) => ({
    ...{ identifier, data: { kind: 'reference', href, method: 'GET', headers: [], ...more } },
  });

  it.each([
    ['nothing', '', []],
    ['empty entries', ';a=1;', [untyped('a', '1')]],
    ['brackets', '[a=1;b=2]', [untyped('a', '1'), untyped('b', '2')]],
    ['encoded brackets', '%5ba=1%5D', [untyped('a', '1')]],
    ['one bracket', '[a=1', [untyped('[a', '1')]],
    ['a value with a semicolon', 'a=1;2;b=3', [untyped('a', '1;2'), untyped('b', '3')]],
    ['a value with an equals sign', 'a=1=2', [untyped('a', '1=2')]],
    ['an address', 'a=me@example.org', [untyped('a', 'me@example.org')]],
    ['an empty value', 'a=', [untyped('a', '')]],
    ['spaces around a name', '+a+=+1+', [untyped('a', ' 1 ')]],
    [
      'attributes in any case',
      'a=1@MIMETYPE=text/csv@Encoding=utf-8@schema=urn:s@DataType=double@uom=m',
      [
        untyped('a', '1', {
          ...{ mimeType: 'text/csv', encoding: 'utf-8', schema: 'urn:s' },
          ...{ dataType: 'double', uom: 'm' },
        }),
      ],
    ],
    ['a format', 'a=1@format=text/csv', [untyped('a', '1', { mimeType: 'text/csv' })]],
    ['an encoded attribute', 'a=1@uom=%C2%B5m', [untyped('a', '1', { uom: 'µm' })]],
    [
      'a reference',
      'a=@xlink:href=http%3A%2F%2Fx%2F@method=get@schema=urn:s@uom=m',
      [isReference('a', 'http://x/', { schema: 'urn:s' })],
    ],
    ['a reference without a value', 'a@href=http://x/', [isReference('a', 'http://x/')]],
    [
      'a value that is a reference',
      'a=http://x/@asReference=TRUE',
      [isReference('a', 'http://x/')],
    ],
    ['a value that is none', 'a=http://x/@asReference=false', [untyped('a', 'http://x/')]],
    [
      'an encoded list',
      'a%3D1%40uom%3Dm%3Bb%3D2',
      [untyped('a', '1', { uom: 'm' }), untyped('b', '2')],
    ],
  ] as const)('a request by KVP has inputs with %s', (_, list, inputs) => {
    expect(execute(`DataInputs=${list}`).inputs).toStrictEqual(inputs);
  });

  it.each([
    ['nothing', '', []],
    ['empty entries', ';; o; ;', [{ identifier: 'o', asReference: false }]],
    ['brackets', '[o;p]', ['o', 'p'].map((identifier) => ({ identifier, asReference: false }))],
    ['an empty value', 'o=@asReference=True', [{ identifier: 'o', asReference: true }]],
    [
      'attributes',
      'o@mimeType=text/csv@encoding=utf-8@schema=urn:s@uom=m@asReference=FALSE',
      [
        {
          ...{ identifier: 'o', mimeType: 'text/csv', encoding: 'utf-8', schema: 'urn:s' },
          ...{ uom: 'm', asReference: false },
        },
      ],
    ],
  ])('a request by KVP has outputs with %s', (_, list, outputs) => {
    const form = execute(`ResponseDocument=${list}`).responseForm;
    expect(form).toMatchObject({ kind: 'document' });
    if (form.kind === 'document') expect(form.outputs).toStrictEqual(outputs);
  });

  it.each(['xtrue', 'truex', 'falsely', '1', ''])(
    'a request by KVP cannot have an output that is a reference "%s"',
    (value) => {
      const list = `ResponseDocument=o@asReference=${value}`;
      expect(exceptionOf(() => execute(list))).toMatchObject({ locator: 'o' });
    },
  );

  it('a request by KVP has its flags, in any case', () => {
    expect(
      execute('storeExecuteResponse=TRUE&STATUS=true&Lineage=false').responseForm,
    ).toStrictEqual({
      ...{ kind: 'document', outputs: [] },
      ...{ storeExecuteResponse: true, status: true, lineage: false },
    });
    expect(execute('storeExecuteResponse=&language=fr')).toStrictEqual({
      ...{ operation: 'Execute', identifier: 'p', inputs: [], language: 'fr' },
      responseForm: {
        ...{ kind: 'document', outputs: [] },
        ...{ storeExecuteResponse: false, status: false, lineage: false },
      },
    });
  });

  it.each(['=1', '@uom=m', 'a', 'a;b=1'])(
    'a request by KVP has a name for each input: %s',
    (list) => {
      const query = `service=WPS&version=1.0.0&request=Execute&identifier=p&DataInputs=${list}`;
      expect(exceptionOf(() => decodeKvp(query))).toMatchObject({
        ...{ code: 'InvalidParameterValue', locator: 'DataInputs' },
      });
    },
  );

  it('a request by KVP may not contain a reference by another method than GET', () => {
    const exception = exceptionOf(() => execute('DataInputs=a=@href=http://x/@method=POST'));
    expect(exception).toMatchObject({ code: 'InvalidParameterValue', locator: 'a' });
  });

  const name = fc.stringMatching(/^[a-z:.]{1,8}$/);
  const value = anyText(20).filter(isXmlText);
  const inputs = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 4 });
  const decoded = (dataInputs: string) =>
    execute(`DataInputs=${dataInputs}`).inputs.map(({ identifier, data }) => [
      identifier,
      data.kind === 'untyped' && data.value,
    ]);

  it('a request by KVP keeps every value that is encoded as the standard says', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const list = given.map((pair) => pair.map(encodeURIComponent).join('=')).join(';');
        expect(decoded(list)).toStrictEqual(given);
        expect(decoded(`[${list}]`)).toStrictEqual(given);
      }),
    );
  });

  it('a request by KVP keeps every value that is encoded twice, by itself and with the list', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const list = given.map((pair) => pair.map(encodeURIComponent).join('=')).join(';');
        expect(decoded(encodeURIComponent(list))).toStrictEqual(given);
      }),
    );
  });
});

describe('whatever comes in a query', () => {
  const token = fc.constantFrom(
    ...['service', 'WPS', 'request', 'Execute', 'GetCapabilities', 'DescribeProcess', 'version'],
    ...['1.0.0', 'identifier', 'DataInputs', 'ResponseDocument', 'RawDataOutput', 'status', 'true'],
    ...[
      '=',
      '&',
      ';',
      '@',
      '[',
      ']',
      '%',
      '%00',
      '%FF',
      '%ED%A0%80',
      '%253B',
      '%3D',
      '+',
      ',',
      ' ',
    ],
    ...['@mimeType=', '@xlink:href=', '@uom=', '@asReference=', '\u0000', '\ud800', '<', '\u00e9'],
  );
  const start = fc.constantFrom(
    '',
    'service=WPS&request=GetCapabilities&AcceptVersions=',
    'service=WPS&version=1.0.0&request=DescribeProcess&identifier=',
    'service=WPS&version=1.0.0&request=Execute&identifier=p&DataInputs=',
    'service=WPS&version=1.0.0&request=Execute&identifier=p&ResponseDocument=',
    'service=WPS&version=1.0.0&request=Execute&identifier=p&RawDataOutput=',
  );

  it('any query is decoded or refused', () => {
    const rest = fc.oneof(
      fc.array(token, { maxLength: 20 }).map((tokens) => tokens.join('')),
      anyText(50),
    );
    fc.assert(
      fc.property(start, rest, (before, after) => {
        onlyOwsExceptions(() => decodeKvp(before + after));
      }),
      { numRuns: cases(4_000) },
    );
  });

  it('any query is decoded or refused quickly, however long it is', () => {
    fc.assert(
      fc.property(start, fc.array(token, { minLength: 1, maxLength: 3 }), (before, tokens) => {
        onlyOwsExceptions(() => decodeKvp(before + tokens.join('').repeat(20_000)));
      }),
      { numRuns: 100 },
    );
  });
});
