import { expect, it } from 'vitest';
import { apiFaultsOf } from '../../ogc-api-schemas.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, asynchronously } from './api-under-test.ts';
import { echoRequest } from './echo-requests.ts';

requirement(
  {
    id: 'dismissal',
    clause: 'OGC 18-062r2, 13',
    title: 'DELETE dismisses a job, regardless of its status, and removes what it made',
    status: 'done',
    note: 'Every caller that knows the id of a job, which cannot be guessed, may dismiss it. See decision 004.',
  },
  () => {
    it('DELETE ends a waiting job and its run', async () => {
      const api = apiUnderTest();
      const request = await echoRequest(api);
      api.engine.isHeld = true;
      const { jobID } = (await api.execute('echo-inputs', request, asynchronously)).json();
      const answer = await api.call('DELETE', `jobs/${jobID}`);
      expect(answer.status).toBe(200);
      expect(apiFaultsOf('statusInfo', answer.json())).toEqual([]);
      expect(answer.json().status).toBe('dismissed');
      expect((await api.read(`jobs/${jobID}`)).json().status).toBe('dismissed');
      const stored = await api.store.read(jobID);
      expect(await api.engine.describe(stored?.job.engineJobId ?? '')).toMatchObject({
        status: 'FAILED',
      });
    });

    it.each([
      ['succeeded', 'fixed', {}],
      ['failed', 'failing', { inputs: { exitCode: 65 } }],
    ])(
      'DELETE of a job that %s answers that it is dismissed, and removes its outputs',
      async (_, process, request) => {
        const api = apiUnderTest();
        const id = await api.runToEnd(process, request);
        const outputs = (await api.store.read(id))?.job.outputs ?? [];
        const answer = await api.call('DELETE', `jobs/${id}`);
        expect(answer.status).toBe(200);
        expect(answer.json()).toMatchObject({ jobID: id, status: 'dismissed' });
        expect((await api.read(`jobs/${id}`)).json().status).toBe('dismissed');
        expect((await api.read(`jobs/${id}/results`)).status).toBe(410);
        for (const output of outputs) {
          expect(await api.store.openOutput(id, output)).toBeUndefined();
          const url = `wps/outputs/${id}/${output.name}`;
          expect((await api.read(url)).status).toBe(404);
        }
      },
    );

    it('a second DELETE of a job changes nothing', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('fixed', {});
      const first = await api.call('DELETE', `jobs/${id}`);
      const second = await api.call('DELETE', `jobs/${id}`);
      expect(second.status).toBe(200);
      expect(second.json()).toEqual(first.json());
    });

    it('DELETE with an unknown id finds no job', async () => {
      const answer = await apiUnderTest().call('DELETE', 'jobs/invalid-job');
      expect(answer.status).toBe(404);
      expect(answer.json().type).toMatch(/no-such-job$/);
    });

    it('a job dismissed by DELETE is dismissed over the other protocols', async () => {
      const api = apiUnderTest();
      const id = await api.runToEnd('fixed', {});
      await api.call('DELETE', `jobs/${id}`);
      const status = await api.send({
        path: '/TEST/wps/jobStatus',
        query: `jobId=${id}&format=XML`,
      });
      expect(status.select('//wps:ProcessFailed')).toHaveLength(1);
      expect(status.select('//wps:ProcessOutputs')).toEqual([]);
    });
  },
);
