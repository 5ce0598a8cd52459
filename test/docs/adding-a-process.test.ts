import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { startedService } from '../processes-of-folders/started-service.ts';

const root = join(import.meta.dirname, '..', '..');

it('the walk of docs/adding-a-process.md leads to an answered Execute', async () => {
  const page = await readFile(join(root, 'docs', 'adding-a-process.md'), 'utf8');
  const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, command = '']) => command);
  const [write = '', start = '', call = ''] = commands;
  expect(commands).toHaveLength(3);

  const folder = await mkdtemp(join(tmpdir(), 'walk-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const processes = join(folder, 'my-processes');
  const shell = promisify(execFile);
  await shell('sh', ['-c', write.replace('my-processes', processes)], { cwd: root });

  expect(start).toContain('--processes-dir my-processes');
  const { endpoint } = await startedService(processes);
  const { stdout } = await shell('sh', ['-c', call.replace('http://127.0.0.1:8080/wps', endpoint)]);
  expect(stdout).toBe('Hello, Ada!\n');
}, 120_000);
