import { expect, it } from 'vitest';
import { requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'get-capabilities-by-xml',
    clause: 'OGC 05-007r7, 8.2.2 (optional)',
    title: 'GetCapabilities by POST with XML',
    status: 'done',
  },
  () => {
    const { get, post } = serviceUnderTest();

    it('GetCapabilities by XML is answered as the same request by KVP', async () => {
      const accept = '<wps:AcceptVersions><ows:Version>1.0.0</ows:Version></wps:AcceptVersions>';
      const byXml = await post(requestXml('GetCapabilities', accept, 'language="fr"'));
      const byKvp = await get(
        'service=WPS&request=GetCapabilities&AcceptVersions=1.0.0&language=fr',
      );
      expect(byXml.status).toBe(200);
      expect(byXml.text).toBe(byKvp.text);
    });

    it('GetCapabilities by XML refuses what other services add to it', async () => {
      const sections = '<ows:Sections><ows:Section>All</ows:Section></ows:Sections>';
      const answer = await post(requestXml('GetCapabilities', sections));
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'Sections',
      });
    });
  },
);
