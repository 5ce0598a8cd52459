import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../../batch-jobs/api/job.ts';
import { JobStore, type StoredJob } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { noMetrics } from '../../../lambda/jobs/metrics.ts';
import { recordStateChange } from '../../../lambda/jobs/record-state-change.ts';
import { repairJob } from '../../../lambda/jobs/repair-job.ts';
import { type SweepDependencies, sweepJobs } from '../../../lambda/jobs/sweep-jobs.ts';
import { echo } from '../../echo.ts';
import { FakeJobEngine } from '../../fake-job-engine.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';

const minute = 60_000;

describe('an unfinished job', () => {
  const job = sampleJob();
  let objects: MemoryObjectStore;
  let store: JobStore;
  let engine: FakeJobEngine;
  let now: Date;
  let logged: string[];
  let counted: Job[];
  let parts: SweepDependencies;

  beforeEach(() => {
    objects = new MemoryObjectStore();
    engine = new FakeJobEngine();
    now = new Date(job.createdAt);
    logged = [];
    counted = [];
    store = new JobStore(
      objects,
      { filename: 'status.xml', encode: ({ status, message }) => `${status} ${message}` },
      () => now,
    );
    parts = {
      store,
      engine: async () => engine,
      overdueSeconds: 300,
      now: () => now,
      metrics: { ...noMetrics, jobEnded: (ended) => counted.push(ended) },
      log: jsonLog((line) => logged.push(line)),
    };
  });

  const create = (change: Partial<Job> = {}) =>
    store.create({ ...job, ...change }, { body: '<Execute/>', contentType: 'application/xml' }, []);
  const read = async () => (await store.read(job.id)) as StoredJob;
  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * minute);
  };
  const unfinished = async () => {
    const ids: string[] = [];
    for await (const id of store.unfinished.list()) ids.push(id);
    return ids;
  };
  const statusDocument = async () =>
    new TextDecoder().decode((await objects.get(`jobs/${job.id}/status.xml`))?.body);

  /** Waits some turns, within which a call that has only begun does not end. */
  const turns = async () => {
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  };

  it.each([
    ['a start', { status: 'RUNNING', attempts: 1 }],
    ['its end', { status: 'FAILED', attempts: 1 }],
  ] as const)(
    'an unfinished job has notified its client once when %s is recorded',
    async (_, change) => {
      await create({ engineJobId: 'e-1' });
      const told: string[] = [];
      const slowly = (step: string) => async () => {
        await turns();
        told.push(step);
      };
      const callbacks = { note: slowly('note'), tell: slowly('tell'), tellDue: slowly('due') };
      await recordStateChange(job.id, engine.becomes('e-1', change), { ...parts, callbacks });
      expect(told).toEqual(['note', 'tell']);
    },
  );

  it.each(['note', 'tell'])(
    'a change of an unfinished job is recorded even if its client cannot be notified (%s)',
    async (step) => {
      await create({ engineJobId: 'e-1' });
      const quiet = async () => undefined;
      const fails = () => Promise.reject(new Error('no answer'));
      const callbacks = { note: quiet, tell: quiet, tellDue: quiet, [step]: fails };
      const change = engine.becomes('e-1', { status: 'RUNNING', attempts: 1 });
      await recordStateChange(job.id, change, { ...parts, callbacks });
      expect((await read()).job.status).toBe('running');
      expect(logged.join()).toContain('no answer');
    },
  );

  it('the status document of an unfinished job is written once when its start is recorded', async () => {
    await create({ engineJobId: 'e-1' });
    const put = objects.put.bind(objects);
    const written: string[] = [];
    objects.put = async (key, ...rest) => {
      written.push(key);
      return await put(key, ...rest);
    };
    store.refreshStatusDocument = () => Promise.reject(new Error('there is no news'));
    await recordStateChange(
      job.id,
      engine.becomes('e-1', { status: 'RUNNING', attempts: 1 }),
      parts,
    );
    expect(written.filter((key) => key.endsWith('status.xml'))).toHaveLength(1);
  });

  it.each([
    ['reports the news of a runner', 'running', 'RUNNING', 'running late'],
    ['need not report a job that has not started', 'accepted', 'RUNNABLE', 'accepted as it was'],
  ] as const)(
    'the status document of an unfinished job %s when an event of its engine changes nothing',
    async (_, status, engineStatus, expected) => {
      await create({ engineJobId: 'e-1', status, message: 'late', attempt: 1 });
      const contentType = 'text/plain';
      await objects.put(`jobs/${job.id}/status.xml`, `${status} as it was`, { contentType });
      const event = engine.becomes('e-1', { status: engineStatus, attempts: 1 });
      await recordStateChange(job.id, event, parts);
      expect(await statusDocument()).toBe(expected);
      expect(logged).toEqual([]);
    },
  );

  describe('when it has not been heard of for long', () => {
    const repaired = async () => (await repairJob(await read(), parts)).job;

    it('a job with recent news is left alone', async () => {
      await create({ engineJobId: 'e-1' });
      later(4.9);
      expect((await repaired()).status).toBe('accepted');
      expect(engine.submissions).toEqual([]);
    });

    it('a silent job ends as its engine says that it ended', async () => {
      await create({ engineJobId: 'e-1' });
      engine.becomes('e-1', { status: 'FAILED', reason: 'Host EC2 (instance i-0) terminated.' });
      later(5);
      expect((await repaired()).failure?.text).toContain('taken away');
    });

    it.each(['asked alone', 'asked in a sweep'])(
      'a silent job that was submitted twice follows the run that claimed it: %s',
      async (how) => {
        await create({ engineJobId: 'e-2', claim: 'e-1', status: 'running', attempt: 1 });
        engine.becomes('e-1', { status: 'RUNNING', attempts: 1 });
        engine.becomes('e-2', { status: 'SUCCEEDED', attempts: 1 });
        later(5);
        if (how === 'asked alone') await repaired();
        else await sweepJobs(parts);
        expect((await read()).job).toMatchObject({
          status: 'running',
          updatedAt: now.toISOString(),
        });
        engine.becomes('e-1', { status: 'FAILED', attempts: 1, exitCode: 137 });
        later(5);
        if (how === 'asked alone') await repaired();
        else await sweepJobs(parts);
        expect((await read()).job.failure?.text).toContain('more memory');
      },
    );

    it('a silent job does not wait for a clock that was set back to catch up', async () => {
      await create({ engineJobId: 'e-1' });
      engine.becomes('e-1', { status: 'FAILED', reason: 'Host EC2 (instance i-0) terminated.' });
      later(-24 * 60);
      expect((await repaired()).failure?.text).toContain('taken away');
    });

    it('a job dated ahead by no more than clocks may differ is left alone', async () => {
      await create();
      later(-15);
      expect((await repaired()).status).toBe('accepted');
    });

    it('a silent job counts as heard of once its engine confirms it, so that the engine is rarely asked', async () => {
      await create({ engineJobId: 'e-1' });
      engine.becomes('e-1', { status: 'RUNNABLE' });
      later(5);
      expect((await repaired()).updatedAt).toBe(now.toISOString());
      engine.jobs.clear();
      later(4);
      expect((await repaired()).status).toBe('accepted');
    });

    it('a silent job is found by its id if its record lacks the engine’s', async () => {
      await create();
      await engine.submit({
        jobId: job.id,
        processIdentifier: 'echo',
        queue: 'small',
        requirements: echo.job,
      });
      engine.becomes('e-1', { status: 'RUNNING', attempts: 1 });
      later(5);
      expect((await repaired()).status).toBe('running');
      expect(engine.submissions).toHaveLength(1);
    });

    it('a job that its engine never received fails, since no client knows it', async () => {
      await create();
      later(5);
      expect((await repaired()).failure?.text).toContain('lost before it could run');
      expect(engine.submissions).toEqual([]);
      expect(logged.join()).toContain('job was never submitted');
    });

    it('a job is not taken for never submitted while its request may still be in progress', async () => {
      parts = { ...parts, overdueSeconds: 1 };
      await create();
      later(29 / 60);
      // A change to the record does not make its request begin later.
      await store.update(job.id, () => ({ message: 'The job waits.' }));
      later(30 / 60);
      expect((await repaired()).status).toBe('accepted');
      later(1 / 60);
      expect((await repaired()).status).toBe('failed');
    });

    it('a job is not taken for lost while the engine may not yet show it', async () => {
      parts = { ...parts, overdueSeconds: 1 };
      await create();
      later(0.9);
      await store.noteSubmission(await read(), 'e-1');
      later(0.9);
      expect((await repaired()).status).toBe('accepted');
      later(0.2);
      expect((await repaired()).failure?.text).toContain('lost');
    });

    it('a job that was submitted just now ends at once if its engine says so', async () => {
      parts = { ...parts, overdueSeconds: 1 };
      await create({ engineJobId: 'e-1' });
      engine.becomes('e-1', { status: 'FAILED', reason: 'CannotPullContainerError' });
      later(0.1);
      expect((await repaired()).failure?.text).toContain('could not be loaded');
      expect(logged).toEqual([]);
    });

    it('a job that the engine has forgotten fails', async () => {
      await create({ engineJobId: 'e-1', claim: 'e-1', status: 'running' });
      later(5);
      expect((await repaired()).failure?.text).toContain('lost');
    });

    it('a job whose submission is noted while its engine is asked does not fail as never submitted', async () => {
      await create();
      later(5);
      engine.find = async () => {
        await store.noteSubmission(await read(), 'e-1');
        return undefined;
      };
      expect((await repaired()).status).toBe('accepted');
      expect((await read()).job.engineJobId).toBe('e-1');
    });

    it('a job does not fail for news older than its record', async () => {
      await create({ engineJobId: 'e-1' });
      later(5);
      const outdated = await read();
      await store.update(job.id, () => ({ status: 'running', claim: 'e-2', attempt: 1 }));
      expect((await repairJob(outdated, parts)).job.status).toBe('running');
    });
  });

  describe('when it is swept', () => {
    it('a swept job is finished and counted once it has ended, and never again', async () => {
      await create();
      await store.update(job.id, () => ({ status: 'succeeded' }));
      await sweepJobs(parts);
      await sweepJobs(parts);
      expect(await unfinished()).toEqual([]);
      expect(counted.map(({ status }) => status)).toEqual(['succeeded']);
    });

    it('a swept job gets a status document that agrees with its record', async () => {
      await create();
      await store.update(job.id, () => ({ status: 'failed', message: 'no' }));
      await objects.put(`jobs/${job.id}/status.xml`, 'of before', { contentType: 'text/xml' });
      await sweepJobs(parts);
      expect(await statusDocument()).toBe('failed no');
    });

    it('a single sweep takes a job from lost to finished', async () => {
      await create({ engineJobId: 'e-1' });
      later(5);
      await sweepJobs(parts);
      expect((await read()).job.status).toBe('failed');
      expect(await unfinished()).toEqual([]);
      expect(counted).toHaveLength(1);
    });

    it('a sweep of named jobs leaves others alone', async () => {
      await create();
      await sweepJobs({ ...parts, jobIds: [] });
      expect((await read()).job.status).toBe('accepted');
      later(5);
      await sweepJobs({ ...parts, jobIds: [job.id] });
      expect((await read()).job.status).toBe('failed');
    });

    it('a sweep reports waiting jobs with their waiting time, and running ones no longer', async () => {
      const told: [number, number][] = [];
      const jobsWaiting = (...figures: [number, number]) => told.push(figures);
      parts = { ...parts, metrics: { ...parts.metrics, jobsWaiting } };
      await create({ engineJobId: 'e-1' });
      engine.becomes('e-1', { status: 'RUNNABLE' });
      later(45);
      await sweepJobs(parts);
      engine.becomes('e-1', { status: 'RUNNING', attempts: 1 });
      later(5);
      await sweepJobs(parts);
      expect(told).toEqual([
        [1, 45 * 60],
        [0, 0],
      ]);
    });

    it("a swept job without an engine's name for it is not asked about", async () => {
      const asked: unknown[] = [];
      const ask = async (about: unknown) => {
        asked.push(about);
        return undefined;
      };
      Object.assign(engine, { describe: ask, describeMany: ask });
      await create();
      later(5);
      await sweepJobs(parts);
      expect((await read()).job.status).toBe('failed');
      expect(asked).toEqual([]);
    });

    it('a sweep looks at sixteen jobs at once, and no more', async () => {
      for (let index = 0; index < 40; index++) {
        await create({ id: `ffffffff-0000-4000-8000-${String(index).padStart(12, '0')}` });
      }
      const get = objects.get.bind(objects);
      let underWay = 0;
      let most = 0;
      objects.get = async (key) => {
        most = Math.max(most, ++underWay);
        await turns();
        underWay--;
        return await get(key);
      };
      await sweepJobs(parts);
      expect(most).toBe(16);
    });

    it('a sweep ends only after the messages that are due have been sent', async () => {
      let isTold = false;
      const tellDue = async () => {
        await turns();
        isTold = true;
      };
      const callbacks = { note: async () => undefined, tell: async () => undefined, tellDue };
      await sweepJobs({ ...parts, callbacks });
      expect(isTold).toBe(true);
    });

    describe('and something fails, while it waits', () => {
      let told: [number, number][];
      beforeEach(async () => {
        told = [];
        const jobsWaiting = (...figures: [number, number]) => told.push(figures);
        parts = { ...parts, metrics: { ...parts.metrics, jobsWaiting } };
        await create({ engineJobId: 'e-1' });
        engine.becomes('e-1', { status: 'RUNNABLE' });
        later(45);
      });
      const breakListingOffAfter = (most: number) => {
        const list = objects.list.bind(objects);
        objects.list = async function* (prefix) {
          let count = 0;
          for await (const key of list(prefix)) {
            if (count++ >= most) break;
            yield key;
          }
          throw new Error('listing broke off');
        };
      };

      it('a sweep that broke off after a waiting job reports it', async () => {
        for (let index = 0; index < 150; index++) {
          // It is listed after the one that waits.
          const id = `ffffffff-0000-4000-8000-${String(index).padStart(12, '0')}`;
          await create({ id, createdAt: now.toISOString(), updatedAt: now.toISOString() });
        }
        breakListingOffAfter(120);
        await expect(sweepJobs(parts)).rejects.toThrow('listing broke off');
        expect(told).toEqual([[100, 45 * 60]]);
      });

      it('a sweep that broke off before a waiting job does not deny it', async () => {
        breakListingOffAfter(0);
        await expect(sweepJobs(parts)).rejects.toThrow('listing broke off');
        expect(told).toEqual([]);
      });

      it('a sweep reports waiting jobs even if the engine does not answer', async () => {
        engine.describeMany = () => Promise.reject(new Error('throttled'));
        await sweepJobs(parts);
        expect(told).toEqual([[1, 45 * 60]]);
      });
    });

    it('a running job keeps its marker in a sweep', async () => {
      await create({ engineJobId: 'e-1' });
      engine.becomes('e-1', { status: 'RUNNING', attempts: 1 });
      for (const minutes of [5, 24 * 60]) {
        later(minutes);
        await sweepJobs(parts);
        expect(await unfinished()).toEqual([job.id]);
      }
    });

    it('a marker is removed in a sweep if its record was never written and no longer can be', async () => {
      await objects.put(`unfinished/${job.id}`, job.createdAt, { contentType: 'text/plain' });
      later(59);
      await sweepJobs(parts);
      expect(await unfinished()).toEqual([job.id]);
      later(2);
      await sweepJobs(parts);
      expect(await unfinished()).toEqual([]);
    });

    it('a job is left for the next sweep if the engine fails while others are being finished', async () => {
      later(5);
      for (let index = 0; index < 50; index++) {
        await create({
          id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
          status: 'succeeded',
        });
      }
      await create({ engineJobId: 'e-1' });
      engine.describeMany = async () => {
        throw new Error('no answer');
      };
      // These calls are slow, so that no caller waits for the engine's answer yet when it fails.
      store.finish = async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return false;
      };
      await sweepJobs(parts);
      expect((await read()).job.status).toBe('accepted');
      expect(logged.filter((line) => line.includes('no answer'))).toHaveLength(1);
    });

    describe('and was dismissed', () => {
      const dismissed = { status: 'dismissed', message: 'dismissed' } as const;

      it('a dismissed job keeps its marker, and its run is ended again until it is over', async () => {
        await create({ engineJobId: 'e-1' });
        await store.update(job.id, () => dismissed);
        engine.becomes('e-1', { status: 'RUNNING', attempts: 1 });
        await sweepJobs(parts);
        expect(engine.terminated).toEqual(['e-1']);
        expect(engine.reasons).toEqual(['dismissed by the client']);
        expect(await unfinished()).toEqual([job.id]);
        engine.becomes('e-1', { status: 'FAILED', attempts: 1 });
        await sweepJobs(parts);
        expect(engine.terminated).toEqual(['e-1']);
        expect(await unfinished()).toEqual([]);
        expect(counted).toHaveLength(1);
      });

      it('a dismissed job that was submitted twice is finished once the run that claimed it is over', async () => {
        await create({ engineJobId: 'e-2', claim: 'e-1' });
        await store.update(job.id, () => dismissed);
        engine.becomes('e-1', { status: 'RUNNING', attempts: 1 });
        engine.becomes('e-2', { status: 'SUCCEEDED', attempts: 1 });
        await sweepJobs(parts);
        expect(engine.terminated).toEqual(['e-1']);
        expect(await unfinished()).toEqual([job.id]);
        const report = (engineJobId: string) =>
          recordStateChange(
            job.id,
            engine.becomes(engineJobId, { status: 'FAILED', attempts: 1 }),
            parts,
          );
        await report('e-2');
        expect(await unfinished()).toEqual([job.id]);
        await report('e-1');
        expect(await unfinished()).toEqual([]);
      });

      it('a dismissed job whose run the engine has forgotten is finished', async () => {
        await create({ engineJobId: 'e-1' });
        await store.update(job.id, () => dismissed);
        await sweepJobs(parts);
        expect(engine.terminated).toEqual([]);
        expect(await unfinished()).toEqual([]);
      });

      it('a dismissed job keeps its marker if its run cannot be ended', async () => {
        await create({ engineJobId: 'e-1' });
        await store.update(job.id, () => dismissed);
        engine.becomes('e-1', { status: 'RUNNABLE' });
        engine.terminate = async () => {
          throw new Error('no answer');
        };
        await sweepJobs(parts);
        expect(await unfinished()).toEqual([job.id]);
        expect(logged.join()).toContain('no answer');
      });

      it('a dismissed job that the engine does not know yet is waited for', async () => {
        await create();
        await store.update(job.id, () => dismissed);
        later(5);
        await sweepJobs(parts);
        expect(await unfinished()).toEqual([job.id]);
        later(1 / 60);
        await sweepJobs(parts);
        expect(await unfinished()).toEqual([]);
      });
    });

    it('a job that cannot be swept does not keep others from it', async () => {
      const other = '00000000-0000-4000-8000-000000000000';
      await create({ engineJobId: 'e-1' });
      await create({ id: other, engineJobId: 'e-2' });
      const put = objects.put.bind(objects);
      objects.put = async (key, ...rest) => {
        if (key === `jobs/${job.id}/job.json`) throw new Error('no answer');
        return await put(key, ...rest);
      };
      later(5);
      await sweepJobs(parts);
      expect(await unfinished()).toEqual([job.id]);
      expect((await store.read(other))?.job.status).toBe('failed');
      expect(logged.join()).toContain('no answer');
      expect(JSON.parse(logged.at(-1) ?? '')).toMatchObject({ jobs: 2, failed: 1 });
    });

    it('a silent engine does not keep ended jobs from being finished', async () => {
      const other = '00000000-0000-4000-8000-000000000000';
      await create({ engineJobId: 'e-1' });
      await create({ id: other, engineJobId: 'e-2' });
      await store.update(other, () => ({ status: 'succeeded' }));
      engine.describeMany = () => Promise.reject(new Error('throttled'));
      later(5);
      await sweepJobs(parts);
      expect(await unfinished()).toEqual([job.id]);
      expect(logged.join()).toContain('throttled');
    });

    it('a sweep asks about a hundred jobs in one call', async () => {
      const asked: number[] = [];
      const describeMany = engine.describeMany.bind(engine);
      engine.describeMany = (ids) => {
        asked.push(ids.length);
        return describeMany(ids);
      };
      engine.describe = () => Promise.reject(new Error('one at a time'));
      for (let index = 0; index < 150; index++) {
        const id = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
        await create({ id, claim: `x-${index}`, engineJobId: `of-another-run-${index}` });
        engine.becomes(`x-${index}`, { status: 'RUNNABLE' });
      }
      later(5);
      await sweepJobs(parts);
      expect(asked).toEqual([100, 50]);
      // A job that the engine confirmed counts as heard of.
      await sweepJobs(parts);
      expect(asked).toHaveLength(2);
      expect(logged.join()).not.toContain('one at a time');
    });

    it('a sweep takes up all unfinished jobs, however many there are', async () => {
      for (let index = 0; index < 200; index++) {
        await create({
          id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
          engineJobId: `x-${index}`,
        });
      }
      later(5);
      await sweepJobs(parts);
      expect(await unfinished()).toEqual([]);
      expect(counted).toHaveLength(200);
      expect(JSON.parse(logged.at(-1) ?? '')).toMatchObject({ jobs: 200, failed: 0 });
    });
  });

  describe('when its engine tells of a change', () => {
    const tell = (change: Parameters<FakeJobEngine['becomes']>[1], id = job.id) =>
      recordStateChange(id, engine.becomes('e-1', change), parts);

    it('a job whose end the engine reports is finished and counted once, however often it is reported', async () => {
      await create({ engineJobId: 'e-1' });
      await Promise.all([
        tell({ status: 'FAILED', exitCode: 137 }),
        tell({ status: 'FAILED', exitCode: 137 }),
      ]);
      await tell({ status: 'FAILED', exitCode: 137 });
      expect(counted.map(({ status }) => status)).toEqual(['failed']);
      expect(await unfinished()).toEqual([]);
    });

    it("an engine's report does not replace the success that the runner reported", async () => {
      await create({ engineJobId: 'e-1' });
      await store.update(job.id, () => ({
        status: 'succeeded',
        message: 'The outputs are ready.',
      }));
      await tell({ status: 'SUCCEEDED', attempts: 1, exitCode: 0 });
      expect((await read()).job.status).toBe('succeeded');
      expect(counted.map(({ status }) => status)).toEqual(['succeeded']);
    });

    it('a dismissed job is not finished while its run continues', async () => {
      await create({ engineJobId: 'e-1' });
      await store.update(job.id, () => ({ status: 'dismissed', message: 'dismissed' }));
      await tell({ status: 'RUNNING', attempts: 1 });
      expect(await unfinished()).toEqual([job.id]);
      await recordStateChange(job.id, engine.becomes('e-2', { status: 'SUCCEEDED' }), parts);
      expect(await unfinished()).toEqual([job.id]);
      await tell({ status: 'FAILED', attempts: 1 });
      expect(await unfinished()).toEqual([]);
    });

    it("an engine's report is ignored if there is no record of the job", async () => {
      await tell({ status: 'RUNNING', attempts: 1 });
      expect(logged.join()).toContain('a job without a record');
      expect(await store.read(job.id)).toBeUndefined();
    });

    it("an engine's report of the end updates the record, even if it comes before all others", async () => {
      await create({ engineJobId: 'e-1' });
      await tell({ status: 'FAILED', reason: 'CannotPullContainerError: no' });
      await tell({ status: 'RUNNING', attempts: 1 });
      await tell({ status: 'RUNNABLE' });
      expect((await read()).job.failure?.text).toContain('could not be loaded');
    });
  });
});
