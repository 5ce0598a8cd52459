import { describe, expect, it } from 'vitest';
import { isPlace, JobIndex, type JobIndexRange } from '../../batch-jobs/api/job-index.ts';
import { OwnedJobs } from '../../batch-jobs/api/owned-jobs.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';

const idOf = (number: number) => `3f0e9a52-8a3b-4c58-9d1f-${String(number).padStart(12, '0')}`;
const plain = { contentType: 'text/plain' };

describe('the index of jobs', () => {
  /** A store with jobs created at these times, in milliseconds since 1970. */
  async function having(...instants: number[]) {
    const objects = new MemoryObjectStore();
    const index = new JobIndex(objects);
    for (const [number, instant] of instants.entries()) {
      const owner = number % 2 === 0 ? 'me' : 'other';
      await index.add({ id: idOf(number), createdAt: new Date(instant).toISOString(), owner });
    }
    const listed = async (range?: JobIndexRange, scope: 'all' | { owner: string } = 'all') => {
      const found: { number: number; place: string }[] = [];
      for await (const { id, place } of index.list(scope, range)) {
        found.push({ number: Number(id.slice(-12)), place });
      }
      return found;
    };
    const numbers = async (...how: Parameters<typeof listed>) =>
      (await listed(...how)).map(({ number }) => number);
    return { objects, index, listed, numbers };
  }

  it('the index of jobs lists the latest first, to the millisecond, and those of an owner alone', async () => {
    const { numbers } = await having(1_000, 1_001, 999, 86_400_000, 1_767_225_600_000);
    expect(await numbers()).toEqual([4, 3, 1, 0, 2]);
    expect(await numbers({}, { owner: 'me' })).toEqual([4, 0, 2]);
    expect(await numbers({}, { owner: 'nobody' })).toEqual([]);
  });

  it('the index of jobs begins and ends with jobs created at the requested instants, both included', async () => {
    const { numbers } = await having(1_000, 2_000, 2_000, 3_000, 4_000);
    expect(await numbers({ createdFrom: 2_000 })).toEqual([4, 3, 1, 2]);
    expect(await numbers({ createdFrom: 2_001 })).toEqual([4, 3]);
    expect(await numbers({ createdTo: 2_000 })).toEqual([1, 2, 0]);
    expect(await numbers({ createdTo: 1_999 })).toEqual([0]);
    expect(await numbers({ createdFrom: 2_000, createdTo: 3_000 })).toEqual([3, 1, 2]);
    expect(await numbers({ createdFrom: -1, createdTo: Number.MAX_SAFE_INTEGER })).toHaveLength(5);
  });

  it('the index of jobs continues after a place, or from the last instant if that comes later', async () => {
    const { listed, numbers } = await having(1_000, 2_000, 3_000, 4_000);
    const [latest, second] = await listed();
    expect(await numbers({ after: latest?.place ?? '' })).toEqual([2, 1, 0]);
    expect(await numbers({ after: second?.place ?? '' })).toEqual([1, 0]);
    expect(await numbers({ after: latest?.place ?? '', createdTo: 2_000 })).toEqual([1, 0]);
    expect(await numbers({ after: second?.place ?? '', createdTo: 3_500 })).toEqual([1, 0]);
    expect(await numbers({ after: 'no place' })).toEqual([3, 2, 1, 0]);
  });

  it('forgets a job that is removed, of everybody and of its owner', async () => {
    const { index, numbers, objects } = await having(1_000, 2_000);
    await index.remove({ id: idOf(0), createdAt: new Date(1_000).toISOString(), owner: 'me' });
    expect(await numbers()).toEqual([1]);
    expect(await numbers({}, { owner: 'me' })).toEqual([]);
    const left: string[] = [];
    for await (const key of objects.list('')) left.push(key);
    expect(left).toHaveLength(2);
  });

  it('the index of jobs ignores entries that are no jobs', async () => {
    const { objects, numbers } = await having(1_000);
    for (const key of ['index/all/.DS_Store', 'index/all/99999/999/98999-notes.txt']) {
      await objects.put(key, '', plain);
    }
    expect(await numbers()).toEqual([0]);
  });

  it('the index of jobs accepts only places that it gave', async () => {
    const { listed } = await having(1_000);
    const [entry] = await listed();
    expect(isPlace(entry?.place ?? '')).toBe(true);
    for (const other of ['', `${entry?.place}/`, `/${entry?.place}`, `../${entry?.place}`]) {
      expect(isPlace(other)).toBe(false);
    }
  });
});

describe('the unfinished jobs of an owner', () => {
  async function having(unfinished: number, leftBehind = 0) {
    const objects = new MemoryObjectStore();
    const owned = new OwnedJobs(objects);
    for (let number = 0; number < unfinished + leftBehind; number++) {
      const id = idOf(number);
      await owned.add({ id, owner: 'me' });
      if (number >= leftBehind) await objects.put(`unfinished/${id}`, 'now', plain);
    }
    const entries = async () => {
      let count = 0;
      for await (const _ of objects.list('index/')) count++;
      return count;
    };
    return { owned, entries };
  }

  it.each([
    [1, 2, false],
    [2, 2, true],
    [3, 2, true],
  ])('%i unfinished jobs of an owner reach a limit of %i: %s', async (...given) => {
    const [unfinished, most, isFull] = given;
    const { owned } = await having(unfinished);
    expect(await owned.isFull('me', most)).toBe(isFull);
    expect(await owned.isFull('other', most)).toBe(false);
  });

  it('the unfinished jobs of an owner do not include leftovers, which are removed when they would count', async () => {
    const { owned, entries } = await having(1, 2);
    expect(await owned.isFull('me', 4)).toBe(false);
    expect(await entries()).toBe(3);
    expect(await owned.isFull('me', 2)).toBe(false);
    expect(await entries()).toBe(1);
  });

  it('the unfinished jobs of an owner are removed one by one, and do not include jobs without an owner', async () => {
    const { owned, entries } = await having(2);
    await owned.removeIfPossible({ id: idOf(0), owner: 'me' });
    await owned.removeIfPossible({ id: idOf(1) });
    await owned.add({ id: idOf(3) });
    expect(await entries()).toBe(1);
  });
});
