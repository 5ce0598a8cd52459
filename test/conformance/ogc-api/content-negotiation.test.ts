import { expect, it } from 'vitest';
import { requirement } from '../requirement.ts';
import { apiUnderTest } from './api-under-test.ts';

requirement(
  {
    id: 'content-negotiation',
    clause: 'OGC 18-062r2, 7.5 and 8',
    title: 'JSON is the answer unless the client asks for another form, by f or Accept',
    status: 'done',
  },
  () => {
    const targets = ['', 'conformance', 'api', 'processes', 'processes/echo-inputs', 'jobs'];

    it.each([undefined, '*/*', 'application/json', 'application/*;q=0.5', 'image/png'])(
      'every path answers in JSON with Accept: %s',
      async (accept) => {
        const { read } = apiUnderTest();
        for (const target of targets) {
          const answer = await read(target, accept === undefined ? {} : { accept });
          expect(answer.status, target).toBe(200);
          expect(answer.headers['content-type'], target).toMatch(/json/);
        }
      },
    );

    it('f=json overrides Accept, and other values that are not offered are refused', async () => {
      const { read } = apiUnderTest();
      const asked = await read('processes?f=json', { accept: 'text/html' });
      expect(asked.headers['content-type']).toBe('application/json');
      const refused = await read('processes?f=xml');
      expect(refused.status).toBe(400);
      expect(refused.json()['invalid-params']).toMatchObject([{ name: 'f' }]);
    });

    it('an unknown path is answered as a problem document', async () => {
      const answer = await apiUnderTest().read('collections');
      expect(answer.status).toBe(404);
      expect(answer.headers['content-type']).toBe('application/problem+json');
    });

    it('pages of other origins may read the headers that describe an answer', async () => {
      const answer = await apiUnderTest().read('processes');
      const exposed = answer.headers['access-control-expose-headers']?.toLowerCase().split(/, */);
      expect(exposed).toEqual(
        expect.arrayContaining(['location', 'link', 'preference-applied', 'retry-after', 'sunset']),
      );
    });

    it('pages of other origins may send the headers that clients of the field send', async () => {
      const { call } = apiUnderTest();
      const answer = await call('OPTIONS', 'processes/echo-inputs/execution', {
        origin: 'https://portal.example.org',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,prefer,x-requested-with',
      });
      expect(answer.status).toBe(204);
      const allowed = answer.headers['access-control-allow-headers']?.toLowerCase().split(/, */);
      expect(allowed).toEqual(
        expect.arrayContaining([
          'accept',
          'authorization',
          'content-type',
          'idempotency-key',
          'prefer',
          'x-api-key',
          'x-requested-with',
        ]),
      );
      expect(answer.headers['access-control-allow-methods']).toContain('DELETE');
    });
  },
);
