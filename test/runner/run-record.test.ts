import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../batch-jobs/api/job.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { endsOf } from '../../batch-jobs/runner/ends.ts';
import { RunRecord } from '../../batch-jobs/runner/run-record.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { sampleJob } from '../sample-job.ts';

describe('the record of a run', () => {
  const { id } = sampleJob();
  let store: JobStore;
  let now: Date;
  beforeEach(() => {
    now = new Date('2026-01-01T00:00:10Z');
    store = new JobStore(new MemoryObjectStore(), undefined, () => now);
  });
  const create = (change: Partial<Job> = {}) =>
    store.create(sampleJob(change), { body: '', contentType: 'text/plain' }, []);
  const read = async () => (await store.read(id))?.job;
  const never = () => new Promise<never>(() => {});
  const recordOf = (
    attempt: number,
    engineJobId = 'e-1',
    own: {
      readonly wait?: (milliseconds: number) => Promise<void>;
      readonly store?: JobStore;
      readonly stop?: AbortSignal;
    } = {},
  ) => {
    const { wait = never, stop = new AbortController().signal } = own;
    const ends = endsOf(stop, wait);
    const logged: string[] = [];
    const record = new RunRecord(
      { jobId: id, engineJobId, attempt, attempts: 3 },
      {
        store: own.store ?? store,
        log: jsonLog((line) => logged.push(line)),
        now: () => now,
        monotonic: () => now.getTime(),
        wait,
      },
      ends,
    );
    return Object.assign(record, { ends, logged });
  };

  it('the record of a run says when the first attempt started, not the second', async () => {
    await create();
    await recordOf(1).claim();
    now = new Date('2026-01-01T01:00:00Z');
    expect((await read())?.message).toBe('The job runs.');
    await recordOf(2).claim();
    expect(await read()).toMatchObject({
      attempt: 2,
      startedAt: '2026-01-01T00:00:10.000Z',
      message: 'The job runs again, attempt 2.',
    });
  });

  it('progress in the record of a run starts at 0 with each attempt, and never decreases within one', async () => {
    await create();
    const first = recordOf(1);
    await first.claim();
    for (const [percent, shown] of [
      [40.9, 40],
      [20, 40],
      [41, 41],
    ] as const) {
      await first.progress(percent, 'on the way');
      expect((await read())?.percentCompleted).toBe(shown);
    }
    await recordOf(2).claim();
    expect((await read())?.percentCompleted).toBe(0);
  });

  it('the record of a run keeps its last message if progress brings none', async () => {
    await create();
    const record = recordOf(1);
    await record.claim();
    await record.progress(1, 'reading');
    await record.progress(2, '');
    expect(await read()).toMatchObject({ message: 'reading', percentCompleted: 2 });
  });

  it('the record of a run gets the default words if its end brings none', async () => {
    await create();
    const record = recordOf(1);
    await record.claim();
    expect(await record.succeed([])).toBe(true);
    expect(await read()).toMatchObject({
      status: 'succeeded',
      message: 'The outputs are ready.',
      percentCompleted: 100,
    });
  });

  it('the record of a run that was paused stays as it is when the run is stopped', async () => {
    await create();
    const record = recordOf(1);
    await record.claim();
    await record.pause('The disk is full.');
    await record.stop();
    expect((await read())?.message).toBe(
      'The disk is full. Attempt 1 of 3 ended; the next one follows.',
    );
  });

  it('the record of a stopped run is reported for no longer than ten seconds, even by a store that never answers', async () => {
    await create();
    const objects = new MemoryObjectStore();
    const mute = new JobStore(objects);
    await mute.create(sampleJob(), { body: '', contentType: 'text/plain' }, []);
    const waits: number[] = [];
    let pass = () => {};
    const wait = (milliseconds: number) => {
      waits.push(milliseconds);
      return new Promise<void>((resolve) => {
        pass = resolve;
      });
    };
    const record = recordOf(1, 'e-1', { wait, store: mute });
    await record.claim();
    objects.put = () => new Promise(() => {});
    let isOver = false;
    const stopped = record.stop().then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(isOver).toBe(false);
    expect(waits).toEqual([10_000]);
    pass();
    await stopped;
  });

  it('the record of a failed run has the words of the failure', async () => {
    await create();
    const record = recordOf(1);
    await record.claim();
    await record.fail({ kind: 'too-large', text: 'The request is for 3 TB.' });
    expect(await read()).toMatchObject({
      status: 'failed',
      message: 'The request is for 3 TB.',
      failure: { kind: 'too-large' },
    });
  });

  it('a run is claimed again by the same attempt, as after an answer that was lost', async () => {
    await create();
    await recordOf(1).claim();
    expect(await recordOf(1).claim()).toMatchObject({ status: 'running', attempt: 1 });
    await recordOf(1).progress(30, 'on the way');
    const again = recordOf(1);
    await again.claim();
    expect((await read())?.percentCompleted).toBe(0);
  });

  it('a run does not claim a job again that it has ended', async () => {
    await create();
    const record = recordOf(1);
    await record.claim();
    await record.succeed([]);
    expect(await recordOf(1).claim()).toBeUndefined();
  });

  it('a run decides on the record as it is now if it knows one on which it would do nothing', async () => {
    await create();
    const record = recordOf(1);
    expect(await record.isStillOwn()).toBe(false);
    // Its own claim, of which the answer was lost.
    await recordOf(1).claim();
    expect(await record.progress(5, 'reading')).toBe(true);
    expect(await read()).toMatchObject({ percentCompleted: 5, message: 'reading' });
  });

  it('the record of a run is not written by an attempt that has not claimed it', async () => {
    await create();
    await recordOf(1).claim();
    const next = recordOf(2);
    expect(await next.progress(50, 'early')).toBe(false);
    expect(await next.succeed([])).toBe(false);
    expect(await read()).toMatchObject({ status: 'running', percentCompleted: 0, attempt: 1 });
  });

  it('a run that is stopped retries at once what it waited to retry', async () => {
    const stop = new AbortController();
    const record = recordOf(1, 'e-1', { stop: stop.signal });
    let tries = 0;
    const insisting = record.insist('writing', async () => {
      if (++tries === 1) throw new Error('no answer');
      return 'done';
    });
    await expect.poll(() => record.logged).toHaveLength(1);
    stop.abort();
    expect(await insisting).toBe('done');
  });

  it('a run that is stopped retries for ten seconds, not for five minutes', async () => {
    const begun = now.getTime();
    const wait = async (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds);
    };
    const failing = async () => {
      throw new Error('no answer');
    };
    const stopped = recordOf(1, 'e-1', { stop: AbortSignal.abort(), wait });
    await expect(stopped.insist('writing', failing)).rejects.toThrow('no answer');
    expect(now.getTime() - begun).toBe(7_000);
    await expect(recordOf(1, 'e-1', { wait }).insist('writing', failing)).rejects.toThrow();
    // Another pause of 30 seconds would end after five minutes.
    expect(now.getTime() - begun).toBe(7_000 + 271_000);
  });

  it('a run that lost its job does not call it an error that another reports the end', async () => {
    await create();
    const record = recordOf(1);
    await record.claim();
    record.ends.lose();
    await record.fail({ kind: 'internal', text: 'late' });
    expect(record.logged).toEqual([]);
    expect((await read())?.status).toBe('running');
  });

  it('the record of a run is claimed by one engine job, and by no attempt that is over', async () => {
    await create();
    await recordOf(2).claim();
    expect(await recordOf(2, 'e-2').claim()).toBeUndefined();
    expect(await recordOf(1).claim()).toBeUndefined();
    expect(await read()).toMatchObject({ claim: 'e-1', attempt: 2 });
  });

  it.each([
    ['is still its own', {}, true],
    ['has ended', { status: 'dismissed' }, false],
    ['is claimed by another engine job', { claim: 'e-2' }, false],
    ['is claimed by a later attempt', { attempt: 2 }, false],
    ['is no longer stored', undefined, false],
  ] as const)('a run learns whether the record %s', async (_, change, isOwn) => {
    await create();
    const record = recordOf(1);
    await record.claim();
    if (change === undefined) await store.expire(id);
    else await store.update(id, () => change);
    expect(await record.isStillOwn()).toBe(isOwn);
  });

  it('the record of a run is not written by an attempt that another has followed', async () => {
    await create();
    const first = recordOf(1);
    await first.claim();
    await recordOf(2).claim();
    expect(await first.progress(50, 'late')).toBe(false);
    expect(await first.succeed([])).toBe(false);
    await first.pause('late');
    await first.stop();
    await first.fail({ kind: 'internal', text: 'late' });
    expect(await read()).toMatchObject({ status: 'running', percentCompleted: 0 });
  });
});
