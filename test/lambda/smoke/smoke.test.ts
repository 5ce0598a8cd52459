import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startService } from '../../bench/started-service.ts';
import { distDir } from '../../bundled.ts';
import { asOneFile } from '../../one-file.ts';

const root = join(import.meta.dirname, '..', '..', '..');

async function smoke(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = [await asOneFile(join(root, 'lambda', 'smoke', 'smoke.ts')), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

it('a working service passes the smoke test over every protocol', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smoke-'));
  const local = join(distDir, 'lambda', 'local.cjs');
  const service = await startService([local, '--port', '0', '--data-dir', join(folder, 'data')]);
  onTestFinished(async () => {
    service.process.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const { code, stdout } = await smoke('--endpoint', service.endpoint);
  expect(stdout).toContain('The service works.');
  for (const protocol of ['WPS 1.0.0', 'WPS 2.0', 'OGC API - Processes', 'pages']) {
    expect(stdout).toContain(protocol);
  }
  expect(stdout).not.toContain('FAULT');
  expect(code).toBe(0);

  const unknown = await smoke('--endpoint', service.endpoint, '--process', 'none', '--json');
  expect(unknown.code).toBe(1);
  const faults = JSON.parse(unknown.stdout).filter(({ ok }: { ok: boolean }) => !ok);
  expect(faults.map(({ fault }: { fault: string }) => fault).join('\n')).toContain(
    'is not offered; processes are',
  );
});

it('the smoke test fails for a service that answers nonsense, or not at all', async () => {
  const server = createServer((_, response) => response.end('nonsense'));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const nonsense = await smoke('--endpoint', `http://127.0.0.1:${port}/stage/`);
  expect(nonsense.stdout).toContain('9 of 9 checks found a fault.');
  expect(nonsense.code).toBe(1);
  await new Promise((closed) => server.close(closed));
  const silent = await smoke('--endpoint', `http://127.0.0.1:${port}/`);
  expect(silent.stdout).toContain('did not answer: connect ECONNREFUSED');
  expect(silent.code).toBe(1);
});

it('the smoke test refuses an endpoint that is not a URL, with an example', async () => {
  const { code, stderr } = await smoke('--endpoint', 'localhost');
  expect(code).toBe(1);
  expect(stderr).toContain('Give an absolute URL, such as http://127.0.0.1:8080/.');
});
