import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { FileObjectStore } from '../../../batch-jobs/api/file-object-store.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { runnerVariables } from '../../../batch-jobs/api/runner-variables.ts';
import { defaultLimits } from '../../../lambda/configuration/limits.ts';
import { JobNews } from '../../../lambda/embedded/job-news.ts';
import { LocalJobEngine } from '../../../lambda/embedded/local-job-engine.ts';
import { closeEngine, openEngine } from '../../../lambda/embedded/open-engine.ts';
import { tellAll } from '../../../lambda/jobs/tell-all.ts';

let folder: string;
let mark: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-engine-'));
  mark = crypto.randomUUID();
  return () => rm(folder, { recursive: true });
});

function open(): Promise<LocalJobEngine> {
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
