import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { measuredEnvironment } from './started-service.ts';

export interface Pywps {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * PyWPS with two workers, if this machine has it (Debian's packages `python3-pywps` and `gunicorn`);
 * otherwise undefined.
 */
export async function startPywps(folder: string): Promise<Pywps | undefined> {
  const python = process.env['PYWPS_PYTHON'] ?? '/usr/bin/python3';
  try {
    execFileSync(python, ['-c', 'import pywps, gunicorn'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const port = await freePort();
  const child = spawn(
    python,
    [
      ...['-m', 'gunicorn', '--workers', '2', '--bind', `127.0.0.1:${port}`],
      ...['--chdir', import.meta.dirname, '--log-level', 'critical', 'pywps-service:application'],
    ],
    { stdio: 'ignore', env: { ...measuredEnvironment, PYWPS_FOLDER: folder } },
  );
  const endpoint = `http://127.0.0.1:${port}/wps`;
  const isUp = () => fetch(`${endpoint}?service=WPS&request=GetCapabilities`).then(({ ok }) => ok);
  for (let tries = 0; !(await isUp().catch(() => false)); tries++) {
    if (tries > 600 || child.exitCode !== null) throw new Error('PyWPS does not start');
    await wait(100);
  }
  return {
    endpoint,
    stop: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
