import { expect, it } from 'vitest';
import {
  boundingBox,
  complex,
  executeXml,
  input,
  literal,
  output,
  responseDocument,
} from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'lineage',
    clause: 'OGC 05-007r7, 10.2.1, table 50, and 10.3.1',
    title:
      'With lineage, the response repeats the inputs and the output definitions of the request',
    status: 'done',
    note: 'Literals in the form their data type has, formats and titles as they were settled. Defaults that stood in are not repeated. A response of more than 5 MB has no lineage.',
  },
  () => {
    const { post } = serviceUnderTest({ limits: { referenceHosts: ['example.org'] } });
    const execute = (inputs: string[], outputs: string[], lineage = 'lineage="true"') =>
      post(executeXml('every:Thing', inputs, responseDocument(outputs, lineage)));

    it('lineage repeats each input in the form in which it was given', async () => {
      const reference =
        '<wps:Reference xlink:href="https://example.org/?a&amp;b" method="POST" mimeType="text/xml"><wps:Header key="a" value="b"/><wps:Body><q xmlns=""/></wps:Body></wps:Reference>';
      const { select } = await execute(
        [
          literal('text', 'one &lt; two'),
          literal('length', ' 5 ', 'uom="ft"'),
          boundingBox('area', '1 2', '3 4'),
          complex('document', '<a xmlns="urn:a">b</a>', 'mimeType="text/xml"'),
          input('document', reference),
        ],
        [output('number')],
      );
      const inputs = '/wps:ExecuteResponse/wps:DataInputs/wps:Input';
      expect(select(`${inputs}/ows:Identifier`)).toEqual([
        'text',
        'length',
        'area',
        'document',
        'document',
      ]);
      expect(select(`${inputs}//wps:LiteralData`)).toEqual(['one < two', '5']);
      expect(select(`${inputs}//wps:LiteralData/@uom`)).toEqual(['ft']);
      expect(select(`${inputs}//ows:UpperCorner`)).toEqual(['3 4']);
      expect(select(`${inputs}//wps:ComplexData/*[namespace-uri()="urn:a"]`)).toEqual(['b']);
      expect(select(`${inputs}/wps:Reference/@xlink:href`)).toEqual(['https://example.org/?a&b']);
      expect(select(`${inputs}/wps:Reference/@method`)).toEqual(['POST']);
      expect(select(`${inputs}/wps:Reference/wps:Body/q`)).toHaveLength(1);
    });

    it("lineage repeats the client's titles", async () => {
      const form =
        '<ows:Title>My title</ows:Title><wps:Data><wps:LiteralData>1</wps:LiteralData></wps:Data>';
      const { select } = await execute([input('count', form)], [output('number')]);
      expect(select('//wps:Input/ows:Title')).toEqual(['My title']);
    });

    it('lineage repeats the requested definition of each output', async () => {
      const { select } = await execute(
        [],
        [output('text', 'asReference="true" mimeType="text/xml"'), output('number', 'uom="ft"')],
      );
      const outputs = '/wps:ExecuteResponse/wps:OutputDefinitions/wps:Output';
      expect(select(`${outputs}/ows:Identifier`)).toEqual(['text', 'number']);
      expect(select(`${outputs}/@asReference`)).toEqual(['true', 'false']);
      expect(select(`${outputs}/@mimeType`)).toEqual(['text/xml']);
      expect(select(`${outputs}/@uom`)).toEqual(['ft']);
      expect(select('//wps:DataInputs')).toEqual([]);
    });

    it('a response without lineage repeats nothing of the request', async () => {
      for (const lineage of ['', 'lineage="false"']) {
        const { select } = await execute([literal('count', '1')], [output('number')], lineage);
        expect(select('//wps:DataInputs | //wps:OutputDefinitions')).toEqual([]);
      }
    });
  },
);
