import { expect, it } from 'vitest';
import { executeXml, requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'missing-elements',
    clause: 'OGC 05-007r7, 10.4; OGC 06-121r3, table 25',
    title:
      'A mandatory element or attribute that is missing is a MissingParameterValue with its name',
    status: 'done',
  },
  () => {
    const identifier = '<ows:Identifier>fixed</ows:Identifier>';
    const data = '<wps:Data><wps:LiteralData>1</wps:LiteralData></wps:Data>';
    it.each([
      [
        'Identifier',
        'of Execute before inputs',
        requestXml('Execute', inputs(`<wps:Input>${identifier}${data}</wps:Input>`)),
      ],
      ['Identifier', 'of Execute without anything', requestXml('Execute')],
      ['Identifier', 'of DescribeProcess', requestXml('DescribeProcess')],
      ['Identifier', 'of an input', executeXml('fixed', [`<wps:Input>${data}</wps:Input>`])],
      [
        'Identifier',
        'of an output',
        executeXml(
          'fixed',
          [],
          '<wps:ResponseForm><wps:ResponseDocument><wps:Output><ows:Title>a</ows:Title></wps:Output></wps:ResponseDocument></wps:ResponseForm>',
        ),
      ],
      [
        'Version',
        'of the versions that are accepted',
        requestXml('GetCapabilities', '<wps:AcceptVersions/>'),
      ],
      [
        'UpperCorner',
        'of a box',
        executeXml('fixed', [
          `<wps:Input>${identifier}<wps:Data><wps:BoundingBoxData><ows:LowerCorner>1 2</ows:LowerCorner></wps:BoundingBoxData></wps:Data></wps:Input>`,
        ]),
      ],
      [
        'href',
        'of a reference',
        executeXml('fixed', [`<wps:Input>${identifier}<wps:Reference/></wps:Input>`]),
      ],
      ['service', 'of a request', requestXml('GetCapabilities').replace('service="WPS"', '')],
      ['service', 'of Execute', executeXml('fixed').replace('service="WPS"', '')],
      ['version', 'of Execute', executeXml('fixed').replace('version="1.0.0"', '')],
      [
        'version',
        'of DescribeProcess',
        requestXml('DescribeProcess', identifier).replace('version="1.0.0"', ''),
      ],
      [
        'Identifier',
        'of raw output',
        executeXml('fixed', [], '<wps:ResponseForm><wps:RawDataOutput/></wps:ResponseForm>'),
      ],
      ['Input', 'without data', executeXml('fixed', [`<wps:Input>${identifier}</wps:Input>`])],
      [
        'Data',
        'of an input',
        executeXml('fixed', [`<wps:Input>${identifier}<wps:Data/></wps:Input>`]),
      ],
      ['ResponseForm', 'without a form', executeXml('fixed', [], '<wps:ResponseForm/>')],
      [
        'LowerCorner',
        'of a box',
        executeXml('fixed', [
          `<wps:Input>${identifier}<wps:Data><wps:BoundingBoxData><ows:UpperCorner>1 2</ows:UpperCorner></wps:BoundingBoxData></wps:Data></wps:Input>`,
        ]),
      ],
      [
        'href',
        'of the reference to a body',
        executeXml('fixed', [
          `<wps:Input>${identifier}<wps:Reference xlink:href="http://a.example.org"><wps:BodyReference/></wps:Reference></wps:Input>`,
        ]),
      ],
    ])('a missing mandatory element by XML is named: %s %s', async (locator, _, body) => {
      const answer = await serviceUnderTest().post(body);
      expect(answer.exception()).toMatchObject({ code: 'MissingParameterValue', locator });
      expect(answer.status).toBe(400);
    });

    const kvp = { service: 'WPS', version: '1.0.0' };
    it.each([
      ['service', { version: '1.0.0', request: 'GetCapabilities' }],
      ['service', { service: '', request: 'GetCapabilities' }],
      ['request', kvp],
      ['version', { service: 'WPS', request: 'DescribeProcess', identifier: 'fixed' }],
      ['version', { service: 'WPS', request: 'Execute', identifier: 'fixed' }],
      ['Identifier', { ...kvp, request: 'DescribeProcess' }],
      ['Identifier', { ...kvp, request: 'Execute' }],
      ['Identifier', { ...kvp, request: 'Execute', identifier: ' ' }],
    ])('a missing mandatory parameter by KVP is named: %s', async (locator, parameters) => {
      const answer = await serviceUnderTest().get(parameters);
      expect(answer.exception()).toMatchObject({ code: 'MissingParameterValue', locator });
      expect(answer.status).toBe(400);
    });

    it('an element in the wrong place is not reported as missing', async () => {
      const body = requestXml(
        'Execute',
        `${inputs(`<wps:Input>${identifier}${data}</wps:Input>`)}${identifier}`,
      );
      expect((await serviceUnderTest().post(body)).exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'DataInputs',
      });
    });
  },
);

function inputs(content: string): string {
  return `<wps:DataInputs>${content}</wps:DataInputs>`;
}
