import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { FileObjectStore } from '../../../batch-jobs/api/file-object-store.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { runnerVariables } from '../../../batch-jobs/api/runner-variables.ts';
import { defaultLimits } from '../../../lambda/configuration/limits.ts';
import { JobNews } from '../../../lambda/embedded/job-news.ts';
import { LocalJobEngine } from '../../../lambda/embedded/local-job-engine.ts';
import {
  closeEngine,
  type EngineOptions,
  openEngine,
} from '../../../lambda/embedded/open-engine.ts';
import { tellAll } from '../../../lambda/jobs/tell-all.ts';
import { echo } from '../../echo.ts';
import { sampleJob } from '../../sample-job.ts';

let folder: string;
let mark: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-engine-'));
  mark = crypto.randomUUID();
  return () => rm(folder, { recursive: true });
});

function open(change: Partial<EngineOptions> = {}): Promise<LocalJobEngine> {
  const objects = new FileObjectStore(folder);
  return openEngine({
    batchJobsDir: folder,
    dataDir: folder,
    layersDir: folder,
    environment: {},
    limits: defaultLimits,
    waitingJobs: 1,
    objects,
    store: new JobStore(objects),
    callbacks: tellAll(),
    news: new JobNews(),
    mark,
    log: jsonLog(() => undefined),
    ...change,
  });
}

/** A process of a job, which only an engine's search ends. */
async function leaveProcess() {
  const env = { ...process.env, [runnerVariables.mark]: `${mark}/of-a-runner` };
  const script = 'process.stdout.write("up"); setInterval(() => undefined, 1_000)';
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const child = spawn(process.execPath, ['-e', script], { env, stdio: [...stdio] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return { child, ended };
}

it('an engine whose start fails is stopped, so that two never run the same jobs', async () => {
  const start = vi.spyOn(LocalJobEngine.prototype, 'start');
  const stop = vi.spyOn(LocalJobEngine.prototype, 'stop');
  onTestFinished(() => void vi.restoreAllMocks());
  start.mockRejectedValueOnce(new Error('EIO'));
  await expect(open()).rejects.toThrow('EIO');
  expect(stop).toHaveBeenCalledOnce();
  expect(stop.mock.contexts).toEqual(start.mock.contexts);

  const engine = await open();
  expect(stop).toHaveBeenCalledOnce();
  await engine.stop();
});

it('an engine ends the processes that a killed engine left', async () => {
  await open();
  const { ended } = await leaveProcess();
  const next = await open();
  expect(await ended).toEqual([null, 'SIGKILL']);
  await closeEngine(next, folder);
});

it('an engine searches no processes if the engine before it ended in order', async () => {
  await closeEngine(await open(), folder);
  const { child } = await leaveProcess();
  await closeEngine(await open(), folder);
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

it('a runner gets the limits of its service, which end what it fetches, and the folders of its jobs', async () => {
  const told = join(folder, 'told');
  await mkdir(join(folder, 'runner'));
  await writeFile(
    join(folder, 'runner', 'main.js'),
    `require('node:fs').writeFileSync(process.env.TOLD, JSON.stringify(process.env));
     process.on('SIGTERM', () => process.exit(143));
     setInterval(() => undefined, 1_000);`,
  );
  const engine = await open({
    environment: { PATH: process.env['PATH'], TOLD: told },
    processesDir: '/processes',
    limits: {
      ...defaultLimits,
      inlineOutputBytes: 11,
      referenceHosts: ['a.example.org', '*.example.com'],
      referenceMaxBytes: 22,
      referenceTimeoutSeconds: 33,
    },
  });
  const { id: jobId } = sampleJob();
  const submission = { jobId, processIdentifier: 'echo', queue: 'small' } as const;
  await engine.submit({ ...submission, requirements: echo.job });
  const given = async () => JSON.parse(await readFile(told, 'utf8'));
  await expect.poll(given).toHaveProperty('WPS_JOB_STORE');
  const variables = await given();
  await closeEngine(engine, folder);
  expect(variables).toMatchObject({
    WPS_ENVIRONMENT: expect.any(String),
    WPS_JOB_STORE: pathToFileURL(folder).href,
    WPS_SCRATCH_DIR: join(folder, 'scratch'),
    WPS_INLINE_OUTPUT_BYTES: '11',
    WPS_REFERENCE_HOSTS: 'a.example.org,*.example.com',
    WPS_REFERENCE_MAX_BYTES: '22',
    WPS_REFERENCE_TIMEOUT_SECONDS: '33',
    WPS_PROCESSES_DIR: '/processes',
    GOGODUCK_LAYERS_DIR: folder,
  });
});
