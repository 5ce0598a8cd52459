import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { writeSampleLayer } from '../../batch-jobs/gogoduck/sample-layer.ts';
import { distDir } from '../bundled.ts';

export interface StartedService {
  /** Address of its start page. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * The built service, started as `npm start` starts it, with the sample layer.
 *
 * @param options in addition to those for its port and folder
 */
export async function startService(options: readonly string[] = []): Promise<StartedService> {
  const folder = await mkdtemp(join(tmpdir(), 'pages-'));
  await writeSampleLayer(join(folder, 'layers', 'sample_sst'), {
    files: 6,
    rows: 80,
    columns: 100,
  });
  const local = join(distDir, 'lambda', 'local.cjs');
  const child: ChildProcess = spawn(
    process.execPath,
    [local, '--port', '0', '--data-dir', folder, ...options],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${printed}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      printed += `${line}\n`;
      const found = /(http:\/\/127\.0\.0\.1:\d+)\//.exec(line)?.[1];
      if (found) resolve(`${found}/`);
    });
  });
  return {
    url,
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
