import { expect, it } from 'vitest';
import { endpoint, serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'operations-metadata',
    clause: 'OGC 05-007r7, 8.3.2; OGC 06-121r3, 7.4.6',
    title: 'OperationsMetadata names the three operations with their URLs for GET and POST',
    status: 'done',
  },
  () => {
    const capabilities = () => serviceUnderTest().get('service=WPS&request=GetCapabilities');

    it.each(['GetCapabilities', 'DescribeProcess', 'Execute'])(
      'the capabilities name operation %s with its URLs',
      async (name) => {
        const { select } = await capabilities();
        const operation = `//ows:Operation[@name="${name}"]`;
        const url = endpoint.replace(/\/$/, '');
        expect(select(`${operation}//ows:Get/@xlink:href`)).toEqual([`${url}?`]);
        expect(select(`${operation}//ows:Post/@xlink:href`)).toEqual([url]);
      },
    );

    it('the capabilities name no other operation', async () => {
      expect((await capabilities()).select('//ows:Operation')).toHaveLength(3);
    });

    it("parameters can be appended to the capabilities' URL for GET", async () => {
      const service = serviceUnderTest();
      const [prefix] = (await capabilities()).select('//ows:Get/@xlink:href');
      const answer = await service.follow(`${prefix}service=WPS&request=GetCapabilities`);
      expect(answer.status).toBe(200);
    });
  },
);
