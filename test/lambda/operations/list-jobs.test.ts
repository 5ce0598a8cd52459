import { describe, expect, it } from 'vitest';
import type { Job } from '../../../batch-jobs/api/job.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { requestLog } from '../../../lambda/jobs/request-log.ts';
import type { Caller } from '../../../lambda/operations/dependencies.ts';
import { type JobFilter, listJobs, maySeeJobList } from '../../../lambda/operations/list-jobs.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

/** The time of the service under test. */
const now = Date.parse('2026-01-01T00:00:00Z');
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const idOf = (number: number) => `3f0e9a52-8a3b-4c58-9d1f-${String(number).padStart(12, '0')}`;

/** A service with these jobs, created in this order, a second apart. */
async function keeping(jobs: readonly Partial<Job>[]) {
  const objects = new MemoryObjectStore();
  const service = serviceUnderTest({ objects });
  const writing = new JobStore(objects, undefined, () => new Date(now));
  for (const [number, change] of jobs.entries()) {
    await writing.create(
      sampleJob({ id: idOf(number), createdAt: ago(10_000 - number), ...change }),
      { body: '{}', contentType: 'application/json' },
      [],
    );
  }
  const dependencies = {
    ...service.dependencies,
    caller: { listsAllJobs: true },
    log: requestLog(service.dependencies.log),
  };
  const listed = async (
    filter: JobFilter,
    page: { limit: number; after?: string },
    caller: Caller = dependencies.caller,
  ) => {
    const found = await listJobs(filter, page, { ...dependencies, caller });
    return { ...found, jobs: found.jobs.map(({ id }) => Number(id.slice(-12))) };
  };
  return { objects, listed };
}

describe('the list of jobs', () => {
  it.each([
    ['has an identity', { owner: 'me', listsAllJobs: false }, true],
    ['is alone on the machine', { listsAllJobs: true }, true],
    ['is unknown', { listsAllJobs: false }, false],
  ])('the job list for a caller that %s: %s', async (_, caller, may) => {
    expect(maySeeJobList(caller)).toBe(may);
    const { dependencies } = serviceUnderTest();
    const asked = { ...dependencies, caller, log: requestLog(dependencies.log) };
    const listed = listJobs({}, { limit: 1 }, asked);
    if (may) expect(await listed).toEqual({ jobs: [] });
    else await expect(listed).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('the job list is filtered by duration, to the end or until now, with both bounds included', async () => {
    const { listed } = await keeping([
      { status: 'accepted' },
      { status: 'running', startedAt: ago(100) },
      { status: 'succeeded', startedAt: ago(5_000), endedAt: ago(4_940) },
      // A second attempt is running, so the end of the first one is not the end of the job.
      { status: 'running', startedAt: ago(300), endedAt: ago(290) },
    ]);
    const found = async (filter: JobFilter) => (await listed(filter, { limit: 10 })).jobs;
    expect(await found({})).toEqual([3, 2, 1, 0]);
    expect(await found({ minDuration: 0 })).toEqual([3, 2, 1]);
    expect(await found({ minDuration: 60 })).toEqual([3, 2, 1]);
    expect(await found({ minDuration: 61 })).toEqual([3, 1]);
    expect(await found({ maxDuration: 60 })).toEqual([2]);
    expect(await found({ maxDuration: 59 })).toEqual([]);
    expect(await found({ minDuration: 100, maxDuration: 100 })).toEqual([1]);
    expect(await found({ minDuration: 300 })).toEqual([3]);
  });

  it('the job list is filtered by process, status, labels and time of creation', async () => {
    const { listed } = await keeping([
      { labels: ['a'] },
      { labels: ['a', 'b'], status: 'failed' },
      { process: { identifier: 'other', version: '1', title: 'Other' } },
    ]);
    const found = async (filter: JobFilter) => (await listed(filter, { limit: 10 })).jobs;
    expect(await found({ labels: ['a'] })).toEqual([1, 0]);
    expect(await found({ labels: ['a', 'b'] })).toEqual([1]);
    expect(await found({ labels: ['c'] })).toEqual([]);
    expect(await found({ statuses: ['failed', 'running'] })).toEqual([1]);
    expect(await found({ processes: ['other'] })).toEqual([2]);
    const created = (number: number) => Date.parse(ago(10_000 - number));
    expect(await found({ createdFrom: created(1) })).toEqual([2, 1]);
    expect(await found({ createdTo: created(1) })).toEqual([1, 0]);
    expect(await found({ createdFrom: created(1), createdTo: created(1) })).toEqual([1]);
  });

  it('the job list of a caller with an identity has its own jobs, and that of a caller alone on the machine has all', async () => {
    const { listed } = await keeping([{ owner: 'me' }, { owner: 'other' }, {}]);
    const of = async (caller: Caller) => (await listed({}, { limit: 10 }, caller)).jobs;
    expect(await of({ owner: 'me', listsAllJobs: false })).toEqual([0]);
    expect(await of({ owner: 'me', listsAllJobs: true })).toEqual([2, 1, 0]);
  });

  it('the job list reads 32 records at once, and no more', async () => {
    const { objects, listed } = await keeping(Array.from({ length: 70 }, () => ({})));
    const get = objects.get.bind(objects);
    let underWay = 0;
    let most = 0;
    objects.get = async (key) => {
      most = Math.max(most, ++underWay);
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return await get(key);
    };
    expect((await listed({}, { limit: 70 })).jobs).toHaveLength(70);
    expect(most).toBe(32);
  });

  it('the job list has a next page only if there is more', async () => {
    const { listed } = await keeping([{}, {}, {}]);
    expect(await listed({}, { limit: 3 })).toEqual({ jobs: [2, 1, 0] });
    const first = await listed({}, { limit: 2 });
    expect(first.jobs).toEqual([2, 1]);
    expect(await listed({}, { limit: 2, after: first.next ?? '' })).toEqual({ jobs: [0] });
  });

  it('a page of the job list begins where both its filter and the page before allow', async () => {
    const { listed } = await keeping([{}, {}, {}, {}]);
    const created = (number: number) => Date.parse(ago(10_000 - number));
    const { next: newest = '' } = await listed({}, { limit: 1 });
    const { next: third = '' } = await listed({}, { limit: 3 });
    const from = async (filter: JobFilter, after: string) =>
      (await listed(filter, { limit: 10, after })).jobs;
    expect(await from({}, newest)).toEqual([2, 1, 0]);
    expect(await from({ createdTo: created(1) }, newest)).toEqual([1, 0]);
    expect(await from({ createdTo: created(2) }, third)).toEqual([0]);
    expect(await from({ createdFrom: created(1) }, newest)).toEqual([2, 1]);
    expect(await from({}, '99999/999/99999-no-place')).toEqual([3, 2, 1, 0]);
  });

  it('the job list leaves out a job whose record is damaged', async () => {
    const { objects, listed } = await keeping([{}, {}, {}]);
    await objects.put(`jobs/${idOf(1)}/job.json`, '{ half a rec', {
      contentType: 'application/json',
    });
    expect(await listed({}, { limit: 3 })).toEqual({ jobs: [2, 0] });
  });

  it('the job list reads a thousand records per page, and continues there on the next one', async () => {
    const { listed } = await keeping(
      Array.from({ length: 1_002 }, (_, number) => ({
        status: number === 0 ? ('failed' as const) : ('accepted' as const),
      })),
    );
    const first = await listed({ statuses: ['failed'] }, { limit: 5 });
    expect(first.jobs).toEqual([]);
    // The two oldest jobs are left.
    const rest = await listed({}, { limit: 5, after: first.next ?? '' });
    expect(rest.jobs).toEqual([1, 0]);
    expect(await listed({ statuses: ['failed'] }, { limit: 5, after: first.next ?? '' })).toEqual({
      jobs: [0],
    });
  });
});
