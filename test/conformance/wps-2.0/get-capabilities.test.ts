import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';
import { requestXml } from './requests.ts';

requirement(
  {
    id: 'get-capabilities',
    clause: '14-065r2, 9.8',
    title: 'GetCapabilities by KVP and XML answers a capabilities document of version 2.0.0',
    status: 'done',
  },
  () => {
    const kvp = { service: 'WPS', request: 'GetCapabilities', AcceptVersions: '2.0.0' };

    it('GetCapabilities by KVP and by XML returns the same document', async () => {
      const { get, post } = serviceUnderTest();
      const byKvp = await get(kvp);
      expect(byKvp.status).toBe(200);
      expect(byKvp.select('/wps:Capabilities/@version')).toEqual(['2.0.0']);
      expect((await post(requestXml('GetCapabilities'))).text).toBe(byKvp.text);
    });

    it('the capabilities list each process with its modes of execution', async () => {
      const { select } = await serviceUnderTest().get(kvp);
      const summary = '//wps:ProcessSummary[ows:Identifier="every:Thing"]';
      expect(select(`${summary}/ows:Title`)).toEqual(['Every <thing> & "more"']);
      expect(select(`${summary}/@jobControlOptions`)).toEqual([
        'sync-execute async-execute dismiss',
      ]);
      expect(select(`${summary}/@outputTransmission`)).toEqual(['value reference']);
      expect(select(`${summary}/@processVersion`)).toEqual(['1.2.3']);
    });

    it('the capabilities give the address of each operation, for Execute by POST only', async () => {
      const { select } = await serviceUnderTest().get(kvp);
      expect(select('//ows:Operation/@name')).toEqual([
        ...['GetCapabilities', 'DescribeProcess', 'Execute', 'GetStatus', 'GetResult', 'Dismiss'],
      ]);
      expect(select('//ows:Operation[@name="Execute"]//ows:Get')).toEqual([]);
      expect(select('//ows:Operation[@name="Execute"]//ows:Post/@xlink:href')).toEqual([
        'https://example.org/TEST/wps',
      ]);
      expect(select('//ows:Operation[@name="GetStatus"]//ows:Get/@xlink:href')).toEqual([
        'https://example.org/TEST/wps?',
      ]);
    });

    it.each([
      ['*', 200],
      ['xx,*', 200],
      ['fr', 200],
      ['xx', 400],
    ])('the capabilities for languages %s have HTTP status %i', async (AcceptLanguages, status) => {
      expect((await serviceUnderTest().get({ ...kvp, AcceptLanguages })).status).toBe(status);
    });

    it('the capabilities leave out sections that are not requested', async () => {
      const { get, post } = serviceUnderTest();
      const { select } = await get({ ...kvp, Sections: 'ServiceIdentification,Contents' });
      expect(select('/wps:Capabilities/*[self::ows:ServiceProvider]')).toEqual([]);
      expect(select('//ows:ServiceIdentification/ows:Title')).toEqual(['Test service']);
      const sections = '<ows:Sections><ows:Section>All</ows:Section></ows:Sections>';
      const all = await post(requestXml('GetCapabilities', sections));
      expect(all.select('//ows:ProviderName')).toEqual(['Tester']);
      expect(all.select('//ows:Languages/ows:Language')).toEqual(['en-AU', 'fr']);
    });
  },
);
