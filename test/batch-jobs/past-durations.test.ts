import { beforeEach, describe, expect, it } from 'vitest';
import { PastDurations } from '../../batch-jobs/api/past-durations.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';

let objects: MemoryObjectStore;
let durations: PastDurations;
beforeEach(() => {
  objects = new MemoryObjectStore();
  durations = new PastDurations(objects);
});

const ran = (seconds: number, identifier = 'echo') => {
  const job = sampleJob({
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString(),
  });
  return durations.note({ ...job, process: { ...job.process, identifier } });
};

describe('past durations of a process', () => {
  it('past durations are a range of seconds once three runs of the process have ended', async () => {
    await ran(30);
    const stored = async () => {
      const texts: string[] = [];
      for await (const key of objects.list('')) {
        texts.push(Buffer.from((await objects.get(key))?.body ?? []).toString());
      }
      return texts;
    };
    expect(await stored()).toEqual(['[30]']);
    await ran(2);
    expect(await durations.of('echo')).toBeUndefined();
    await ran(7.5);
    expect(await durations.of('echo')).toEqual({ minimum: 2, maximum: 30, runs: 3 });
    expect(await durations.of('other')).toBeUndefined();
    expect(await stored()).toEqual(['[7.5,2,30]']);
  });

  it('past durations cover the latest twenty runs, in one object', async () => {
    await ran(1000);
    for (let run = 1; run <= 20; run++) await ran(run);
    expect(await durations.of('echo')).toEqual({ minimum: 1, maximum: 20, runs: 20 });
    const keys: string[] = [];
    for await (const key of objects.list('')) keys.push(key);
    expect(keys).toHaveLength(1);
  });

  it('a job whose clocks disagree took no time, and one without a valid time adds no duration', async () => {
    await ran(-5);
    await ran(3);
    await ran(4);
    await durations.note({
      ...sampleJob(),
      startedAt: 'yesterday',
      endedAt: sampleJob().createdAt,
    });
    await durations.note({ ...sampleJob(), startedAt: sampleJob().createdAt });
    expect(await durations.of('echo')).toEqual({ minimum: 0, maximum: 4, runs: 3 });
  });

  it('a job that never started adds no duration', async () => {
    const { startedAt: _, ...job } = sampleJob({ endedAt: '2026-01-01T00:00:00.000Z' });
    await durations.note(job);
    await ran(1);
    await ran(2);
    expect(await durations.of('echo')).toBeUndefined();
  });

  it('of two runs that end at the same time, past durations lose one and no other', async () => {
    for (const seconds of [1, 2, 3]) await ran(seconds);
    await Promise.all([ran(4), ran(5)]);
    expect((await durations.of('echo'))?.runs).toBeGreaterThanOrEqual(4);
  });

  it('past durations are written only as they were read, from the first on', async () => {
    const conditions: unknown[] = [];
    const put = objects.put.bind(objects);
    objects.put = async (key, body, options) => {
      conditions.push(options.condition);
      return await put(key, body, options);
    };
    await ran(1);
    await ran(2);
    expect(conditions).toEqual(['absent', { etag: expect.any(String) }]);
  });

  it('past durations that cannot be written now are a fault', async () => {
    objects.put = async () => {
      throw new Error('no answer');
    };
    await expect(ran(1)).rejects.toThrow('no answer');
  });

  it('past durations start again after their object was damaged', async () => {
    for (const damaged of ['[1, 2', '{}', '["a", null]']) {
      await ran(1);
      for await (const key of objects.list(''))
        await objects.put(key, damaged, { contentType: 'text/plain' });
      expect(await durations.of('echo')).toBeUndefined();
    }
    for (const seconds of [1, 2, 3]) await ran(seconds);
    expect(await durations.of('echo')).toEqual({ minimum: 1, maximum: 3, runs: 3 });
  });
});
