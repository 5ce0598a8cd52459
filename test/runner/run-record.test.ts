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
  const recordOf = (
    attempt: number,
    engineJobId = 'e-1',
    wait: (milliseconds: number) => Promise<void> = () => new Promise(() => {}),
    own = store,
  ) => {
    return new RunRecord(
      { jobId: id, engineJobId, attempt, attempts: 3 },
      {
        store: own,
        log: jsonLog(() => undefined),
        now: () => now,
        monotonic: () => now.getTime(),
        wait,
      },
      endsOf(new AbortController().signal, wait),
    );
  };

  it('the record of a run says when the first attempt started, not the second', async () => {
    await create();
    await recordOf(1).claim();
    now = new Date('2026-01-01T01:00:00Z');
    await recordOf(2).claim();
    expect(await read()).toMatchObject({ attempt: 2, startedAt: '2026-01-01T00:00:10.000Z' });
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
    const record = recordOf(1, 'e-1', wait, mute);
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
