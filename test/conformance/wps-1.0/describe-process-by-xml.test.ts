import { expect, it } from 'vitest';
import { requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'describe-process-by-xml',
    clause: 'OGC 05-007r7, 9.2.3 (optional)',
    title: 'DescribeProcess by POST with XML',
    status: 'done',
  },
  () => {
    it('DescribeProcess by XML is answered as the same request by KVP', async () => {
      const { get, post } = serviceUnderTest();
      const byXml = await post(
        requestXml(
          'DescribeProcess',
          '<ows:Identifier>fixed</ows:Identifier><ows:Identifier codeSpace="urn:x"> every:Thing </ows:Identifier>',
        ),
      );
      const byKvp = await get(
        'service=WPS&version=1.0.0&request=DescribeProcess&identifier=fixed,every:Thing',
      );
      expect(byXml.status).toBe(200);
      expect(byXml.text).toBe(byKvp.text);
    });
  },
);
