import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startService } from '../bench/started-service.ts';
import { distDir } from '../bundled.ts';

export interface StartedService {
  /** Of WPS. */
  readonly endpoint: string;
  /** What the service has printed on standard error. */
  readonly told: () => string;
}

/**
 * The service on one machine with the processes of a folder; it ends with the test.
 *
 * @param variables beside those of this process
 * @param node that runs it; the one that runs the tests by default
 */
export async function startedService(
  processesDir: string,
  variables: Readonly<Record<string, string>> = {},
  node?: string,
): Promise<StartedService> {
  const folder = await mkdtemp(join(tmpdir(), 'service-'));
  const local = join(distDir, 'lambda', 'local.js');
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
