import { expect, it } from 'vitest';
import { executeXml, literal, responseDocument } from '../../execute-xml.ts';
import { serviceUnderTest } from '../../service-under-test.ts';
import { requirement } from '../requirement.ts';

requirement(
  {
    id: 'http-status-codes',
    clause: 'OGC 06-121r3, 8',
    title: 'An answer has the HTTP status that its exception code means',
    status: 'done',
    note: 'Clients read the report of a 400 best, so it is the one for every fault of a request.',
  },
  () => {
    const service = serviceUnderTest();
    const { get, post, send, engine } = service;

    it('a served request has HTTP status 200', async () => {
      expect((await get('service=WPS&request=GetCapabilities')).status).toBe(200);
      expect((await post(executeXml('fixed'))).status).toBe(200);
      const stored = responseDocument([], 'storeExecuteResponse="true"');
      expect((await post(executeXml('fixed', [], stored))).status).toBe(200);
    });

    it('a fault of the request has HTTP status 400', async () => {
      expect((await get('service=WPS')).status).toBe(400);
      expect((await post(executeXml('failing'))).status).toBe(400);
      expect((await post('no XML')).status).toBe(400);
    });

    it('an unknown job, output or path has HTTP status 404', async () => {
      const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
      for (const path of ['/TEST/wps/nothing', `/TEST/wps/outputs/${id}/a.txt`, '/TEST/other']) {
        expect((await send({ path })).status).toBe(404);
      }
      const status = await send({ path: '/TEST/wps/jobStatus', query: `jobId=${id}` });
      expect(status.status).toBe(404);
      expect(status.exception()).toMatchObject({ locator: 'jobId' });
    });

    it('an output of a job that has not ended has HTTP status 404', async () => {
      const { post, send, engine } = serviceUnderTest();
      engine.isHeld = true;
      const stored = responseDocument([], 'storeExecuteResponse="true"');
      const [location = ''] = (await post(executeXml('fixed', [], stored))).select(
        '//@statusLocation',
      );
      const id = new URL(location).searchParams.get('jobId');
      const answer = await send({ path: `/TEST/wps/outputs/${id}/number.txt` });
      expect(answer.status).toBe(404);
      expect(answer.exception()).toEqual({
        code: 'InvalidParameterValue',
        locator: 'outputs',
        text: 'There is no such output.',
      });
    });

    it.each(['/wps', '/wps/', '/TEST/wps', '/wps/wps', '/a/b/wps/wps'])(
      'the endpoint %s has HTTP status 200, whatever the gateway puts before it',
      async (path) => {
        const { status } = await send({ path, query: 'service=WPS&request=GetCapabilities' });
        expect(status).toBe(200);
        const below = path.replace(/\/$/, '');
        const jobStatus = await send({ path: `${below}/jobStatus` });
        expect(jobStatus.exception()).toMatchObject({ code: 'MissingParameterValue' });
        const output = await send({ path: `${below}/outputs/3f0e9a52/wps` });
        expect(output.exception()).toMatchObject({ locator: 'outputs' });
      },
    );

    it('a path that only contains the name of the endpoint has HTTP status 404', async () => {
      for (const path of ['/wpsx', '/xwps', '/wps/wps/x', '/wps/x/outputs/a/b', '/outputs/a/b']) {
        expect((await send({ path })).status).toBe(404);
      }
    });

    it('an unsupported HTTP method has HTTP status 405, with the supported ones', async () => {
      for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE']) {
        const answer = await send({ method });
        expect(answer.status).toBe(405);
        expect(answer.headers['allow']).toBe('GET, POST');
        expect(answer.exception()).toMatchObject({ code: 'OperationNotSupported' });
      }
      const { headers } = await send({ method: 'PUT', path: '/TEST/wps/jobStatus' });
      expect(headers['allow']).toBe('GET, HEAD, DELETE');
    });

    it('HEAD with Execute has HTTP status 405 and starts no job', async () => {
      const { send, get, log } = serviceUnderTest();
      const jobs = () => log.filter((line) => line.includes('job accepted')).length;
      const query = 'service=WPS&version=1.0.0&request=Execute&identifier=fixed';
      const answer = await send({ method: 'HEAD', query });
      expect(answer.status).toBe(405);
      expect(answer.headers['allow']).toBe('GET, POST');
      expect(jobs()).toBe(0);
      expect((await get(query)).status).toBe(200);
      expect(jobs()).toBe(1);
      const capabilities = 'service=WPS&request=GetCapabilities';
      expect((await send({ method: 'HEAD', query: capabilities })).status).toBe(200);
    });

    it('a request that is too long has HTTP status 413', async () => {
      const limited = serviceUnderTest({ limits: { maxRequestBytes: 1000 } });
      const answer = await limited.post(
        executeXml('every:Thing', [literal('text', 'x'.repeat(1000))]),
      );
      expect(answer.status).toBe(413);
      expect(answer.exception()).toMatchObject({ code: 'FileSizeExceeded' });
    });

    it('an operation that is not offered has HTTP status 501', async () => {
      expect((await get('service=WPS&request=GetMap')).status).toBe(501);
    });

    it('a service that accepts no more jobs has HTTP status 503', async () => {
      engine.isBusy = true;
      expect((await post(executeXml('fixed'))).status).toBe(503);
      engine.isBusy = false;
    });
  },
);
