import { beforeEach, describe, expect, it } from 'vitest';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { UnfinishedJobs } from '../../lambda/unfinished-jobs.ts';
import { FaultyObjectStore } from '../faulty-object-store.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { serviceUnderTest } from '../service-under-test.ts';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

describe('the count of unfinished jobs', () => {
  let store: JobStore;
  let listings: number;
  let listed: number;
  let now: Date;
  let jobs: UnfinishedJobs;
  beforeEach(async () => {
    const objects = new MemoryObjectStore();
    listings = 0;
    listed = 0;
    const list = objects.list.bind(objects);
    objects.list = async function* (prefix) {
      listings++;
      for await (const key of list(prefix)) {
        listed++;
        yield key;
      }
    };
    store = new JobStore(objects, { filename: 'status.xml', encode: () => '' });
    for (let index = 0; index < 20; index++) {
      await objects.put(`unfinished/${idOf(index)}`, '', { contentType: 'text/plain' });
    }
    now = new Date('2026-01-01T00:00:00Z');
    jobs = new UnfinishedJobs(() => now);
  });

  it('reaches a bound that there are as many of, and no other', async () => {
    expect(await jobs.reach(20, store)).toBe(true);
    expect(await new UnfinishedJobs(() => now).reach(21, store)).toBe(false);
  });

  it('lists no more than the bound', async () => {
    await jobs.reach(5, store);
    expect(listed).toBe(5);
  });

  it('holds for some seconds, and counts what was accepted meanwhile', async () => {
    expect(await jobs.reach(22, store)).toBe(false);
    jobs.add();
    jobs.add();
    expect(await jobs.reach(22, store)).toBe(true);
    expect(listings).toBe(1);
    now = new Date(now.getTime() + 5_000);
    expect(await jobs.reach(22, store)).toBe(false);
    expect(listings).toBe(2);
  });

  it('refuses nobody when it cannot be had, and says so to the log', async () => {
    const { get, log } = serviceUnderTest({
      objects: new FaultyObjectStore(new MemoryObjectStore(), {
        before: (operation) => {
          if (operation === 'list') throw new Error('no answer');
        },
      }),
    });
    const { status } = await get('service=WPS&version=1.0.0&request=Execute&identifier=fixed');
    expect(status).toBe(200);
    expect(log.join()).toContain('unfinished jobs were not counted');
  });
});
