import { beforeEach, describe, expect, it } from 'vitest';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { DeadlinePassed } from '../../../lambda/jobs/request-deadline.ts';
import { UnfinishedJobs } from '../../../lambda/jobs/unfinished-jobs.ts';
import { FaultyObjectStore } from '../../faulty-object-store.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';
import { noDeadline } from '../../no-deadline.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

describe('the count of unfinished jobs', () => {
  let objects: MemoryObjectStore;
  let store: JobStore;
  let listings: number;
  let listed: number;
  let now: Date;
  let jobs: UnfinishedJobs;
  let deadline: AbortController;
  beforeEach(async () => {
    objects = new MemoryObjectStore();
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
    deadline = new AbortController();
  });

  /** Whether one more job was admitted. If so, it is then recorded. */
  const letIn = async (jobId: string, maximum: number) => {
    await jobs.count(maximum, store, deadline.signal);
    const isIn = jobs.takePlace(jobId, maximum);
    if (isIn) {
      await store.unfinished.set(jobId, now.toISOString());
      jobs.keepPlace(jobId);
    }
    return isIn;
  };
  const letInTogether = async (some: readonly number[], maximum: number) => {
    const each = await Promise.all(some.map((index) => letIn(idOf(index), maximum)));
    return each.filter(Boolean).length;
  };
  const later = (milliseconds = 5_000) => {
    now = new Date(now.getTime() + milliseconds);
  };

  it('jobs are refused at the limit of unfinished ones', async () => {
    expect(await letIn(idOf(20), 20)).toBe(false);
    jobs = new UnfinishedJobs(() => now);
    expect(await letIn(idOf(20), 21)).toBe(true);
  });

  it('counting unfinished jobs lists no more than the limit', async () => {
    await jobs.count(5, store, deadline.signal);
    expect(listed).toBe(5);
  });

  it('the count of unfinished jobs is valid for some seconds, and includes jobs accepted meanwhile', async () => {
    expect(await letIn(idOf(20), 22)).toBe(true);
    expect(await letIn(idOf(21), 22)).toBe(true);
    expect(await letIn(idOf(22), 22)).toBe(false);
    expect(listings).toBe(1);
    await store.unfinished.removeIfPossible(idOf(0));
    later(4_999);
    expect(await letIn(idOf(22), 22)).toBe(false);
    expect(listings).toBe(1);
    later(1);
    expect(await letIn(idOf(22), 22)).toBe(true);
    expect(listings).toBe(2);
  });

  it('a job that was accepted and has ended is counted no longer', async () => {
    expect(await letIn(idOf(20), 21)).toBe(true);
    await store.unfinished.removeIfPossible(idOf(20));
    later();
    expect(await letIn(idOf(21), 21)).toBe(true);
  });

  it('concurrent requests cannot exceed the limit of unfinished jobs, and list once', async () => {
    expect(await letInTogether([20, 21, 22, 23, 24, 25], 23)).toBe(3);
    expect(listings).toBe(1);
  });

  it('a job that is being stored during the listing is counted once', async () => {
    await jobs.count(23, store, deadline.signal);
    jobs.takePlace(idOf(20), 23);
    jobs.takePlace(idOf(21), 23);
    await store.unfinished.set(idOf(20), now.toISOString());
    later();
    expect(await letInTogether([22, 23], 23)).toBe(1);
  });

  it('the place of a job that could not be stored is free again', async () => {
    await jobs.count(21, store, deadline.signal);
    expect(jobs.takePlace(idOf(20), 21)).toBe(true);
    expect(await letIn(idOf(21), 21)).toBe(false);
    jobs.giveBackPlace(idOf(20));
    expect(await letIn(idOf(21), 21)).toBe(true);
  });

  it('a job without a place, or whose place was given back before, frees none', async () => {
    await jobs.count(21, store, deadline.signal);
    jobs.giveBackPlace(idOf(30));
    expect(jobs.takePlace(idOf(20), 21)).toBe(true);
    expect(jobs.takePlace(idOf(21), 21)).toBe(false);
    jobs.giveBackPlace(idOf(20));
    jobs.giveBackPlace(idOf(20));
    expect(jobs.takePlace(idOf(21), 21)).toBe(true);
    expect(jobs.takePlace(idOf(22), 21)).toBe(false);
  });

  /** Lets no listing begin before the returned function is called. */
  const holdListings = () => {
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const list = objects.list.bind(objects);
    objects.list = async function* (prefix) {
      await held;
      yield* list(prefix);
    };
    return goOn;
  };

  it('a job that is stored while a listing waits is counted once', async () => {
    await jobs.count(22, store, deadline.signal);
    jobs.takePlace(idOf(20), 22);
    later();
    const goOn = holdListings();
    const counted = jobs.count(22, store, deadline.signal);
    await store.unfinished.set(idOf(20), now.toISOString());
    jobs.keepPlace(idOf(20));
    goOn();
    await counted;
    expect(await letInTogether([21, 22], 22)).toBe(1);
  });

  it('a request that waits for the listing of another gives up at its own deadline', async () => {
    const goOn = holdListings();
    const first = jobs.count(21, store, deadline.signal);
    const own = new AbortController();
    const second = jobs.count(21, store, own.signal);
    own.abort();
    await expect(second).rejects.toThrow(DeadlinePassed);
    goOn();
    await first;
    expect(await letInTogether([20, 21], 21)).toBe(1);
  });

  it('the next request counts again after a listing that failed or was given up', async () => {
    const list = objects.list.bind(objects);
    objects.list = () => {
      throw new Error('no answer');
    };
    await expect(jobs.count(21, store, deadline.signal)).rejects.toThrow('no answer');
    objects.list = async function* () {
      yield await new Promise<never>(() => undefined);
    };
    const giveUp = new AbortController();
    const together = [jobs.count(21, store, giveUp.signal), jobs.count(21, store, deadline.signal)];
    giveUp.abort();
    for (const { status } of await Promise.allSettled(together)) expect(status).toBe('rejected');
    objects.list = list;
    expect(await letInTogether([20, 21], 21)).toBe(1);
  });

  it('the count of unfinished jobs is that of the latest listing, even if one that was given up ends later', async () => {
    const list = objects.list.bind(objects);
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isOver = false;
    objects.list = async function* () {
      await held;
      yield* list('none/');
      isOver = true;
    };
    const giveUp = new AbortController();
    const first = jobs.count(21, store, giveUp.signal);
    giveUp.abort();
    await expect(first).rejects.toThrow();
    objects.list = list;
    later();
    await jobs.count(21, store, deadline.signal);
    goOn();
    await expect.poll(() => isOver).toBe(true);
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(jobs.takePlace(idOf(20), 21)).toBe(true);
    expect(jobs.takePlace(idOf(21), 21)).toBe(false);
  });

  it('a request is accepted if the count fails, and the log says so', async () => {
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

  it('a request that could not be stored takes no place from the next', async () => {
    let isFirst = true;
    const { get } = serviceUnderTest({
      limits: { maxUnfinishedJobs: 1 },
      objects: new FaultyObjectStore(new MemoryObjectStore(), {
        before: (_, key) => {
          if (!isFirst || !key.endsWith('inputs.json')) return;
          isFirst = false;
          throw new Error('no answer');
        },
      }),
    });
    const execute = 'service=WPS&version=1.0.0&request=Execute&identifier=fixed';
    expect((await get(execute)).status).toBe(500);
    expect((await get(execute)).status).toBe(200);
  });

  it('a request is not refused because another gave up the listing that both waited for', async () => {
    const givesUp = new AbortController();
    const deadlines = [{ ...noDeadline(now), work: givesUp.signal }];
    const { get } = serviceUnderTest({
      deadline: () => deadlines.shift() ?? noDeadline(now),
      objects: new FaultyObjectStore(new MemoryObjectStore(), {
        before: async (operation) => {
          if (operation !== 'list') return;
          // By then the other request waits, too.
          setImmediate(() => givesUp.abort());
          await new Promise(() => undefined);
        },
      }),
    });
    const execute = 'service=WPS&version=1.0.0&request=Execute&identifier=fixed';
    const answers = await Promise.all([get(execute), get(execute)]);
    expect(answers.map(({ status }) => status)).toEqual([504, 200]);
  });
});
