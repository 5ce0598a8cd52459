import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { echo } from '../../../batch-jobs/echo/process.ts';
import { startEmbeddedService } from '../../../lambda/embedded/embedded-service.ts';
import { LocalJobEngine } from '../../../lambda/embedded/local-job-engine.ts';
import type { EngineJob } from '../../../lambda/jobs/job-engine.ts';
import { distDir } from '../../bundled.ts';
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

  const engineThat = async (remembered: number, environment = {}) => {
    const queue = { concurrency: 2, waiting: 100 };
    const engine = new LocalJobEngine({
      objects,
      runner: join(import.meta.dirname, '..', '..', 'contracts', 'tiny-runner.mjs'),
      environment: {
        PATH: process.env['PATH'],
        TINY_RUNNER_LOG: join(folder, 'attempts'),
        ...environment,
      },
      queues: { small: queue, timeseries: queue, large: queue },
      remembered,
      onChange: async (...change) => {
        told.push(change);
        await onChange();
      },
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

  it('is of what has ended the latest, and nothing of it stays written down', async () => {
    const engine = await engineThat(2);
    for (const index of [1, 2, 3]) {
      await submit(engine, index);
      await expect.poll(ends, { timeout: 10_000 }).toContain(idOf(index));
    }
    await expect.poll(written).toEqual([]);
    expect(await engine.describe(`local-${idOf(1)}`)).toBeUndefined();
    expect((await engine.describe(`local-${idOf(2)}`))?.status).toBe('SUCCEEDED');
    expect((await engine.describe(`local-${idOf(3)}`))?.status).toBe('SUCCEEDED');
  });

  it('is the end of a job that it could not tell of, and it tells of it after a restart', async () => {
    const engine = await engineThat(10);
    onChange = () => Promise.reject(new Error('disk full'));
    await submit(engine, 1);
    await expect.poll(ends, { timeout: 10_000 }).toEqual([idOf(1)]);
    await engine.stop();
    expect(await written()).toHaveLength(1);

    onChange = async () => undefined;
    told = [];
    await engineThat(10);
    expect(told.map(([id, { status }]) => [id, status])).toEqual([[idOf(1), 'SUCCEEDED']]);
    expect(await written()).toEqual([]);
  });

  /** Nothing can be written any more once the job is. */
  const fillDisk = () => {
    objects.put = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  };

  it('is each change of a job all the same when the disk is full, and the job runs to its end', async () => {
    const engine = await engineThat(10);
    await submit(engine, 1);
    fillDisk();
    await expect.poll(ends, { timeout: 10_000 }).toEqual([idOf(1)]);
    expect((await engine.describe(`local-${idOf(1)}`))?.status).toBe('SUCCEEDED');
  });

  it('is that a job was ended, though the disk is full', async () => {
    const engine = await engineThat(10);
    await submit(engine, 1);
    fillDisk();
    await engine.terminate(`local-${idOf(1)}`, 'no longer wanted');
    expect(told.at(-1)).toMatchObject([idOf(1), { status: 'FAILED', reason: 'no longer wanted' }]);
  });

  it('is the failure of a job whose runner cannot even be started, and it tells of it', async () => {
    const engine = await engineThat(10, { NO_VARIABLE: 'a\0b' });
    await submit(engine, 1);
    const last = () => told.at(-1)?.[1];
    await expect.poll(last).toMatchObject({ status: 'FAILED', reason: expect.any(String) });
    expect(await engine.describe(`local-${idOf(1)}`)).toMatchObject({ status: 'FAILED' });
    expect(await written()).toEqual([]);
  });
});

describe('the embedded service whose engine cannot be opened', () => {
  it('answers with an exception report, and runs jobs once what was in the way is gone', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
    await mkdir(join(dataDir, 'engine'));
    await writeFile(join(dataDir, 'engine', 'broken.json'), '{');
    const jobOutput = openSync(join(dataDir, 'job-output'), 'w');
    const service = await startEmbeddedService({
      port: 0,
      dataDir,
      layersDir: join(dataDir, 'layers'),
      batchJobsDir: join(distDir, 'batch-jobs'),
      environment: process.env,
      jobOutput,
      log: jsonLog(() => undefined),
    });
    try {
      const execute = () =>
        fetch(
          `${service.endpoint}?service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=hello`,
        );
      expect((await execute()).status).toBe(500);
      await rm(join(dataDir, 'engine', 'broken.json'));
      const answer = await execute();
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('ProcessSucceeded');
    } finally {
      await service.close();
      closeSync(jobOutput);
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
