import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, asynchronously } from './api-under-test.ts';
import { echoRequest, oneOutputRequest, testString } from './echo-requests.ts';

const exceptions = 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0';

requirement(
  {
    id: 'job-results',
    clause: 'OGC 18-062r2, 7.13',
    title: 'Results of a job are as its request asked for them, or say why there are none',
    status: 'done',
    note: 'Results of a dismissed job are answered 410: there was such a job.',
  },
  () => {
    it('testJobResults and testJobResultsAsyncDocument: the results document is the same as in a synchronous answer', async () => {
      const api = apiUnderTest();
      const request = await echoRequest(api, { response: 'document' });
      const id = await api.runToEnd('echo-inputs', request);
      const results = await api.read(`jobs/${id}/results`);
      expect(results.status).toBe(200);
      expect(apiFaultsOf('results', results.json())).toEqual([]);
      expect(results.json()).toEqual((await api.execute('echo-inputs', request)).json());
    });

    it('testJobResultsAsyncRawValueOne: a single raw output is the whole answer', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('echo-inputs', await oneOutputRequest(api, 'raw'));
      const results = await api.read(`jobs/${id}/results`);
      expect(results.text).toBe(testString);
      expect(results.headers['content-type']).toMatch(/^text\/plain/);
    });

    it('testJobResultsAsyncRawValueMulti and testJobResultsAsyncRawMixedMulti: several raw outputs are a multipart message', async () => {
      const api = apiUnderTest();
      const { response: _, ...request } = await echoRequest(api);
      const id = await api.runToEnd('echo-inputs', request);
      const results = await api.read(`jobs/${id}/results`);
      expect(results.headers['content-type']).toMatch(/^multipart\/related;/);
      expect(results.text).toContain(testString);
    });

    it('testJobResultsAsyncRawRef: raw outputs by reference only are links', async () => {
      const api = apiUnderTest();
      const { inputs } = await echoRequest(api);
      const outputs = { stringInput: { transmissionMode: 'reference' } };
      const id = await api.runToEnd('echo-inputs', { inputs, outputs });
      const results = await api.read(`jobs/${id}/results`);
      expect(results.status).toBe(204);
      expect((await api.read(results.link('stringInput') ?? '')).text).toBe(testString);
    });

    it('testJobResultsExceptionResultsNotReady: a running job has no results yet', async () => {
      const api = apiUnderTest();
      const request = await echoRequest(api);
      api.engine.isHeld = true;
      const accepted = await api.execute('echo-inputs', request, asynchronously);
      const results = await api.read(`${accepted.headers['location']}/results`, {
        accept: 'application/json',
      });
      expect(results.status).toBe(404);
      expect(results.json().type).toBe(`${exceptions}/result-not-ready`);
      const one = await api.read(`${accepted.headers['location']}/results/stringInput`);
      expect(one.json().type).toBe(`${exceptions}/result-not-ready`);
    });

    it('testJobResultsNoSuchJob: an unknown job has no results', async () => {
      const answer = await apiUnderTest().read('jobs/invalid-job/results');
      expect(answer.status).toBe(404);
      expect(answer.json().type).toBe(`${exceptions}/no-such-job`);
    });

    it('results of a failed job have status and type of the failure, synchronously, too', async () => {
      const api = apiUnderTest();
      const inputs = { exitCode: 65, message: 'Too dry.' };
      const id = await api.runToEnd('failing', { inputs });
      const fault = {
        type: `${exceptions}/InvalidParameterValue`,
        status: 400,
        detail: expect.stringContaining('Too dry.'),
      };
      const results = await api.read(`jobs/${id}/results`);
      expect(results.status).toBe(400);
      expect(results.json()).toMatchObject(fault);
      const sync = await api.execute('failing', { inputs });
      expect(sync.status).toBe(400);
      expect(sync.json()).toMatchObject(fault);
      expect(sync.link('monitor')).toBeDefined();

      const inside = await api.execute('failing', { inputs: { exitCode: 1 } });
      expect(inside.status).toBe(500);
      expect(inside.json().type).toBe(`${exceptions}/NoApplicableCode`);
    });

    it('results of a dismissed job are answered 410', async () => {
      const api = apiUnderTest();
      const request = await echoRequest(api);
      api.engine.isHeld = true;
      const accepted = await api.execute('echo-inputs', request, asynchronously);
      const location = accepted.headers['location'] ?? '';
      await api.call('DELETE', location);
      const results = await api.read(`${location}/results`);
      expect(results.status).toBe(410);
      expect(results.json()).toMatchObject({
        type: `${exceptions}/no-such-job`,
        detail: expect.stringContaining('dismissed'),
      });
    });

    it('each output has its own URL, and other names are unknown', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('echo-inputs', await echoRequest(api));
      expect((await api.read(`jobs/${id}/results/stringInput`)).text).toBe(testString);
      expect((await api.read(`jobs/${id}/results/boundingBoxInput`)).json().bbox).toHaveLength(4);
      const other = await api.read(`jobs/${id}/results/nothing`);
      expect(other.status).toBe(404);
      expect(other.json().detail).toMatch(/its outputs are "stringInput"/);
    });

    it('HEAD of an output has the headers of GET', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('echo-inputs', await echoRequest(api));
      const head = await api.call('HEAD', `jobs/${id}/results/stringInput`);
      expect(head.status).toBe(200);
      expect(head.headers).toMatchObject({
        'content-type': 'text/plain',
        'content-length': String(testString.length),
      });
    });
  },
);
