import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { executeXml, input, output, reference } from './requests.ts';

requirement(
  {
    id: 'execute-inputs',
    clause: '14-065r2, 7.4, 9.6.2',
    title: 'Inputs are taken as text, literal values, boxes, XML, base64 and references',
    status: 'done',
  },
  () => {
    async function inputsOf(...inputs: string[]) {
      const { post } = serviceUnderTest();
      const answer = await post(
        executeXml('every:Thing', inputs, [output('inputs')], { response: 'raw' }),
      );
      expect(answer.status, answer.text).toBe(200);
      return JSON.parse(answer.text);
    }

    it('text is read as a literal, a box or a complex value, as the process describes the input', async () => {
      const found = await inputsOf(
        input('text', 'a &lt; b'),
        input('area', '1,2,3,4'),
        input('document', 'plain'),
      );
      expect(found).toMatchObject({
        text: [{ value: 'a < b' }],
        area: [{ lower: [1, 2], upper: [3, 4] }],
        document: [{ mimeType: 'text/plain' }],
      });
    });

    it('attributes without a value have no effect', async () => {
      const found = await inputsOf(
        input('document', '&lt;a/&gt;', 'mimeType="text/xml" schema="" encoding=""'),
      );
      expect(found).toMatchObject({ document: [{ mimeType: 'text/xml' }] });
      const { post } = serviceUnderTest();
      const asked = [output('inputs', 'schema="" encoding=""')];
      const answer = await post(executeXml('every:Thing', [], asked, { response: 'raw' }));
      expect(answer.status, answer.text).toBe(200);
    });

    it('a literal value keeps its unit', async () => {
      const value = '<wps:LiteralValue uom="ft">3</wps:LiteralValue>';
      expect(await inputsOf(input('length', value))).toMatchObject({
        length: [{ value: '3', uom: 'ft' }],
      });
    });

    it('a bounding box keeps its coordinate reference system', async () => {
      const box =
        '<ows:BoundingBox crs="urn:ogc:def:crs:EPSG:6.6:4326"><ows:LowerCorner>-10 20</ows:LowerCorner><ows:UpperCorner>0 30</ows:UpperCorner></ows:BoundingBox>';
      expect(await inputsOf(input('area', box))).toMatchObject({
        area: [{ crs: 'urn:ogc:def:crs:EPSG:6.6:4326', lower: [-10, 20], upper: [0, 30] }],
      });
    });

    it('an XML input keeps the namespaces in scope', async () => {
      const { post } = serviceUnderTest();
      const document = input('document', '<ows:a wps:b="c"/>', 'mimeType="text/xml"');
      const answer = await post(
        executeXml('give-back', [document], [output('given', 'mimeType="text/xml"')], {
          response: 'raw',
        }),
      );
      expect(answer.text).toContain('xmlns:ows="http://www.opengis.net/ows/2.0"');
      expect(answer.text).toContain('wps:b="c"');
    });

    it('a base64 input arrives as its bytes', async () => {
      const bytes = Buffer.from('bytes').toString('base64');
      const { post } = serviceUnderTest();
      const document = input(
        'document',
        bytes,
        'mimeType="application/x-netcdf" encoding="base64"',
      );
      const answer = await post(
        executeXml('give-back', [document], [output('given')], { response: 'raw' }),
      );
      expect(answer.text).toBe('bytes');
    });

    it('a reference is fetched from allowed hosts only', async () => {
      const allowed = serviceUnderTest({ limits: { referenceHosts: ['data.example.org'] } });
      const document = reference('document', 'https://data.example.org/a', 'mimeType="text/plain"');
      const request = executeXml('give-back', [document], [output('given')], { response: 'raw' });
      expect((await allowed.post(request)).text).toBe('https://data.example.org/a');
      expect((await serviceUnderTest().post(request)).exception()).toMatchObject({
        code: 'WrongInputData',
        locator: 'document',
      });
    });
  },
);
