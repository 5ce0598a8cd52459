import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BatchJobEngine } from '../../lambda/aws/batch-job-engine.ts';
import { awsConfiguration } from '../aws-configuration.ts';
import { describeJobEngine } from '../contracts/job-engine.ts';
import { batchClient, createBatchResources } from './batch-resources.ts';
import { startContainerEngine } from './container-engine.ts';
import { startEmulator } from './emulator.ts';

describeJobEngine('BatchJobEngine', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'batch-job-engine-'));
  const log = join(folder, 'attempts');
  const runner = join(import.meta.dirname, '..', 'contracts', 'tiny-runner.mjs');
  const containers = await startContainerEngine(async (variables, killed) => {
    const child = spawn(process.execPath, [runner], {
      env: { ...variables, TINY_RUNNER_LOG: log },
      stdio: 'inherit',
    });
    killed.addEventListener('abort', () => child.kill());
    const [code] = await once(child, 'exit');
    return code ?? 137;
  });
  const emulator = await startEmulator({ containerEngine: containers.address });
  await createBatchResources(emulator, {
    queues: ['small', 'timeseries', 'large'],
    jobDefinitions: [{ name: 'echo' }],
  });
  const client = batchClient(emulator);
  return {
    engine: new BatchJobEngine({ configuration: awsConfiguration(), client: async () => client }),
    attempts: () => readFile(log, 'utf8').catch(() => ''),
    stop: async () => {
      await emulator.stop();
      await containers.stop();
      await rm(folder, { recursive: true });
    },
  };
});
