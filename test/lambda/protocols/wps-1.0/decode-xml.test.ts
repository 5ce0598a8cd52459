import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isXmlText } from '../../../../lambda/protocols/ows/xml-characters.ts';
import { decodeXml } from '../../../../lambda/protocols/wps-1.0/decode-xml.ts';
import type { ExecuteRequest, WpsRequest } from '../../../../lambda/protocols/wps-1.0/requests.ts';
import { anyText } from '../../../any-text.ts';
import { cases } from '../../../cases.ts';
import {
  asynchronous,
  boundingBox,
  complex,
  executeXml,
  input,
  literal,
  output,
  rawDataOutput,
  requestXml,
  responseDocument,
} from '../../../execute-xml.ts';
import { mutate, mutation } from '../../../mutate-document.ts';
import { exceptionOf, onlyOwsExceptions } from '../../../only-ows-exceptions.ts';
import { validRequest } from '../../../request-documents.ts';
import { serialise } from '../../../xml-tree.ts';

const decode = (xml: string | Uint8Array): WpsRequest =>
  decodeXml(Buffer.from(xml), { maxBytes: 1_000_000 });
const dataOf = (form: string) =>
  (decode(executeXml('p', [form])) as ExecuteRequest).inputs[0]?.data;

describe('a request by XML', () => {
  it('a request by XML becomes GetCapabilities', () => {
    expect(decode(requestXml('GetCapabilities', '', 'language="fr"'))).toStrictEqual({
      operation: 'GetCapabilities',
      acceptVersions: [],
      language: 'fr',
    });
  });

  it('a request by XML becomes DescribeProcess', () => {
    const identifiers = '<ows:Identifier>\n a </ows:Identifier><ows:Identifier>b</ows:Identifier>';
    expect(decode(requestXml('DescribeProcess', identifiers))).toStrictEqual({
      operation: 'DescribeProcess',
      identifiers: ['a', 'b'],
    });
  });

  it('a request by XML becomes Execute with a response document', () => {
    const outputs = [
      output('o', 'asReference="1" mimeType="text/csv" encoding="utf-8" schema="urn:s" uom="m"'),
      output('q', '', '<ows:Title>t</ows:Title><ows:Abstract>a</ows:Abstract>'),
    ];
    expect(decode(executeXml('p', [], responseDocument(outputs, asynchronous)))).toStrictEqual({
      operation: 'Execute',
      identifier: 'p',
      inputs: [],
      responseForm: {
        kind: 'document',
        storeExecuteResponse: true,
        status: true,
        lineage: false,
        outputs: [
          {
            identifier: 'o',
            mimeType: 'text/csv',
            encoding: 'utf-8',
            schema: 'urn:s',
            uom: 'm',
            asReference: true,
          },
          { identifier: 'q', title: 't', abstract: 'a', asReference: false },
        ],
      },
    });
  });

  it('a request by XML becomes Execute with raw data output, and without a response form', () => {
    expect(decode(executeXml('p', [], rawDataOutput('o', 'uom="m"')))).toMatchObject({
      responseForm: { kind: 'raw', output: { identifier: 'o', uom: 'm' } },
    });
    expect(decode(executeXml('p'))).toMatchObject({
      responseForm: { kind: 'document', outputs: [], storeExecuteResponse: false },
    });
  });

  it('a request by XML becomes Execute with inputs of every kind', () => {
    expect(dataOf(literal('a', '1', 'uom="m" dataType="double"'))).toStrictEqual({
      kind: 'literal',
      value: '1',
      uom: 'm',
      dataType: 'double',
    });
    expect(dataOf(boundingBox('a', '1 2', '3 4', 'crs="urn:c" dimensions="2"'))).toStrictEqual({
      kind: 'bounding-box',
      crs: 'urn:c',
      dimensions: 2,
      lower: [1, 2],
      upper: [3, 4],
    });
    const body = '<wps:Header key="k" value="v"/><wps:Body>text</wps:Body>';
    expect(
      dataOf(
        input('a', `<wps:Reference xlink:href="http://x/" method="POST">${body}</wps:Reference>`),
      ),
    ).toStrictEqual({
      kind: 'reference',
      href: 'http://x/',
      method: 'POST',
      headers: [{ key: 'k', value: 'v' }],
      body: { text: 'text', mimeType: 'text/plain' },
    });
  });

  it('a request by XML becomes Execute with all that it says of inputs and outputs', () => {
    const words = '<ows:Title>t</ows:Title><ows:Abstract>a</ows:Abstract>';
    const named = (content: string) =>
      `<wps:Input><ows:Identifier>\n i </ows:Identifier>${words}${content}</wps:Input>`;
    const format = 'mimeType="text/csv" encoding="utf-8" schema="urn:s"';
    const isFormat = { mimeType: 'text/csv', encoding: 'utf-8', schema: 'urn:s' };
    const reference = (attributes: string, content: string) =>
      named(`<wps:Reference xlink:href="http://x/" ${attributes}>${content}</wps:Reference>`);
    const named10 = { identifier: 'i', title: 't', abstract: 'a' };
    const isReference = { kind: 'reference', href: 'http://x/', headers: [] };
    const request = decode(
      executeXml(
        'p',
        [
          named(`<wps:Data><wps:ComplexData ${format}>x</wps:ComplexData></wps:Data>`),
          named('<wps:Data><wps:LiteralData> 1 </wps:LiteralData></wps:Data>'),
          reference(format, '<wps:Header key="k" value="v"/><wps:Header key="l" value="w"/>'),
          reference('method="GET"', '<wps:BodyReference xlink:href="http://y/"/>'),
          reference('', '<wps:BodyReference xlink:href="http://y/"/>'),
        ],
        responseDocument([output('o', `${format} uom="m" asReference="true"`)], 'lineage="true"'),
      ),
    );
    expect(request).toStrictEqual({
      operation: 'Execute',
      identifier: 'p',
      inputs: [
        { ...named10, data: { kind: 'complex', ...isFormat, content: { text: 'x' } } },
        { ...named10, data: { kind: 'literal', value: ' 1 ' } },
        {
          ...named10,
          data: {
            ...{ ...isReference, ...isFormat, method: 'GET' },
            headers: [
              { key: 'k', value: 'v' },
              { key: 'l', value: 'w' },
            ],
          },
        },
        { ...named10, data: { ...isReference, method: 'GET', bodyReference: 'http://y/' } },
        { ...named10, data: { ...isReference, method: 'POST', bodyReference: 'http://y/' } },
      ],
      responseForm: {
        kind: 'document',
        outputs: [{ identifier: 'o', ...isFormat, uom: 'm', asReference: true }],
        ...{ storeExecuteResponse: false, status: false, lineage: true },
      },
    });
  });

  it('a reference with a body and without a method is a POST, as OWSLib sends it', () => {
    const reference = (content: string) =>
      input('a', `<wps:Reference xlink:href="http://x/">${content}</wps:Reference>`);
    expect(dataOf(reference('<wps:Body><q/></wps:Body>'))).toMatchObject({ method: 'POST' });
    expect(dataOf(reference(''))).toMatchObject({ method: 'GET' });
  });

  it('empty inputs of a request by XML mean none, and an empty response document means all outputs, stored', () => {
    const request = requestXml(
      'Execute',
      `<ows:Identifier>p</ows:Identifier><wps:DataInputs>\n</wps:DataInputs>${responseDocument([], asynchronous)}`,
    );
    expect(decode(request)).toMatchObject({
      inputs: [],
      responseForm: { outputs: [], storeExecuteResponse: true, status: true },
    });
  });

  it('a request by XML keeps every literal and every text unchanged', () => {
    const text = anyText(30).filter(isXmlText);
    fc.assert(
      fc.property(text, (value) => {
        const escaped = value
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')
          .replaceAll('>', '&gt;')
          .replaceAll('\r', '&#13;');
        expect(dataOf(literal('a', escaped))).toMatchObject({ value });
        expect(dataOf(complex('a', escaped))).toMatchObject({ content: { text: value } });
      }),
    );
  });
});

describe('a form', () => {
  it('a form in a body is refused with the place where its keys and values belong', () => {
    const { message } = exceptionOf(() => decode('service=WPS&request=GetCapabilities'));
    expect(message).toContain('keys and values belong in the URL');
    expect(exceptionOf(() => decode('<a')).message).not.toContain('URL');
  });
});

describe('an element that lacks another', () => {
  it.each([
    ['ows:Identifier', 'Identifier', ''],
    ['what it may be of several', 'Input', '<ows:Identifier>a</ows:Identifier>'],
  ])(
    'a missing element is refused by its name, or by that of its parent: %s',
    (_, locator, content) => {
      const body = executeXml('p', [`<wps:Input>${content}</wps:Input>`]);
      expect(exceptionOf(() => decode(body))).toMatchObject({
        code: 'MissingParameterValue',
        locator,
      });
    },
  );
});

describe('a request that might keep the validator busy', () => {
  const exceptionOfExecute = (...content: string[]) => {
    const body = requestXml('Execute', `<ows:Identifier>p</ows:Identifier>${content.join('')}`);
    return exceptionOf(() => decodeXml(Buffer.from(body), { maxBytes: 4_000_000 }));
  };
  const inputs = (content: string) => `<wps:DataInputs>${content}</wps:DataInputs>`;
  const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  const attributes = Array.from({ length: 200_000 }, (_, i) => `a${i}=""`).join(' ');

  it.each([
    ['inputs that hold nothing', inputs('<wps:Input/>'.repeat(100_000))],
    ['attributes that inputs do not have', inputs('<wps:Input a="" b="" c=""/>'.repeat(20_000))],
    [
      'outputs that hold nothing',
      inputs(literal('a', '1')) + responseDocument(['<wps:Output/>'.repeat(100_000)]),
    ],
    ['requests within data', inputs(complex('a', '<wps:Execute/>'.repeat(100_000)))],
    [
      'a few after much else',
      inputs(complex('a', '<a/>'.repeat(500_000) + '<wps:Execute/>'.repeat(1_000))),
    ],
    ['attributes within data', inputs(complex('a', '<a xlink:type=""/>'.repeat(100_000)))],
    ['languages within data', inputs(complex('a', '<a xml:lang="*"/>'.repeat(100_000)))],
    [
      'types within data',
      inputs(complex('a', `<a ${xsi}>${'<a xsi:type="wps:InputType"/>'.repeat(100_000)}</a>`)),
    ],
    ['boxes of the old form', inputs(input('a', '<wps:BoundingBoxData/>').repeat(30_000))],
    [
      'boxes of either old form',
      inputs(
        '<wps:Input><wps:BoundingBoxData/><wps:Data><ows:BoundingBox/></wps:Data></wps:Input>'.repeat(
          40_000,
        ),
      ),
    ],
    ['attributes of a box', inputs(input('a', `<wps:BoundingBoxData ${attributes}/>`))],
  ])(
    'a request that could keep the validator busy is refused for its nodes: %s',
    (_, ...content) => {
      expect(exceptionOfExecute(...content)).toMatchObject({
        code: 'FileSizeExceeded',
        httpStatus: 413,
        message: expect.stringMatching(
          /^The request has (more elements, attributes and texts|elements of WPS beside so many others|an element with \d+ attributes); allowed: /,
        ),
      });
    },
  );

  it('a request is accepted if nothing in its data belongs to the schema', () => {
    const many = complex('a', `<b>${'<a c="">d</a>'.repeat(80_000)}</b>`);
    const body = executeXml('p', [many, literal('b', '1').repeat(20)]);
    expect(decodeXml(Buffer.from(body), { maxBytes: 4_000_000 })).toMatchObject({
      inputs: { length: 21 },
    });
  });

  const reference = `
    <wps:Input>
      <ows:Identifier>a</ows:Identifier>
      <wps:Reference xlink:href="http://example.org/a" mimeType="text/xml"/>
    </wps:Input>`;
  const measure = `
    <wps:Input>
      <ows:Identifier>a</ows:Identifier>
      <wps:Data><wps:LiteralData dataType="xs:double" uom="m">1</wps:LiteralData></wps:Data>
    </wps:Input>`;
  const feature = `
    <f:member>
      <f:Station xml:lang="en"><f:name>a</f:name><f:unit xlink:href="urn:m"/><f:at>1 2</f:at></f:Station>
    </f:member>`;
  it.each([
    ['a thousand inputs', measure.repeat(1_000), 1_000],
    ['a thousand references', reference.repeat(1_000), 1_000],
    [
      'a thousand features with links',
      complex('a', `<f:C xmlns:f="urn:f">${feature.repeat(1_000)}</f:C>`),
      1,
    ],
  ])('a request is accepted with %s', (_, content, length) => {
    expect(decode(executeXml('p', [content]))).toMatchObject({ inputs: { length } });
  });
});

describe('whatever comes in a body', () => {
  it('random bytes in a body are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(exceptionOf(() => decode(bytes)).httpStatus).toBeLessThan(500);
      }),
      { numRuns: 1_000 },
    );
  });

  it('a body that looks like XML is decoded or refused', () => {
    const token = fc.constantFrom(
      ...['<', '>', '/>', '</', '<?xml version="1.0"?>', '<!DOCTYPE a>', '<!ENTITY a "b">', '<!--'],
      ...['-->', '<![CDATA[', ']]>', '&amp;', '&a;', '&#0;', '&#x1F600;', '"', "'", '=', ' ', '\n'],
      ...[
        'wps:Execute',
        'ows:Identifier',
        'xmlns:wps="http://www.opengis.net/wps/1.0.0"',
        'a',
        '\u00e9',
      ],
      ...['\u0000', '\ud800', 'xmlns="', 'service="WPS"', '<a>', '</a>', '[', ']'],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        onlyOwsExceptions(() => decode(tokens.join('')));
      }),
      { numRuns: cases(2_400) },
    );
  });

  it('a body that is nearly a request is decoded or refused', () => {
    let taken = 0;
    fc.assert(
      fc.property(validRequest, fc.array(mutation(), { maxLength: 3 }), (request, changes) => {
        onlyOwsExceptions(() => {
          decode(serialise(changes.reduce((root, change) => mutate(root, change), request)));
          taken += 1;
        });
      }),
      { numRuns: cases(1_500), seed: 1 },
    );
    expect(taken).toBeGreaterThan(400);
  });

  it.each([
    [
      'a MIME type made for backtracking',
      complex('a', '', `mimeType="text/${';a='.repeat(50_000)}&#10;"`),
    ],
    ['many inputs', literal('a', '1').repeat(8_000)],
    [
      'many boxes of the old form',
      input(
        'a',
        '<wps:BoundingBoxData><ows:LowerCorner>1</ows:LowerCorner><ows:UpperCorner>2</ows:UpperCorner></wps:BoundingBoxData>',
      ).repeat(3_000),
    ],
    ['many coordinates', boundingBox('a', '1 '.repeat(400_000), '2')],
    ['many elements', complex('a', `<b>${'<a/>'.repeat(200_000)}</b>`)],
    ['many elements without a root', complex('a', '<a/>'.repeat(200_000))],
    ['many comments', `${literal('a', '1')}${'<!---->'.repeat(100_000)}`],
    ['many errors', literal('a', '1', 'b="c"').repeat(5_000)],
    [
      'many attributes',
      complex('a', `<b ${Array.from({ length: 50_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
    ],
  ])('a body is decoded or refused quickly: %s', (_, inputs) => {
    onlyOwsExceptions(() => decode(executeXml('p', [inputs])));
  });

  it('a body with many namespaces around many documents is decoded or refused quickly', () => {
    const declarations = (length: number) =>
      Array.from({ length }, (_, i) => `xmlns:a${i}="urn:${i}"`).join(' ');
    const inputs = complex('a', '<b/>').repeat(1_000);
    const exception = exceptionOf(() => decode(executeXml('p', [inputs], '', declarations(190))));
    expect(exception).toMatchObject({ code: 'FileSizeExceeded', httpStatus: 413 });
    onlyOwsExceptions(() => decode(executeXml('p', [inputs], '', declarations(30))));
  });
});
