import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { distDir } from '../bundled.ts';
import { executeRequest } from './execute-request.ts';
import { type Figure, median } from './figure.ts';
import { measuredEnvironment, startService } from './started-service.ts';

const rounds = 15;

/**
 * From the start of the process to the first response of the built service with embedded adapters, compared
 * with `node -e 0`. Each start has a data folder of its own, so that none resumes the job of another.
 */
export async function embeddedStart(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-start-'));
  const bare: number[] = [];
  const capabilities: number[] = [];
  const execute: number[] = [];
  try {
    // Measured in turn in each round, so that a disturbance affects both.
    for (let round = 0; round < rounds; round++) {
      bare.push(await timed(nothing));
      capabilities.push(await timed(() => firstResponse(folder, getCapabilities)));
      execute.push(await timed(() => firstResponse(folder, postExecute)));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const floor = median(bare);
  const figure = (name: string, values: number[], aim?: string): Figure => ({
    name,
    value: median(values),
    unit: 'ms',
    ratio: median(values) / floor,
    floor: 'node -e 0',
    ...(aim === undefined ? {} : { aim }),
  });
  return [
    figure('node -e 0', bare),
    figure('start to first GetCapabilities', capabilities, '3x'),
    figure('start to first Execute', execute, '6x'),
  ];
}

async function timed(run: () => Promise<(() => Promise<unknown>) | undefined>): Promise<number> {
  const start = performance.now();
  const cleanUp = await run();
  const took = performance.now() - start;
  await cleanUp?.();
  return took;
}

async function nothing(): Promise<undefined> {
  await once(spawn(process.execPath, ['-e', '0'], { env: measuredEnvironment }), 'exit');
  return undefined;
}

async function firstResponse(
  parent: string,
  ask: (endpoint: string) => Promise<number | undefined>,
): Promise<() => Promise<unknown>> {
  const folder = await mkdtemp(join(parent, 'data-'));
  const { endpoint, process: service } = await startService([
    join(distDir, 'lambda', 'local.cjs'),
    '--port',
    '0',
    '--data-dir',
    folder,
  ]);
  const status = await ask(endpoint);
  if (status !== 200) throw new Error(`the service answered ${status}`);
  return async () => {
    const exit = once(service, 'exit');
    service.kill('SIGTERM');
    await exit;
  };
}

function getCapabilities(endpoint: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`${endpoint}?service=WPS&request=GetCapabilities`, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
}

function postExecute(endpoint: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(endpoint, { method: 'POST' }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end(executeRequest);
  });
}
