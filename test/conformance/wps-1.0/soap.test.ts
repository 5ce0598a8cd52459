import { expect, it } from 'vitest';
import { executeXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'soap',
    clause: 'OGC 05-007r7, 8.2.2 (optional)',
    title: 'Requests in SOAP envelopes',
    status: 'declined',
    why: 'It is optional, and the clients this service is for do not send it. An envelope gets an exception that says what is allowed.',
  },
  () => {
    it('requests in SOAP envelopes are refused with words that help', async () => {
      const body = executeXml('fixed').replace(/<\?xml.*\?>\n/, '');
      const answer = await serviceUnderTest().post(
        `<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>${body}</soap:Body></soap:Envelope>`,
      );
      expect(answer.status).toBe(400);
      expect(answer.exception()).toMatchObject({
        code: 'InvalidParameterValue',
        locator: 'request',
        text: expect.stringContaining('allowed: GetCapabilities, DescribeProcess, Execute'),
      });
    });
  },
);
