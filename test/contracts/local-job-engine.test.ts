import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { LocalJobEngine } from '../../lambda/embedded/local-job-engine.ts';
import { MemoryObjectStore } from '../memory-object-store.ts';
import { describeJobEngine } from './job-engine.ts';

describeJobEngine('LocalJobEngine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'local-job-engine-'));
  const log = join(folder, 'attempts');
  const queue = { concurrency: 2, waiting: 100 };
  const engine = new LocalJobEngine({
    objects: new MemoryObjectStore(),
    runner: join(import.meta.dirname, 'tiny-runner.mjs'),
    environment: { PATH: process.env['PATH'], TINY_RUNNER_LOG: log },
    mark: crypto.randomUUID(),
    queues: { small: queue, timeseries: queue, large: queue },
    onChange: async () => undefined,
    log: jsonLog(() => undefined),
  });
  return {
    engine,
    attempts: () => readFile(log, 'utf8').catch(() => ''),
    stop: async () => {
      await engine.stop();
      await rm(folder, { recursive: true });
    },
  };
});
