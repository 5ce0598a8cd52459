import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, asynchronously } from './api-under-test.ts';
import { echoRequest } from './echo-requests.ts';

requirement(
  {
    id: 'job-creation',
    clause: 'OGC 18-062r2, 7.11',
    title: 'An execute request makes a job, which is waited for unless the client would rather not',
    status: 'done',
    note: 'A job that takes longer than a request can be kept waiting goes on, and is answered 201.',
  },
  () => {
    it('testJobCreationAutoExecutionMode: Prefer: respond-async is applied, and the answer says so', async () => {
      const api = apiUnderTest();
      const answer = await api.execute('echo-inputs', await echoRequest(api), asynchronously);
      expect(answer.status).toBe(201);
      expect(answer.headers['preference-applied']).toBe('respond-async');
    });

    it('testJobCreationDefaultExecutionMode: a job without Prefer is executed synchronously', async () => {
      const api = apiUnderTest();
      const answer = await api.execute('echo-inputs', await echoRequest(api));
      expect(answer.status).toBe(200);
      expect(answer.headers['preference-applied']).toBeUndefined();
    });

    it('testJobCreationSuccessAsync: Location leads to the status, which is also the answer', async () => {
      const api = apiUnderTest();
      const request = await echoRequest(api);
      api.engine.isHeld = true;
      const answer = await api.execute('echo-inputs', request, asynchronously);
      expect(answer.headers['location']).toBe(
        `https://example.org/TEST/jobs/${answer.json().jobID}`,
      );
      expect(apiFaultsOf('statusInfo', answer.json())).toEqual([]);
      const status = await api.read(answer.headers['location'] ?? '');
      expect(status.status).toBe(200);
      expect(status.json()).toEqual(answer.json());
    });

    it('testJobCreationOp and testJobCreationRequest: a created job can be found', async () => {
      const api = apiUnderTest();
      const answer = await api.execute('echo-inputs', await echoRequest(api), asynchronously);
      const status = await api.read(answer.headers['location'] ?? '', {
        accept: 'application/json',
      });
      expect(apiFaultsOf('statusInfo', status.json())).toEqual([]);
      expect(status.json()).toMatchObject({ processID: 'echo-inputs', type: 'process' });
    });

    it('testJobResultsSync: a synchronous answer names the job by a link of relation monitor', async () => {
      const api = apiUnderTest();
      const answer = await api.execute('echo-inputs', await echoRequest(api));
      const status = await api.read(answer.link('monitor') ?? '');
      expect(status.json()).toMatchObject({ status: 'successful', progress: 100 });
    });

    it('Prefer: respond-sync is reported as applied', async () => {
      const api = apiUnderTest();
      const answer = await api.execute('echo-inputs', await echoRequest(api), {
        prefer: 'respond-sync',
      });
      expect(answer.status).toBe(200);
      expect(answer.headers['preference-applied']).toBe('respond-sync');
    });

    it('Prefer: wait limits the wait, and a longer job goes on', async () => {
      const api = apiUnderTest();
      const request = await echoRequest(api);
      const quick = await api.execute('echo-inputs', request, { prefer: 'respond-async, wait=5' });
      expect(quick.status).toBe(200);
      api.engine.isHeld = true;
      const slow = await api.execute('echo-inputs', request, { prefer: 'respond-async, wait=5' });
      expect(slow.status).toBe(201);
      expect(slow.headers['preference-applied']).toBe('respond-async, wait=5');
    });

    it('a job that takes longer than a request may wait goes on', async () => {
      const api = apiUnderTest({ limits: { syncTimeoutSeconds: 1 } });
      const request = await echoRequest(api);
      api.engine.isHeld = true;
      const answer = await api.execute('echo-inputs', request);
      expect(answer.status).toBe(201);
      expect((await api.read(answer.headers['location'] ?? '')).json().status).toBe('accepted');
    });

    it('an execute request whose media type is not JSON is refused', async () => {
      const api = apiUnderTest();
      const body = Buffer.from('{"inputs": {"stringInput": "a"}}');
      const send = (type: string) =>
        api.call('POST', 'processes/echo-inputs/execution', { 'content-type': type }, body);
      expect((await send('text/xml')).status).toBe(415);
      expect((await send('application/x-www-form-urlencoded')).status).toBe(415);
      expect((await send('application/json; charset=utf-8')).status).toBe(200);
      expect((await send('')).status).toBe(200);
    });

    it('an execute request that is too large is refused', async () => {
      const api = apiUnderTest({ limits: { maxRequestBytes: 1024 } });
      const answer = await api.execute('echo-inputs', {
        inputs: { stringInput: 'x'.repeat(2000) },
      });
      expect(answer.status).toBe(413);
    });

    it('an execute request may be as large as the limit, to the byte', async () => {
      const body = Buffer.from('{"inputs": {"stringInput": "teststring"}}');
      const statusAt = async (maxRequestBytes: number) =>
        (
          await apiUnderTest({ limits: { maxRequestBytes } }).call(
            'POST',
            'processes/echo-inputs/execution',
            {},
            body,
          )
        ).status;
      expect(await statusAt(body.length)).toBe(200);
      expect(await statusAt(body.length - 1)).toBe(413);
    });

    it('an execute request for an unknown process is refused', async () => {
      const answer = await apiUnderTest().execute('nothing', { inputs: {} });
      expect(answer.status).toBe(404);
      expect(answer.json().type).toMatch(/no-such-process$/);
    });

    it('HEAD and other methods on the paths of jobs are answered as allowed', async () => {
      const { call } = apiUnderTest();
      const answer = await call('GET', 'processes/echo-inputs/execution');
      expect(answer.status).toBe(405);
      expect(answer.headers['allow']).toBe('POST');
      expect((await call('PUT', 'jobs')).headers['allow']).toMatch(/GET/);
    });
  },
);
