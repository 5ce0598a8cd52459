import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { executeRequest } from './execute-request.ts';
import type { Figure } from './figure.ts';
import { startService } from './started-service.ts';

const connections = 8;

/**
 * Requests per second over 8 connections, with service and client on one machine. Executes are counted while
 * the jobs that they start run, one at a time, on the same cores.
 */
export async function throughput(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-throughput-'));
  const { endpoint, process: service } = await startService([
    '--import',
    'tsx',
    join(import.meta.dirname, 'throughput-service.ts'),
    folder,
  ]);
  const { origin, pathname } = new URL(endpoint);
  const pool = new Pool(origin, { connections });
  try {
    const capabilities = await rate(pool, 4_000, {
      method: 'GET',
      path: `${pathname}?service=WPS&request=GetCapabilities`,
    });
    const execute = await rate(pool, 400, { method: 'POST', path: pathname, body: executeRequest });
    return [
      { name: `GetCapabilities at ${connections} connections`, value: capabilities, unit: '1/s' },
      { name: `Execute at ${connections} connections`, value: execute, unit: '1/s' },
    ];
  } finally {
    await pool.close();
    const exit = once(service, 'exit');
    service.kill('SIGTERM');
    await exit;
    await rm(folder, { recursive: true, force: true });
  }
}

async function rate(
  pool: Pool,
  count: number,
  request: { method: 'GET' | 'POST'; path: string; body?: string },
): Promise<number> {
  let left = count;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (left-- > 0) {
        const { statusCode, body } = await pool.request(request);
        await body.dump();
        if (statusCode !== 200) throw new Error(`${request.path}: status ${statusCode}`);
      }
    }),
  );
  return count / ((performance.now() - start) / 1000);
}
