import { expect, it } from 'vitest';
import { requestXml } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'no-kvp-by-post',
    clause: 'OGC 05-007r7, 8.2.1',
    title: 'KVP is not served by POST',
    status: 'done',
  },
  () => {
    const { send, post } = serviceUnderTest();

    it('a POST with a form in its body is refused', async () => {
      const answer = await post('service=WPS&request=GetCapabilities');
      expect(answer.status).toBe(400);
      expect(answer.exception().text).toContain('not well-formed XML');
    });

    it('of a POST only the body is read, not the query', async () => {
      const answer = await send({
        method: 'POST',
        query: 'service=WPS&version=1.0.0&request=DescribeProcess&identifier=fixed',
        body: Buffer.from(requestXml('GetCapabilities')),
      });
      expect(answer.select('/wps:Capabilities')).toHaveLength(1);
    });

    it('a POST without a body is refused, regardless of its query', async () => {
      const query = 'service=WPS&request=GetCapabilities';
      expect((await send({ method: 'POST', query })).exception()).toMatchObject({
        code: 'MissingParameterValue',
      });
    });
  },
);
