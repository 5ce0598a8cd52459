import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { requestXml } from './requests.ts';

requirement(
  {
    id: 'describe-process',
    clause: '14-065r2, 9.9',
    title: 'DescribeProcess by KVP and XML answers process offerings',
    status: 'done',
  },
  () => {
    const kvp = { service: 'WPS', version: '2.0.0', request: 'DescribeProcess' };

    it('DescribeProcess by KVP and by XML returns the same document', async () => {
      const { get, post } = serviceUnderTest();
      const byKvp = await get({ ...kvp, Identifier: 'every:Thing,fixed' });
      expect(byKvp.select('//wps:Process/ows:Identifier')).toEqual(['every:Thing', 'fixed']);
      const identifiers = ['every:Thing', 'fixed'].map(
        (identifier) => `<ows:Identifier>${identifier}</ows:Identifier>`,
      );
      const byXml = await post(requestXml('DescribeProcess', identifiers.join('')));
      expect(byXml.text).toBe(byKvp.text);
    });

    it('DescribeProcess describes a process once, however often and in whatever case it is requested', async () => {
      const { get } = serviceUnderTest();
      const request = { service: 'wps', version: ' 2.0.0 ', request: 'describeprocess' };
      const { select } = await get({ ...request, Identifier: 'fixed,fixed' });
      expect(select('/wps:ProcessOfferings//wps:Process/ows:Identifier')).toEqual(['fixed']);
    });

    it('DescribeProcess names the default coordinate reference system first, and marks it', async () => {
      const { select } = await serviceUnderTest().get({ ...kvp, Identifier: 'every:Thing' });
      const crs = '//wps:Input[ows:Identifier="area"]//wps:SupportedCRS';
      expect(select(`${crs}/@default`)).toEqual(['true']);
      expect(select(`${crs}[@default]`)).toEqual(select(`${crs}[1]`));
    });

    it('DescribeProcess describes every process for ALL, in upper or lower case', async () => {
      const { select } = await serviceUnderTest().get({ ...kvp, Identifier: 'all' });
      expect(select('//wps:Process')).toHaveLength(4);
    });

    it('DescribeProcess describes literals with a domain for each unit', async () => {
      const { select } = await serviceUnderTest().get({ ...kvp, Identifier: 'every:Thing' });
      const length = '//wps:Input[ows:Identifier="length"]';
      expect(select(`${length}//LiteralDataDomain/ows:UOM`)).toEqual(['m', 'ft']);
      expect(select(`${length}//LiteralDataDomain[@default="true"]/ows:UOM`)).toEqual(['m']);
      expect(select(`${length}//LiteralDataDomain[1]//ows:Value`)).toEqual(['-1']);
      expect(select(`${length}//LiteralDataDomain[1]//ows:MinimumValue`)).toEqual(['0']);
      expect(select(`${length}//LiteralDataDomain[1]/ows:DefaultValue`)).toEqual(['10']);
      expect(select(`${length}/@minOccurs | ${length}/@maxOccurs`)).toEqual(['0', '1']);
    });

    it('DescribeProcess lists formats and coordinate reference systems, the default first', async () => {
      const { select } = await serviceUnderTest().get({ ...kvp, Identifier: 'every:Thing' });
      const document = '//wps:Input[ows:Identifier="document"]//wps:Format';
      expect(select(`${document}[@default="true"]/@mimeType`)).toEqual(['text/plain']);
      expect(select(`${document}/@mimeType`)).toHaveLength(4);
      expect(select(`${document}[1]/@maximumMegabytes`)).toEqual(['1']);
      expect(select('//wps:Input[ows:Identifier="area"]//wps:SupportedCRS')).toHaveLength(2);
    });

    it('DescribeProcess needs an identifier', async () => {
      expect((await serviceUnderTest().get(kvp)).exception()).toMatchObject({
        code: 'MissingParameterValue',
        locator: 'Identifier',
      });
    });
  },
);
