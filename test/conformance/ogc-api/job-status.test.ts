import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, asynchronously, type Document } from './api-under-test.ts';
import { echoRequest } from './echo-requests.ts';

requirement(
  {
    id: 'job-status',
    clause: 'OGC 18-062r2, 7.12',
    title: 'The status of a job tells how it gets on, and leads to what it has made',
    status: 'done',
  },
  () => {
    const linkOf = (status: Document, rel: string) =>
      status.links.find((link: Document) => link.rel === rel)?.href;

    it('testJobOp and testJobSuccess: the status document is valid while the job waits and after its end', async () => {
      const api = apiUnderTest();
      const request = await echoRequest(api);
      api.engine.isHeld = true;
      const waiting = (await api.execute('echo-inputs', request, asynchronously)).json();
      expect(apiFaultsOf('statusInfo', waiting)).toEqual([]);
      expect(waiting).toMatchObject({ status: 'accepted', progress: 0, type: 'process' });
      expect(linkOf(waiting, 'monitor')).toBe(linkOf(waiting, 'self'));
      expect(linkOf(waiting, 'http://www.opengis.net/def/rel/ogc/1.0/results')).toBeUndefined();

      api.engine.isHeld = false;
      const id = await api.runToEnd('echo-inputs', request);
      const ended = (await api.read(`jobs/${id}`)).json();
      expect(apiFaultsOf('statusInfo', ended)).toEqual([]);
      expect(ended).toMatchObject({
        status: 'successful',
        progress: 100,
        created: expect.any(String),
        started: expect.any(String),
        finished: expect.any(String),
      });
      const results = linkOf(ended, 'http://www.opengis.net/def/rel/ogc/1.0/results');
      expect((await api.read(results)).text).toContain('teststring');
    });

    it('testJobExceptionNoSuchJob: an unknown job id is answered 404, with its type', async () => {
      const { read } = apiUnderTest();
      for (const id of ['invalid-job', '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11', '..%2Fjobs']) {
        const answer = await read(`jobs/${id}`, { accept: 'application/json' });
        expect(answer.status).toBe(404);
        expect(answer.json().type).toBe(
          'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/no-such-job',
        );
      }
    });

    it('the status of a failed job says why, and links to the exception', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('failing', { inputs: { exitCode: 65, message: 'Too dry.' } });
      const status = (await api.read(`jobs/${id}`)).json();
      expect(status).toMatchObject({
        status: 'failed',
        exception: { detail: expect.stringContaining('Too dry.'), status: 400 },
      });
      const results = await api.read(
        linkOf(status, 'http://www.opengis.net/def/rel/ogc/1.0/exceptions'),
      );
      expect(results.status).toBe(400);
    });
  },
);
