import { type FileHandle, mkdtemp, open as openFile, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileObjectStore } from '../../../batch-jobs/api/file-object-store.ts';
import type { Job, JobInput } from '../../../batch-jobs/api/job.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { LocalJobEngine } from '../../../lambda/embedded/local-job-engine.ts';
import { noMetrics } from '../../../lambda/jobs/metrics.ts';
import { recordStateChange } from '../../../lambda/jobs/record-state-change.ts';
import { encodeExecuteResponse } from '../../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { distDir } from '../../bundled.ts';
import { echo } from '../../echo.ts';
import { sampleJob } from '../../sample-job.ts';

const { id } = sampleJob();
const inputs = Object.entries({ message: 'hello', repeat: '1', delaySeconds: '60' }).map(
  ([identifier, value]): JobInput => ({
    identifier,
    given: true,
    value: { kind: 'literal', value, dataType: 'string' },
  }),
);

describe('a job of the local engine that is stopped, its runner being the real one', () => {
  let folder: string;
  let store: JobStore;
  let engine: LocalJobEngine;
  /** The record's message after each change that the engine reported. */
  let said: string[];
  /** The file that runners print to. */
  let printed: FileHandle;
  const log = jsonLog(() => undefined);

  const open = async () => {
    const queue = { concurrency: 1, waiting: 10 };
    engine = new LocalJobEngine({
      objects: new FileObjectStore(folder),
      runner: join(distDir, 'batch-jobs', 'runner', 'main.js'),
      environment: {
        PATH: process.env['PATH'],
        WPS_ENVIRONMENT: 'TEST',
        WPS_JOB_STORE: pathToFileURL(folder).href,
        WPS_SCRATCH_DIR: join(folder, 'scratch'),
      },
      mark: crypto.randomUUID(),
      queues: { small: queue, timeseries: queue, large: queue },
      onChange: async (jobId, engineJob) => {
        await recordStateChange(jobId, engineJob, { store, metrics: noMetrics, log });
        said.push((await read()).message);
      },
      output: printed.fd,
      log,
    });
    await engine.start();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stopped-jobs-'));
    said = [];
    printed = await openFile(join(folder, 'printed'), 'a');
    store = new JobStore(new FileObjectStore(folder), {
      filename: 'status.xml',
      encode: encodeExecuteResponse,
    });
    await store.create(sampleJob(), { body: '<Execute/>', contentType: 'application/xml' }, inputs);
    await open();
  });
  afterEach(async () => {
    await engine.stop();
    await printed.close();
    await rm(folder, { recursive: true });
  });

  const read = async () => (await store.read(id))?.job as Job;
  const submit = (attempts: number, timeoutSeconds = 120) =>
    engine.submit({
      jobId: id,
      processIdentifier: 'echo',
      queue: 'small',
      requirements: { ...echo.job, attempts, timeoutSeconds },
    });
  const works = () => expect.poll(async () => (await read()).message).toBe('waiting');
  const failed = async () => {
    await expect.poll(async () => (await read()).status).toBe('failed');
    return (await read()).failure?.text;
  };

  it.each([1, 2])(
    'a job that is stopped at its timeout says so, with %i attempts',
    async (attempts) => {
      await submit(attempts, 1);
      expect(await failed()).toContain('longer than it may');
      expect((await engine.describe(`local-${id}`))?.attempts).toBe(1);
    },
  );

  it.each([1, 2])('a job that somebody ends says who did, with %i attempts', async (attempts) => {
    const { engineJobId } = await submit(attempts);
    await works();
    await engine.terminate(engineJobId, 'too dear this month');
    expect(await failed()).toBe('The job was ended by the provider.');
    await engine.stop();
    const lines = (await readFile(join(folder, 'printed'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ message: 'job stopped', environment: 'TEST', jobId: id }),
    ]);
  });

  const stopped = 'The service was stopped while the job ran; the next attempt follows.';

  it.each([1, 2])(
    'a job is tried again however often the service is stopped, with %i attempts',
    async (attempts) => {
      await submit(attempts);
      for (const attempt of [1, 2, 3, 4]) {
        await expect.poll(async () => (await read()).attempt).toBe(attempt);
        await works();
        await engine.stop();
        expect(await read()).toMatchObject({ status: 'paused', message: stopped });
        await open();
      }
      await works();
    },
  );

  it('a job fails once the service was killed six times while it ran', async () => {
    const objects = new FileObjectStore(folder);
    const { engineJobId } = await submit(2);
    for (const attempt of [1, 2, 3, 4, 5, 6]) {
      await expect.poll(async () => (await read()).attempt).toBe(attempt);
      await works();
      // The file's content at this moment is what a killed service leaves.
      const left = await objects.get(`engine/${engineJobId}.json`);
      await engine.abandon();
      expect(JSON.parse(String(left && Buffer.from(left.body)))).toMatchObject({
        status: 'RUNNING',
        attempts: attempt,
      });
      await open();
    }
    expect(await failed()).toBe(
      'The service was stopped while the job ran. Please send the request again.',
    );
  });
});
