import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { startService } from '../bench/started-service.ts';
import { distDir } from '../bundled.ts';

/** Runs the packed function in a process of its own. */
function canary(variables: Readonly<Record<string, string>>) {
  const module = pathToFileURL(join(distDir, 'lambda', 'canary.js')).href;
  const call = `const { handler } = await import(${JSON.stringify(module)}); await handler(); process.exit();`;
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--input-type=module', '--eval', call],
      { env: { PATH: process.env['PATH'], ...variables } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });
}

it('the canary succeeds for a service that works, and logs each check', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'canary-'));
  const local = join(distDir, 'lambda', 'local.cjs');
  const service = await startService([local, '--port', '0', '--data-dir', join(folder, 'data')]);
  onTestFinished(async () => {
    service.process.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const CANARY_ENDPOINT = service.endpoint.replace(/wps$/, '');
  const passed = await canary({ CANARY_ENDPOINT, CANARY_PROCESS: 'echo' });
  expect(passed.stderr).toBe('');
  const lines = passed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.length).toBeGreaterThan(5);
  expect(new Set(lines.map(({ message }) => message))).toEqual(new Set(['a check passed']));

  const failed = await canary({ CANARY_ENDPOINT, CANARY_PROCESS: 'none' });
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/\d+ of \d+ checks found a fault: /);
  expect(failed.stdout).toContain('"message":"a check found a fault"');
});
