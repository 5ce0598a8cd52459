import { describe, expect, it } from 'vitest';
import { indexJobs } from '../../batch-jobs/api/index-jobs.ts';
import type { JobIndexScope } from '../../batch-jobs/api/job-index.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';

const idOf = (at: number) => `3f0e9a52-8a3b-4c58-9d1f-${String(at).padStart(12, '0')}`;
const request = { body: '{}', contentType: 'application/json' };

/** A store with jobs that are older than its index. */
async function withoutIndex(jobs: number) {
  const objects = new MemoryObjectStore();
  const store = new JobStore(objects);
  for (let at = 0; at < jobs; at++) {
    const createdAt = new Date(Date.UTC(2026, 0, 1, 0, at)).toISOString();
    const owner = at % 2 === 0 ? { owner: 'me' } : {};
    await store.create(sampleJob({ id: idOf(at), createdAt, ...owner }), request, []);
  }
  for await (const key of objects.list('index/')) await objects.delete(key);
  const listed = async (scope: JobIndexScope = 'all') => {
    const ids: string[] = [];
    for await (const { id } of store.index.list(scope)) ids.push(id);
    return ids;
  };
  return { objects, store, listed };
}

describe('jobs that are older than the index', () => {
  it('jobs older than the index are listed once it is built, latest first and by owner, and building it again changes nothing', async () => {
    const { store, listed } = await withoutIndex(5);
    expect(await listed()).toEqual([]);
    for (let round = 0; round < 2; round++) {
      expect(await indexJobs(store)).toEqual({ indexed: 5, damaged: 0 });
      expect(await listed()).toEqual([4, 3, 2, 1, 0].map(idOf));
      expect(await listed({ owner: 'me' })).toEqual([4, 2, 0].map(idOf));
    }
  });

  it('an interrupted build of the index continues after the job that it named last', async () => {
    const { store, listed } = await withoutIndex(150);
    const named: string[] = [];
    const interrupted = indexJobs(store, {
      onProgress: (_, id) => {
        named.push(id);
        throw new Error('interrupted');
      },
    });
    await expect(interrupted).rejects.toThrow('interrupted');
    const before = await listed();
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(150);
    const after = named[0] ?? '';
    expect(await indexJobs(store, { after })).toEqual({ indexed: 150 - before.length, damaged: 0 });
    expect(await listed()).toHaveLength(150);
  });

  it('building the index reports after each 64 jobs, and at the end, how far it has come', async () => {
    const { store } = await withoutIndex(130);
    const told: unknown[] = [];
    await indexJobs(store, { onProgress: (done, jobId) => told.push([done, jobId]) });
    expect(told).toEqual([
      [64, idOf(63)],
      [128, idOf(127)],
      [130, idOf(129)],
    ]);
    await indexJobs(store, {
      after: idOf(1),
      onProgress: (done, jobId) => told.push([done, jobId]),
    });
    // The index is complete with the last batch, so there is nothing more to report.
    expect(told.slice(3)).toEqual([
      [64, idOf(65)],
      [128, idOf(129)],
    ]);
  });

  it('building the index leaves out a job that is removed meanwhile', async () => {
    const { store, listed } = await withoutIndex(3);
    const read = store.read.bind(store);
    store.read = async (id) => (id === idOf(1) ? undefined : await read(id));
    expect(await indexJobs(store)).toEqual({ indexed: 2, damaged: 0 });
    expect(await listed()).toEqual([2, 0].map(idOf));
  });

  it('building the index counts jobs with a damaged record and adds all others', async () => {
    const { objects, store, listed } = await withoutIndex(3);
    await objects.put(`jobs/${idOf(1)}/job.json`, '{', { contentType: 'application/json' });
    expect(await indexJobs(store)).toEqual({ indexed: 2, damaged: 1 });
    expect(await listed()).toEqual([2, 0].map(idOf));
  });
});
