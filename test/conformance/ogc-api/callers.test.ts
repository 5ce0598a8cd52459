import { expect, it } from 'vitest';
import type { Caller } from '../../../lambda/operations/dependencies.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { requirement } from '../requirement.ts';
import { apiUnderTest, asynchronously, type Document } from './api-under-test.ts';

requirement(
  {
    id: 'callers',
    clause: 'beyond OGC 18-062r2',
    title: 'A caller with an identity lists its own jobs, and knows nothing of those of others',
    status: 'done',
    note: 'The gateway makes sure who calls: by API key, AWS signature or token. Without one a job is visible to every caller that knows its id.',
  },
  () => {
    const ana = { owner: 'jwt:https://issuer.example.org ana', listsAllJobs: false };
    const bob = { owner: 'jwt:https://issuer.example.org bob', listsAllJobs: false };
    const anybody = { listsAllJobs: false };

    /** The same service as each caller sees it. */
    function services() {
      const objects = new MemoryObjectStore();
      const of = (caller: Caller, limits = {}) => apiUnderTest({ objects, caller, limits });
      return { of, ana: of(ana), bob: of(bob), anybody: of(anybody) };
    }
    const idsOf = (list: Document): string[] => list.jobs.map(({ jobID }: Document) => jobID);

    it('a caller sees only its own jobs in the list', async () => {
      const { ana, bob } = services();
      const first = await ana.runToEnd('fixed', {});
      const second = await bob.runToEnd('fixed', {});
      expect(idsOf((await ana.read('jobs')).json())).toEqual([first]);
      expect(idsOf((await bob.read('jobs')).json())).toEqual([second]);
    });

    it('jobs of others are answered as unknown jobs, over every protocol', async () => {
      const { ana, bob, anybody } = services();
      const id = await ana.runToEnd('fixed', {});
      const unknown = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
      const targets = ['', '/results', '/results/number', '/inputs', '/log'];
      for (const other of [bob, anybody]) {
        for (const target of targets) {
          const answer = await other.read(`jobs/${id}${target}`);
          const absent = await other.read(`jobs/${unknown}${target}`);
          expect(answer.status).toBe(404);
          expect(answer.text.replaceAll(id, unknown)).toBe(absent.text);
        }
        expect((await other.call('DELETE', `jobs/${id}`)).status).toBe(404);
        expect((await other.call('PATCH', `jobs/${id}`, {}, { labels: [] })).status).toBe(404);
        expect((await other.read(`wps/jobStatus?jobId=${id}`)).status).toBe(404);
        const output = (await ana.store.read(id))?.job.outputs[0]?.name;
        expect((await other.read(`wps/outputs/${id}/${output}`)).status).toBe(404);
      }
      expect((await ana.read(`jobs/${id}`)).json().status).toBe('successful');
      expect((await ana.read(`wps/jobStatus?jobId=${id}`)).status).toBe(200);
    });

    it('a job without an owner is visible to every caller that knows its id', async () => {
      const { ana, anybody } = services();
      const id = await anybody.runToEnd('fixed', {});
      expect((await ana.read(`jobs/${id}`)).status).toBe(200);
      expect((await anybody.read(`jobs/${id}`)).status).toBe(200);
    });

    it('no answer reveals the owner of a job', async () => {
      const { ana } = services();
      const id = await ana.runToEnd('fixed', {});
      for (const target of ['', '/inputs', '/log']) {
        expect((await ana.read(`jobs/${id}${target}`)).text).not.toContain('issuer.example.org');
      }
    });

    it('the limit of unfinished jobs per caller affects no other caller', async () => {
      const { of } = services();
      const limits = { maxUnfinishedJobsPerOwner: 2 };
      const [mine, yours] = [of(ana, limits), of(bob, limits)];
      mine.engine.isHeld = true;
      const send = () => mine.execute('fixed', {}, asynchronously);
      const first = await send();
      expect((await send()).status).toBe(201);
      const refused = await send();
      expect(refused.status).toBe(429);
      expect(refused.json().detail).toMatch(/^Of your jobs 2 wait or run already/);
      expect(refused.headers['retry-after']).toBe('30');
      expect((await yours.execute('fixed', {}, asynchronously)).status).toBe(201);
      const id = first.json().jobID;
      await mine.call('DELETE', `jobs/${id}`);
      const stored = await mine.store.read(id);
      if (stored) await mine.store.finish(stored);
      expect((await send()).status).toBe(201);
    });

    it('an Idempotency-Key is only valid for the caller that used it', async () => {
      const { ana, bob } = services();
      const key = { ...asynchronously, 'idempotency-key': 'same' };
      const first = (await ana.execute('fixed', {}, key)).json().jobID;
      expect((await bob.execute('fixed', {}, key)).json().jobID).not.toBe(first);
    });
  },
);
