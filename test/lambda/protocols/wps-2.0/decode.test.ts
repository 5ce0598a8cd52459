import { describe, expect, it } from 'vitest';
import { decodeKvp } from '../../../../lambda/protocols/wps-2.0/decode-kvp.ts';
import { decodeXml } from '../../../../lambda/protocols/wps-2.0/decode-xml.ts';
import { exceptionOf } from '../../../only-ows-exceptions.ts';
import { faultOf } from '../../../only-service-faults.ts';

const namespaces =
  'xmlns:wps="http://www.opengis.net/wps/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" xmlns:xlink="http://www.w3.org/1999/xlink"';
const request = (operation: string, attributes: string, content: string) =>
  Buffer.from(
    `<wps:${operation} ${namespaces} service="WPS" ${attributes}>${content}</wps:${operation}>`,
  );
const execute = (attributes: string, content: string) =>
  request(
    'Execute',
    `version="2.0.0" ${attributes}`,
    `<ows:Identifier> p </ows:Identifier>${content}`,
  );
const decode = (body: Buffer) => decodeXml(body, 10_000);
const id = '<ows:Identifier>p</ows:Identifier>';

describe('a request of WPS 2.0 by KVP', () => {
  it.each([
    [
      'service=wps&request=getcapabilities&AcceptVersions=2.0.0,1.0.0&AcceptLanguages=en,fr&Sections=All',
      {
        operation: 'GetCapabilities',
        acceptVersions: ['2.0.0', '1.0.0'],
        acceptLanguages: ['en', 'fr'],
        sections: ['All'],
      },
    ],
    [
      'service=WPS&request=GetCapabilities&version=1.0.0',
      { operation: 'GetCapabilities', acceptVersions: [], acceptLanguages: [], sections: [] },
    ],
    [
      'SERVICE=WPS&REQUEST=DescribeProcess&VERSION=2.0.0&IDENTIFIER=a,b&lang=fr',
      { operation: 'DescribeProcess', identifiers: ['a', 'b'], language: 'fr' },
    ],
    [
      'service=WPS&request=describeprocess&version=2.0.0&identifier=ALL',
      { operation: 'DescribeProcess', identifiers: ['ALL'] },
    ],
    ['service=WPS&request=GetStatus&version=2.0.0&jobId=j', { operation: 'GetStatus', jobId: 'j' }],
    ['service=WPS&request=getresult&version=2.0.0&jobid=j', { operation: 'GetResult', jobId: 'j' }],
    ['service=WPS&request=Dismiss&version=2.0.0&JobID=j', { operation: 'Dismiss', jobId: 'j' }],
  ])('a request of WPS 2.0 by KVP is read: %s', (query, expected) => {
    expect(decodeKvp(query)).toStrictEqual(expected);
  });

  const missing = (name: string) => `Parameter "${name}" is missing.`;
  it.each([
    ['request=GetCapabilities', 'MissingParameterValue', 'service', missing('service')],
    [
      'service=WFS&request=GetCapabilities',
      'InvalidParameterValue',
      'service',
      'Parameter "service" is "WFS"; allowed: WPS.',
    ],
    ['service=WPS', 'MissingParameterValue', 'request', missing('request')],
    [
      'service=WPS&request=GetMap&version=2.0.0',
      'OperationNotSupported',
      'GetMap',
      'Operation "GetMap" is not offered; allowed: GetCapabilities, DescribeProcess, Execute, GetStatus, GetResult, Dismiss.',
    ],
    [
      'service=WPS&request=Execute&version=2.0.0',
      'OperationNotSupported',
      'Execute',
      'Execute of WPS 2.0.0 has no GET form; send it as XML by POST.',
    ],
    [
      'service=WPS&request=GetStatus&jobId=j',
      'MissingParameterValue',
      'version',
      missing('version'),
    ],
    [
      'service=WPS&request=GetStatus&version=1.0.0&jobId=j',
      'InvalidParameterValue',
      'version',
      'Parameter "version" is "1.0.0"; allowed: 2.0.0.',
    ],
    [
      'service=WPS&request=GetStatus&version=2.0.0',
      'MissingParameterValue',
      'jobId',
      missing('jobId'),
    ],
    [
      'service=WPS&request=DescribeProcess&version=2.0.0',
      'MissingParameterValue',
      'Identifier',
      missing('Identifier'),
    ],
    [
      'service=WPS&request=DescribeProcess&version=2.0.0&identifier=a&identifier=b',
      'InvalidParameterValue',
      'Identifier',
      'Parameter "Identifier" is given twice with different values; allowed: once.',
    ],
    [
      'service=WPS&request=GetCapabilities&sections=a&SECTIONS=b',
      'InvalidParameterValue',
      'Sections',
      'Parameter "Sections" is given twice with different values; allowed: once.',
    ],
  ])('a request of WPS 2.0 by KVP is refused: %s', (query, code, locator, message) => {
    expect(exceptionOf(() => decodeKvp(query))).toMatchObject({ code, locator, message });
  });

  it.each([
    'service',
    'request',
    'version',
    'AcceptVersions',
    'AcceptLanguages',
    'Sections',
    'Identifier',
    'lang',
    'jobId',
  ])('a request of WPS 2.0 by KVP has its parameter %s at most once', (name) => {
    const query = `${name}=a&${name.toUpperCase()}=b`;
    expect(exceptionOf(() => decodeKvp(query))).toMatchObject({
      ...{ code: 'InvalidParameterValue', locator: name },
    });
  });
});

describe('a request of WPS 2.0 by XML', () => {
  it.each([
    [
      'GetCapabilities with everything',
      request(
        'GetCapabilities',
        '',
        '<ows:AcceptVersions><ows:Version>2.0.0</ows:Version></ows:AcceptVersions><ows:Sections><ows:Section>All</ows:Section></ows:Sections><ows:AcceptLanguages><ows:Language>fr</ows:Language></ows:AcceptLanguages>',
      ),
      {
        operation: 'GetCapabilities',
        acceptVersions: ['2.0.0'],
        acceptLanguages: ['fr'],
        sections: ['All'],
      },
    ],
    [
      'DescribeProcess in a language',
      request(
        'DescribeProcess',
        'version="2.0.0" xml:lang="fr"',
        `${id}<ows:Identifier> q </ows:Identifier>`,
      ),
      { operation: 'DescribeProcess', identifiers: ['p', 'q'], language: 'fr' },
    ],
    [
      'GetStatus',
      request('GetStatus', 'version="2.0.0"', '<wps:JobID> j </wps:JobID>'),
      { operation: 'GetStatus', jobId: 'j' },
    ],
    [
      'Execute with a literal, a box and data',
      execute(
        'mode="auto" response="raw"',
        `<wps:Input id="a"><wps:Data><wps:LiteralValue uom="m">1</wps:LiteralValue></wps:Data></wps:Input>
         <wps:Input id="b"><wps:Data mimeType="text/plain">x</wps:Data></wps:Input>
         <wps:Output id="o" transmission="reference" mimeType="text/csv"/>`,
      ),
      {
        operation: 'Execute',
        identifier: 'p',
        inputs: [
          { identifier: 'a', data: { kind: 'literal', value: '1', uom: 'm' } },
          { identifier: 'b', data: { kind: 'untyped', mimeType: 'text/plain', value: 'x' } },
        ],
        outputs: [{ identifier: 'o', mimeType: 'text/csv', transmission: 'reference' }],
        mode: 'auto',
        response: 'raw',
      },
    ],
    [
      'Execute with every kind of data',
      execute(
        'mode="async" response="document"',
        `<wps:Input id=" a "><wps:Data><wps:LiteralValue dataType="urn:t"> 1 </wps:LiteralValue></wps:Data></wps:Input>
         <wps:Input id="b"><wps:Data><ows:BoundingBox crs="urn:c" dimensions="2"><ows:LowerCorner>1 2</ows:LowerCorner><ows:UpperCorner>3 4</ows:UpperCorner></ows:BoundingBox></wps:Data></wps:Input>
         <wps:Input id="c"><wps:Data><ows:WGS84BoundingBox><ows:LowerCorner>1 2</ows:LowerCorner><ows:UpperCorner>3 4</ows:UpperCorner></ows:WGS84BoundingBox></wps:Data></wps:Input>
         <wps:Input id="d"><wps:Data encoding="utf-8" schema="urn:s" mimeType="text/xml"><BoundingBox xmlns=""/></wps:Data></wps:Input>
         <wps:Input id="f"><wps:Data><wps:Format mimeType="text/csv"/></wps:Data></wps:Input>
         <wps:Input id="e"><wps:Data><LiteralValue xmlns="urn:v">1</LiteralValue></wps:Data></wps:Input>
         <wps:Output id="o" encoding="base64" schema="urn:s"/>`,
      ),
      {
        operation: 'Execute',
        identifier: 'p',
        inputs: [
          { identifier: 'a', data: { kind: 'literal', value: ' 1 ', dataType: 'urn:t' } },
          {
            identifier: 'b',
            data: {
              kind: 'bounding-box',
              crs: 'urn:c',
              dimensions: 2,
              lower: [1, 2],
              upper: [3, 4],
            },
          },
          { identifier: 'c', data: { kind: 'bounding-box', lower: [1, 2], upper: [3, 4] } },
          {
            identifier: 'd',
            data: {
              kind: 'complex',
              encoding: 'utf-8',
              schema: 'urn:s',
              mimeType: 'text/xml',
              content: { text: expect.stringContaining('<BoundingBox') },
            },
          },
          {
            identifier: 'f',
            data: { kind: 'complex', content: { text: expect.stringContaining('<wps:Format') } },
          },
          {
            identifier: 'e',
            data: { kind: 'complex', content: { text: expect.stringContaining('<LiteralValue') } },
          },
        ],
        outputs: [{ identifier: 'o', encoding: 'base64', schema: 'urn:s', transmission: 'value' }],
        mode: 'async',
        response: 'document',
      },
    ],
    [
      'Execute with a reference that has a body',
      execute(
        'mode="sync" response="document"',
        `<wps:Input id="a"><wps:Reference xlink:href="https://a.example/" mimeType="text/csv" encoding="utf-8" schema="urn:s"><wps:Body>x</wps:Body></wps:Reference></wps:Input><wps:Output id="o"/>`,
      ),
      {
        operation: 'Execute',
        identifier: 'p',
        inputs: [
          {
            identifier: 'a',
            data: {
              kind: 'reference',
              href: 'https://a.example/',
              mimeType: 'text/csv',
              encoding: 'utf-8',
              schema: 'urn:s',
              method: 'POST',
              headers: [],
              body: { text: 'x', mimeType: 'text/plain' },
            },
          },
        ],
        outputs: [{ identifier: 'o', transmission: 'value' }],
        mode: 'sync',
        response: 'document',
      },
    ],
    [
      'Dismiss',
      request('Dismiss', 'version="2.0.0"', '<wps:JobID>j</wps:JobID>'),
      { operation: 'Dismiss', jobId: 'j' },
    ],
    [
      'GetResult',
      request('GetResult', 'version="2.0.0"', '<wps:JobID>j</wps:JobID>'),
      { operation: 'GetResult', jobId: 'j' },
    ],
    [
      'GetCapabilities with nothing',
      request('GetCapabilities', '', ''),
      { operation: 'GetCapabilities', acceptVersions: [], acceptLanguages: [], sections: [] },
    ],
    [
      'DescribeProcess in no language',
      request('DescribeProcess', 'version="2.0.0"', id),
      { operation: 'DescribeProcess', identifiers: ['p'] },
    ],
    [
      'Execute with references',
      execute(
        'mode="sync" response="document"',
        `<wps:Input id="a"><wps:Reference xlink:href="https://a.example/"/></wps:Input>
         <wps:Input id="b"><wps:Reference xlink:href="https://b.example/"><wps:BodyReference xlink:href="https://c.example/"/></wps:Reference></wps:Input>
         <wps:Output id="o" transmission="value"/>`,
      ),
      {
        operation: 'Execute',
        identifier: 'p',
        inputs: [
          {
            identifier: 'a',
            data: { kind: 'reference', href: 'https://a.example/', method: 'GET', headers: [] },
          },
          {
            identifier: 'b',
            data: {
              kind: 'reference',
              href: 'https://b.example/',
              method: 'POST',
              headers: [],
              bodyReference: 'https://c.example/',
            },
          },
        ],
        outputs: [{ identifier: 'o', transmission: 'value' }],
        mode: 'sync',
        response: 'document',
      },
    ],
  ])('a request of WPS 2.0 by XML is read: %s', (_, body, expected) => {
    expect(decode(body)).toStrictEqual(expected);
  });

  it.each([
    [
      'of another operation',
      request('GetMap', '', ''),
      {
        code: 'OperationNotSupported',
        locator: 'GetMap',
        message:
          'Operation "GetMap" of namespace "http://www.opengis.net/wps/2.0" is not offered; allowed: GetCapabilities, DescribeProcess, Execute, GetStatus, GetResult, Dismiss of namespace "http://www.opengis.net/wps/2.0".',
      },
    ],
    [
      'of another version',
      request('GetStatus', 'version="1.0.0"', '<wps:JobID>j</wps:JobID>'),
      {
        code: 'InvalidParameterValue',
        locator: 'version',
        message: 'Attribute "version" is "1.0.0"; allowed: 2.0.0.',
      },
    ],
    [
      'of another namespace',
      Buffer.from('<GetStatus xmlns="http://www.opengis.net/wps/1.0.0"/>'),
      { code: 'OperationNotSupported', locator: 'GetStatus' },
    ],
    [
      'for its capabilities in a version that its schema does not have',
      request('GetCapabilities', 'version="1.0.0"', ''),
      { code: 'InvalidParameterValue', locator: 'version' },
    ],
    [
      'with inputs in an input',
      execute(
        'mode="sync" response="raw"',
        '<wps:Input id="a"><wps:Input id="b"><wps:Data>1</wps:Data></wps:Input></wps:Input><wps:Output id="o"/>',
      ),
      {
        kind: 'invalid-value',
        subject: 'a',
        message:
          'Input "a" holds other inputs; allowed: wps:Data or wps:Reference, for no process has nested inputs.',
      },
    ],
    [
      'with an output in an output',
      execute('mode="sync" response="raw"', '<wps:Output id="o"><wps:Output id="p"/></wps:Output>'),
      {
        kind: 'unknown-output',
        subject: 'o',
        message:
          'Output "o" holds other outputs; allowed: none, for no process has nested outputs.',
      },
    ],
    [
      'without what it is about',
      request('GetStatus', 'version="2.0.0"', '\n'),
      {
        code: 'MissingParameterValue',
        locator: 'JobID',
        message: expect.stringMatching(
          /^The request is not valid at line 1: Element 'wps:GetStatus'/,
        ),
      },
    ],
    [
      'with more than its schema allows',
      request('GetStatus', 'version="2.0.0"', '<wps:JobID>j</wps:JobID>\n<wps:More/>'),
      {
        code: 'InvalidParameterValue',
        locator: 'More',
        message: expect.stringMatching(/^The request is not valid at line 2: Element 'wps:More'/),
      },
    ],
  ])('a request of WPS 2.0 by XML %s is refused', (_, body, expected) => {
    expect(faultOf(() => decode(body))).toMatchObject(expected);
  });

  it('a request of WPS 2.0 by XML is as large as the service accepts, and no larger', () => {
    const body = request('GetCapabilities', '', '');
    expect(decodeXml(body, body.length)).toMatchObject({ operation: 'GetCapabilities' });
    expect(exceptionOf(() => decodeXml(body, body.length - 1))).toMatchObject({
      code: 'FileSizeExceeded',
      httpStatus: 413,
      message: `The request is larger than ${body.length - 1} bytes; send large inputs by reference.`,
    });
  });
});
