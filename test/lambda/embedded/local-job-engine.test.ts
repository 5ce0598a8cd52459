import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { LocalJobEngine } from '../../../lambda/embedded/local-job-engine.ts';
import { EngineBusy, type EngineJob } from '../../../lambda/jobs/job-engine.ts';
import { echo } from '../../echo.ts';
import { MemoryObjectStore } from '../../memory-object-store.ts';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(11, '0')}0`;

describe('what the local engine remembers', () => {
  let folder: string;
  let objects: MemoryObjectStore;
  let told: [string, EngineJob][];
  let onChange: () => Promise<void>;
  let engines: LocalJobEngine[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-job-engine-'));
    objects = new MemoryObjectStore();
    told = [];
    onChange = async () => undefined;
    engines = [];
  });
  afterEach(async () => {
    for (const engine of engines) await engine.stop();
    await rm(folder, { recursive: true });
  });

  const engineThat = async (
    remembered: number,
    environment = {},
    queue = { concurrency: 2, waiting: 100 },
  ) => {
    const engine = new LocalJobEngine({
      objects,
      runner: join(import.meta.dirname, '..', '..', 'contracts', 'tiny-runner.mjs'),
      environment: {
        PATH: process.env['PATH'],
        TINY_RUNNER_LOG: join(folder, 'attempts'),
        ...environment,
      },
      mark: crypto.randomUUID(),
      queues: { small: queue, timeseries: queue, large: queue },
      remembered,
      onChange: async (...change) => {
        told.push(change);
        await onChange();
      },
      pause: async () => undefined,
      log: jsonLog(() => undefined),
    });
    engines.push(engine);
    await engine.start();
    return engine;
  };
  const submit = (engine: LocalJobEngine, index: number) =>
    engine.submit({
      jobId: idOf(index),
      processIdentifier: 'echo',
      queue: 'small',
      requirements: { ...echo.job, attempts: 1 },
    });
  const written = async () => {
    const keys: string[] = [];
    for await (const key of objects.list('engine/')) keys.push(key);
    return keys;
  };
  const ends = () => told.filter(([, { status }]) => status === 'SUCCEEDED').map(([id]) => id);

  it('the local engine remembers the latest ended jobs, and stores nothing of them', async () => {
    const engine = await engineThat(2);
    for (const index of [1, 2, 3]) {
      await submit(engine, index);
      await expect.poll(ends).toContain(idOf(index));
    }
    await expect.poll(written).toEqual([]);
    expect(await engine.describe(`local-${idOf(1)}`)).toBeUndefined();
    expect((await engine.describe(`local-${idOf(2)}`))?.status).toBe('SUCCEEDED');
    expect((await engine.describe(`local-${idOf(3)}`))?.status).toBe('SUCCEEDED');
  });

  it('the local engine knows how many jobs are ahead of a waiting one', async () => {
    const engine = await engineThat(2);
    // Jobs whose ids end in 9 run until they are ended.
    const runsOn = (index: number) => `${idOf(index).slice(0, -1)}9`;
    const start = (index: number, queue: 'small' | 'large' = 'small') =>
      engine.submit({
        jobId: runsOn(index),
        processIdentifier: 'echo',
        queue,
        requirements: { ...echo.job, attempts: 1 },
      });
    for (const index of [1, 2, 3, 4, 5]) await start(index);
    await start(6, 'large');
    const ahead = (engineJobId: string) => engine.ahead({ engineJobId, queue: 'small' });
    const places = (...indices: number[]) =>
      Promise.all(indices.map((index) => ahead(`local-${runsOn(index)}`)));
    await expect.poll(() => places(1, 2, 6)).toEqual([undefined, undefined, undefined]);
    expect(await places(3, 4, 5)).toEqual([0, 1, 2]);
    await engine.terminate(`local-${runsOn(3)}`, 'no longer wanted');
    expect(await places(3, 4, 5)).toEqual([undefined, 0, 1]);
    expect(await ahead('local-unknown')).toBeUndefined();
  });

  it('the local engine accepts as many waiting jobs as its queue may hold, and no more', async () => {
    const engine = await engineThat(10, {}, { concurrency: 1, waiting: 2 });
    const start = (index: number, queue: 'small' | 'large' = 'small') =>
      engine.submit({
        jobId: `${idOf(index).slice(0, -1)}9`,
        processIdentifier: 'echo',
        queue,
        requirements: { ...echo.job, attempts: 1 },
      });
    // One job runs and two wait.
    for (const index of [1, 2, 3]) await start(index);
    await expect(start(4)).rejects.toThrow(EngineBusy);
    await expect(start(4)).rejects.toThrow('2 jobs wait in queue small already');
    await start(4, 'large');
    expect(await written()).toHaveLength(4);
    // A job that waits already is accepted when it is submitted again.
    await start(3);
  });

  it('after a restart, the local engine runs the waiting jobs one after the other, oldest first', async () => {
    const submittedAt = { 1: 3_000, 2: 1_000, 3: 2_000 };
    for (const [index, at] of Object.entries(submittedAt)) {
      await objects.put(
        `engine/local-${idOf(Number(index))}.json`,
        file(Number(index), { submittedAt: at }),
        { contentType: 'application/json' },
      );
    }
    await engineThat(10, {}, { concurrency: 1, waiting: 100 });
    await expect.poll(ends).toEqual([idOf(2), idOf(3), idOf(1)]);
  });

  it('after a restart, the local engine reports the end of a job that it could not report before', async () => {
    const engine = await engineThat(10);
    onChange = () => Promise.reject(new Error('disk full'));
    await submit(engine, 1);
    await expect.poll(ends).toEqual([idOf(1)]);
    await engine.stop();
    expect(await written()).toHaveLength(1);

    onChange = async () => undefined;
    told = [];
    await engineThat(10);
    expect(told.map(([id, { status }]) => [id, status])).toEqual([[idOf(1), 'SUCCEEDED']]);
    expect(await written()).toEqual([]);
  });

  /** Makes every later write fail. */
  const fillDisk = () => {
    objects.put = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  };

  it('the local engine reports each change of a job while the disk is full, and the job runs to its end', async () => {
    const engine = await engineThat(10);
    await submit(engine, 1);
    fillDisk();
    await expect.poll(ends).toEqual([idOf(1)]);
    expect((await engine.describe(`local-${idOf(1)}`))?.status).toBe('SUCCEEDED');
  });

  it('the local engine ends a job on request while the disk is full', async () => {
    const engine = await engineThat(10);
    await submit(engine, 1);
    fillDisk();
    await engine.terminate(`local-${idOf(1)}`, 'no longer wanted');
    expect(told.at(-1)).toMatchObject([idOf(1), { status: 'FAILED', reason: 'no longer wanted' }]);
  });

  it('the local engine reports the failure of a job whose runner cannot be started', async () => {
    const engine = await engineThat(10, { NO_VARIABLE: 'a\0b' });
    await submit(engine, 1);
    const last = () => told.at(-1)?.[1];
    await expect.poll(last).toMatchObject({ status: 'FAILED', reason: expect.any(String) });
    expect(await engine.describe(`local-${idOf(1)}`)).toMatchObject({ status: 'FAILED' });
    expect(await written()).toEqual([]);
  });

  const file = (index: number, fields = {}) =>
    JSON.stringify({
      engineJobId: `local-${idOf(index)}`,
      jobId: idOf(index),
      queue: 'small',
      status: 'RUNNABLE',
      attempts: 0,
      maximumAttempts: 1,
      timeoutSeconds: 60,
      submittedAt: 1_700_000_000_000,
      ...fields,
    });

  it.each([
    ['is empty', ''],
    ['was cut off', file(1).slice(0, 40)],
    ['holds null', 'null'],
    ['holds a list', '[]'],
    ['names an unknown queue', file(1, { queue: 'huge' })],
    ['names an unknown status', file(1, { status: 'DONE' })],
    ['counts attempts in words', file(1, { attempts: 'two' })],
    ['is about another job', file(3)],
  ])('a job whose file %s fails, and the local engine runs all others', async (_, content) => {
    const type = { contentType: 'application/json' };
    await objects.put(`engine/local-${idOf(1)}.json`, content, type);
    await objects.put(`engine/local-${idOf(2)}.json`, file(2), type);
    const engine = await engineThat(10);
    await expect.poll(ends).toEqual([idOf(2)]);
    expect(told).toContainEqual([
      idOf(1),
      expect.objectContaining({ status: 'FAILED', reason: expect.stringContaining('damaged') }),
    ]);
    const setAside = await objects.get(`damaged/engine/local-${idOf(1)}.json`);
    expect(setAside && Buffer.from(setAside.body).toString()).toBe(content);
    expect(await written()).toEqual([]);
    await submit(engine, 4);
    await expect.poll(ends).toContain(idOf(4));
  });

  it.each(['EMFILE', 'EIO'])(
    'after a restart, the local engine takes up each job even if its file cannot be read at first for %s',
    async (code) => {
      await objects.put(`engine/local-${idOf(1)}.json`, file(1), {
        contentType: 'application/json',
      });
      let failures = 5;
      const get = objects.get.bind(objects);
      objects.get = async (key) => {
        if (key.startsWith('engine/') && failures-- > 0) {
          throw Object.assign(new Error(code), { code });
        }
        return await get(key);
      };
      await engineThat(10);
      await expect.poll(ends).toEqual([idOf(1)]);
      expect(told).not.toContainEqual([idOf(1), expect.objectContaining({ status: 'FAILED' })]);
    },
  );

  it('a job whose file can never be read fails, and the local engine runs all others', async () => {
    for (const index of [1, 2]) {
      const type = { contentType: 'application/json' };
      await objects.put(`engine/local-${idOf(index)}.json`, file(index), type);
    }
    const get = objects.get.bind(objects);
    objects.get = async (key) => {
      if (key.includes(idOf(1))) throw new Error('EIO');
      return await get(key);
    };
    await engineThat(10);
    await expect.poll(ends).toContain(idOf(2));
    expect(told).toContainEqual([idOf(1), expect.objectContaining({ status: 'FAILED' })]);
  });

  it.each(['.DS_Store', 'notes.txt', 'local-1.json', 'local-.json'])(
    'the local engine leaves file %s alone',
    async (name) => {
      await objects.put(`engine/${name}`, 'x', { contentType: 'text/plain' });
      const engine = await engineThat(10);
      await submit(engine, 1);
      await expect.poll(ends).toEqual([idOf(1)]);
      await expect.poll(written).toEqual([`engine/${name}`]);
    },
  );

  it('the local engine takes up a job of an earlier version, which did not count interruptions', async () => {
    await objects.put(`engine/local-${idOf(1)}.json`, file(1, { status: 'RUNNING', attempts: 1 }), {
      contentType: 'application/json',
    });
    await engineThat(10);
    await expect.poll(ends).toEqual([idOf(1)]);
    expect(await readFile(join(folder, 'attempts'), 'utf8')).toBe(`${idOf(1)} 2 of 2\n`);
  });
});
