import { expect, it } from 'vitest';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'get-capabilities-by-kvp',
    clause: 'OGC 05-007r7, 8.2.1 (mandatory)',
    title: 'GetCapabilities by GET with KVP',
    status: 'done',
  },
  () => {
    const { get, send } = serviceUnderTest();

    it('GetCapabilities by KVP accepts the example of the standard', async () => {
      const answer = await get(
        'service=WPS&Request=GetCapabilities&AcceptVersions=1.0.0&language=en-AU',
      );
      expect(answer.status).toBe(200);
      expect(answer.select('/wps:Capabilities/@service')).toEqual(['WPS']);
      expect(answer.select('/wps:Capabilities/@version')).toEqual(['1.0.0']);
    });

    it('GetCapabilities is served at the endpoint with or without a slash at its end', async () => {
      for (const path of ['/wps', '/wps/', '/stage/wps']) {
        const answer = await send({ path, query: 'service=WPS&request=GetCapabilities' });
        expect(answer.status).toBe(200);
      }
    });

    it('GetCapabilities needs neither storage nor the job engine', async () => {
      const { dependencies } = serviceUnderTest();
      const { serve } = await import('../../../lambda/service.ts');
      const never = () => Promise.reject(new Error('opened'));
      const answer = await serve(
        {
          method: 'GET',
          path: '/wps',
          query: 'service=WPS&request=GetCapabilities',
          headers: {},
          body: new Uint8Array(),
        },
        { ...dependencies, store: never, engine: never },
      );
      expect(answer.status).toBe(200);
    });
  },
);
