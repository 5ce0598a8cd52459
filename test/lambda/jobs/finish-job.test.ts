import { describe, expect, it } from 'vitest';
import type { Job, JobStatus } from '../../../batch-jobs/api/job.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { finishJob, type JobCallbacks } from '../../../lambda/jobs/finish-job.ts';
import { FaultyObjectStore } from '../../faulty-object-store.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const ended = (status: JobStatus, id: string) =>
  sampleJob({
    id,
    status,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:01:30.000Z',
  });

async function finish(status: JobStatus, times = 1) {
  const { store, dependencies } = serviceUnderTest();
  for (let index = 0; index < 4; index++) {
    const job = ended(status, `00000000-0000-4000-8000-00000000000${index}`);
    const request = { body: '', contentType: 'application/json' };
    const stored = await store.create(job, request, []);
    for (let time = 0; time < times; time++) {
      await finishJob(stored, { store, metrics: dependencies.metrics, log: dependencies.log });
    }
  }
  return await store.durations.of('echo');
}

describe('a job that has ended', () => {
  it('a job that has ended adds its duration to the past ones, once', async () => {
    expect(await finish('succeeded', 2)).toEqual({ minimum: 90, maximum: 90, runs: 4 });
  });

  it('a job that has ended stays unfinished until the message to its client is stored, which is then sent', async () => {
    const { store, dependencies } = serviceUnderTest();
    const { metrics, log } = dependencies;
    const job = ended('failed', '00000000-0000-4000-8000-000000000000');
    const stored = await store.create(job, { body: '', contentType: 'application/json' }, []);
    const steps: string[] = [];
    const isListed = () => store.unfinished.has(job.id);
    const slowly = async (step: string) => {
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      steps.push(`${step}, ${(await isListed()) ? 'listed' : 'not listed'}`);
    };
    const callbacks = {
      note: () => slowly('noted'),
      tell: () => slowly('told'),
      tellDue: async () => undefined,
    };
    await finishJob(stored, { store, callbacks, metrics, log });
    expect(steps).toEqual(['noted, listed', 'told, not listed']);
  });

  it('a job that has ended stays unfinished if the message to its client could not be stored, and is counted later', async () => {
    const { store, dependencies } = serviceUnderTest();
    const counted: string[] = [];
    const metrics = { ...dependencies.metrics, jobEnded: ({ id }: Job) => counted.push(id) };
    const job = ended('failed', '00000000-0000-4000-8000-000000000000');
    const stored = await store.create(job, { body: '', contentType: 'application/json' }, []);
    const failing = {
      note: () => Promise.reject(new Error('the disk is full')),
      tell: async () => undefined,
      tellDue: async () => undefined,
    };
    const { log } = dependencies;
    const finish = (callbacks?: JobCallbacks) =>
      finishJob(stored, { store, metrics, log, ...(callbacks ? { callbacks } : {}) });
    await expect(finish(failing)).rejects.toThrow('the disk is full');
    expect(await store.unfinished.has(job.id)).toBe(true);
    expect(counted).toEqual([]);
    for (let time = 0; time < 2; time++) await finish();
    expect(counted).toEqual([job.id]);
  });

  it('a job that has ended is finished and told of even if its duration cannot be stored', async () => {
    const objects = new FaultyObjectStore(new MemoryObjectStore(), {
      before: (_, key) => {
        if (key.startsWith('index/durations/')) throw new Error('no answer');
      },
    });
    const store = new JobStore(objects);
    const { dependencies } = serviceUnderTest();
    const told: string[] = [];
    const logged: string[] = [];
    const stored = await store.create(
      ended('succeeded', '00000000-0000-4000-8000-000000000000'),
      { body: '', contentType: 'application/json' },
      [],
    );
    await finishJob(stored, {
      store,
      callbacks: {
        note: async () => undefined,
        tell: async ({ id }) => void told.push(id),
        tellDue: async () => undefined,
      },
      metrics: dependencies.metrics,
      log: jsonLog((line) => logged.push(line)),
    });
    expect(told).toEqual([stored.job.id]);
    expect(await store.unfinished.has(stored.job.id)).toBe(false);
    expect(logged.join()).toContain('the duration of a job was not kept');
  });

  it.each(['failed', 'dismissed'] as const)('a job adds no duration if it %s', async (status) => {
    expect(await finish(status)).toBeUndefined();
  });
});
