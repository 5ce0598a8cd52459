import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { executeXml, input, output, requestXml } from './requests.ts';

requirement(
  {
    id: 'missing-elements',
    clause: '14-065r2, 9.6, 9.7, 9.9, 10.1; 06-121r9, table 27',
    title:
      'A mandatory element, attribute or parameter that is missing is a MissingParameterValue with its name',
    status: 'done',
  },
  () => {
    const outputs = [output('number')];
    const given = executeXml('fixed', [], outputs);
    const box = (corner: string) =>
      input('extent', `<ows:BoundingBox><ows:${corner}>1 2</ows:${corner}></ows:BoundingBox>`);

    it.each([
      ['service', 'of Execute', given.replace('service="WPS"', '')],
      ['version', 'of Execute', given.replace('version="2.0.0"', '')],
      ['mode', 'of Execute', given.replace('mode="sync"', '')],
      ['response', 'of Execute', given.replace('response="document"', '')],
      ['Identifier', 'of Execute', given.replace(/<ows:Identifier>.*<\/ows:Identifier>/, '')],
      [
        'Identifier',
        'of Execute without anything',
        requestXml('Execute', '', 'mode="sync" response="raw"'),
      ],
      [
        'Identifier',
        'of Execute before inputs',
        executeXml('fixed', [input('a', '1')], outputs).replace(/<ows:I.*<\/ows:Identifier>/, ''),
      ],
      ['Output', 'of Execute', executeXml('fixed', [], [])],
      ['Output', 'of Execute after inputs', executeXml('fixed', [input('a', '1')], [])],
      ['id', 'of an input', executeXml('fixed', [input('', '1').replace('id=""', '')], outputs)],
      ['id', 'of an output', executeXml('fixed', [], ['<wps:Output/>'])],
      ['Input', 'without data', executeXml('fixed', ['<wps:Input id="a"/>'], outputs)],
      [
        'href',
        'of a reference',
        executeXml('fixed', ['<wps:Input id="a"><wps:Reference/></wps:Input>'], outputs),
      ],
      [
        'href',
        'of the reference to a body',
        executeXml(
          'fixed',
          [
            '<wps:Input id="a"><wps:Reference xlink:href="http://a.example.org"><wps:BodyReference/></wps:Reference></wps:Input>',
          ],
          outputs,
        ),
      ],
      ['UpperCorner', 'of a box', executeXml('every:Thing', [box('LowerCorner')], outputs)],
      ['LowerCorner', 'of a box', executeXml('every:Thing', [box('UpperCorner')], outputs)],
      ['Identifier', 'of DescribeProcess', requestXml('DescribeProcess')],
      ['JobID', 'of GetStatus', requestXml('GetStatus')],
      ['JobID', 'of GetResult', requestXml('GetResult')],
      ['JobID', 'of Dismiss', requestXml('Dismiss')],
      ['service', 'of GetCapabilities', requestXml('GetCapabilities').replace('service="WPS"', '')],
      [
        'Version',
        'of the versions that are accepted',
        requestXml('GetCapabilities', '<ows:AcceptVersions/>'),
      ],
      [
        'Language',
        'of the languages that are accepted',
        requestXml('GetCapabilities', '<ows:AcceptLanguages/>'),
      ],
    ])(
      'a missing mandatory element or attribute by XML is named: %s %s',
      async (locator, _, body) => {
        const answer = await serviceUnderTest().post(body);
        expect(answer.exception()).toMatchObject({ code: 'MissingParameterValue', locator });
        expect(answer.status).toBe(400);
      },
    );

    const kvp = { service: 'WPS', version: '2.0.0' };
    it.each([
      ['service', { version: '2.0.0', request: 'GetCapabilities' }],
      ['request', kvp],
      ['version', { service: 'WPS', request: 'GetStatus', jobId: 'a' }],
      ['Identifier', { ...kvp, request: 'DescribeProcess' }],
      ['Identifier', { ...kvp, request: 'DescribeProcess', Identifier: '' }],
      ['jobId', { ...kvp, request: 'GetStatus' }],
      ['jobId', { ...kvp, request: 'GetResult' }],
      ['jobId', { ...kvp, request: 'Dismiss' }],
    ])('a missing mandatory parameter by KVP is named: %s', async (locator, parameters) => {
      const answer = await serviceUnderTest().get(parameters);
      expect(answer.exception()).toMatchObject({ code: 'MissingParameterValue', locator });
      expect(answer.status).toBe(400);
    });
  },
);
