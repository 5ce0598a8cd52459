import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { FileObjectStore } from '../../../batch-jobs/api/file-object-store.ts';
import { JobStore } from '../../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../../batch-jobs/api/log.ts';
import { defaultLimits } from '../../../lambda/configuration/limits.ts';
import { JobNews } from '../../../lambda/embedded/job-news.ts';
import { LocalJobEngine } from '../../../lambda/embedded/local-job-engine.ts';
import { openEngine } from '../../../lambda/embedded/open-engine.ts';
import { tellAll } from '../../../lambda/jobs/tell-all.ts';

it('an engine whose start fails is stopped, so that two never run the same jobs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-engine-'));
  const start = vi.spyOn(LocalJobEngine.prototype, 'start');
  const stop = vi.spyOn(LocalJobEngine.prototype, 'stop');
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  });
  const objects = new FileObjectStore(folder);
  const open = () =>
    openEngine({
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
      mark: crypto.randomUUID(),
      log: jsonLog(() => undefined),
    });
  start.mockRejectedValueOnce(new Error('EIO'));
  await expect(open()).rejects.toThrow('EIO');
  expect(stop).toHaveBeenCalledOnce();
  expect(stop.mock.contexts).toEqual(start.mock.contexts);

  const engine = await open();
  expect(stop).toHaveBeenCalledOnce();
  await engine.stop();
});
