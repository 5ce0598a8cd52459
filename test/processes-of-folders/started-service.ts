import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startService } from '../bench/started-service.ts';
import { distDir } from '../bundled.ts';

export interface StartedService {
  /** Endpoint of WPS. */
  readonly endpoint: string;
  /** The standard error output of the service so far. */
  readonly told: () => string;
}

/**
 * The service on one machine with the processes of a folder. It ends with the test.
 *
 * @param variables in addition to those of this process
 * @param node program that runs it; the default is the one that runs the tests
 */
export async function startedService(
  processesDir: string,
  variables: Readonly<Record<string, string>> = {},
  node?: string,
): Promise<StartedService> {
  const folder = await mkdtemp(join(tmpdir(), 'service-'));
  const local = join(distDir, 'lambda', 'local.cjs');
  const service = await startService(
    [
      local,
      ...['--port', '0', '--data-dir', join(folder, 'data'), '--processes-dir', processesDir],
    ],
    'pipe',
    variables,
    node,
  );
  let told = '';
  service.process.stderr?.on('data', (chunk) => {
    told += chunk;
  });
  onTestFinished(async () => {
    service.process.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return { endpoint: service.endpoint, told: () => told };
}
