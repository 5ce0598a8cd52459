import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { distDir } from '../../bundled.ts';
import { Machine } from '../../world/machine.ts';

interface Service {
  readonly endpoint: string;
  readonly child: ChildProcess;
}

let folder: string;
let dataFolder: string;
let children: ChildProcess[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trouble-'));
  dataFolder = join(folder, 'data');
  await mkdir(dataFolder);
  children = [];
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

interface Start {
  /** Limit of open files. Without it, the limit of this process. */
  readonly descriptors?: number;
  readonly variables?: Readonly<Record<string, string>>;
}

async function start({ descriptors, variables }: Start = {}): Promise<Service> {
  const local = join(distDir, 'lambda', 'local.cjs');
  const command = [process.execPath, local, '--port', '0', '--data-dir', dataFolder];
  const limit = descriptors === undefined ? '' : `ulimit -n ${descriptors}; `;
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...variables },
  });
  children.push(child);
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${told}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^WPS endpoint: (\S+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
  return { endpoint, child };
}

const executeQuery = (message: string, rest = '') =>
  `service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=${message}${rest}&storeExecuteResponse=true&status=true&ResponseDocument=result@asReference=true`;

async function submit({ endpoint }: Service, message: string, rest = ''): Promise<string> {
  const answer = await (await fetch(`${endpoint}?${executeQuery(message, rest)}`)).text();
  const [, id] = /jobId=([0-9a-f-]{36})/.exec(answer) ?? [];
  if (id === undefined) throw new Error(answer);
  return id;
}

const recordOf = async (id: string) =>
  JSON.parse(await readFile(join(dataFolder, 'jobs', id, 'job.json'), 'utf8'));
const statusOf = async ({ endpoint }: Service, id: string) =>
  /Process(?:Accepted|Started|Paused|Succeeded|Failed)/.exec(
    await (await fetch(`${endpoint}/jobStatus?jobId=${id}`)).text(),
  )?.[0];
const endOf = (service: Service, id: string) =>
  expect.poll(() => statusOf(service, id)).toBe('ProcessSucceeded');

/** Sends requests over one connection that stays open, as portals do. */
function kept({ endpoint }: Service): {
  get(query: string): Promise<string>;
  close(): Promise<void>;
} {
  const { origin, pathname } = new URL(endpoint);
  const pool = new Pool(origin, { connections: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
  return {
    get: async (query) => {
      const answer = await pool.request({ path: `${pathname}?${query}`, method: 'GET' });
      return await answer.body.text();
    },
    close: () => pool.close(),
  };
}

const idOf = (answer: string) => {
  const [, id] = /jobId=([0-9a-f-]{36})/.exec(answer) ?? [];
  if (id === undefined) throw new Error(answer);
  return id;
};

describe('a service that can open no file', () => {
  it('a service that can open no file accepts its first job once it can, and runs it in the first attempt', async () => {
    const service = await start({ descriptors: 200 });
    const mayOpen = (files: string) =>
      execFileSync('prlimit', ['--pid', String(service.child.pid), `--nofile=${files}`]);
    const { get, close } = kept(service);
    try {
      await get('service=WPS&request=GetCapabilities');
      // Fewer than it has open, so that it cannot open another one.
      mayOpen('4:');
      const answer = get(executeQuery('patient'));
      await wait(2_000);
      mayOpen('200:');
      const id = idOf(await answer);
      await endOf(service, id);
      expect(await recordOf(id)).toMatchObject({ status: 'succeeded', attempt: 1 });
    } finally {
      await close();
    }
  });
});

describe('a service that may open few files', () => {
  it('a service that may open few files runs jobs while a stranger opens all possible connections', async () => {
    const service = await start({ descriptors: 80 });
    const { get, close } = kept(service);
    await get('service=WPS&request=GetCapabilities');
    const idle: Socket[] = [];
    try {
      for (let opened = 0; opened < 200; opened++) {
        const socket = connect(Number(new URL(service.endpoint).port), '127.0.0.1');
        socket.on('error', () => undefined);
        idle.push(socket);
        await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
      }
      const id = idOf(await get(executeQuery('undisturbed')));
      await expect.poll(async () => (await recordOf(id)).status).toBe('succeeded');
      expect(await recordOf(id)).toMatchObject({ attempt: 1 });
    } finally {
      for (const socket of idle) socket.destroy();
      await close();
    }
  });
});

describe('a service whose disk is read-only for five seconds', () => {
  it('a service whose disk is read-only for five seconds keeps answering, accepts jobs afterwards, and ends running jobs correctly', async () => {
    const machine = new Machine(folder);
    await machine.start();
    const service = await start({ variables: machine.variables });
    const before = await submit(service, 'before', ';delaySeconds=2');
    await expect.poll(() => statusOf(service, before)).toBe('ProcessStarted');
    await machine.breakDisk('EROFS', 1);
    await wait(500);
    const refused = await fetch(`${service.endpoint}?${executeQuery('refused')}`);
    expect(refused.status).toBe(500);
    expect(await statusOf(service, before)).toBe('ProcessStarted');
    await wait(5_000);
    await machine.mend();
    await endOf(service, before);
    await endOf(service, await submit(service, 'after'));
    const output = join(dataFolder, 'jobs', before, 'outputs', '1', 'result.txt');
    expect(await readFile(output, 'utf8')).toBe('before\n');
  });
});

describe('a service whose folder holds what it did not put there', () => {
  const id = '3f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
  const other = '4f0e9a52-8a3b-4c58-9d1f-0c7f0a6d2b11';
  const secret = 'of somebody else';
  /** Every name that the service reads, for jobs that do not exist. */
  const names = [
    `engine/local-${id}.json`,
    `unfinished/${id}`,
    `jobs/${id}/job.json`,
    `jobs/${id}/inputs.json`,
    `jobs/${id}/status.xml`,
    `jobs/${id}`,
    `callbacks/${id}-success`,
    `index/all/90000/000/00000-${id}`,
    `ended/${id}`,
    `scratch/job-${id}-1-abc`,
    `.tmp/1-${other}`,
    '.endpoint',
    '.engine',
    'notice.json',
  ];
  const kinds: readonly (readonly [string, (path: string) => Promise<unknown> | unknown])[] = [
    ['an empty file', (path) => writeFile(path, '')],
    ['half a file', (path) => writeFile(path, '{"id": "3f0e9a')],
    ['null', (path) => writeFile(path, 'null')],
    ['a folder', (path) => mkdir(path)],
    ['a FIFO', (path) => execFileSync('mkfifo', [path])],
    ['a link to itself', (path) => symlink(path, path)],
    ['a link to a file of somebody else', (path) => symlink(join(folder, 'outside'), path)],
    ['a link to nothing', (path) => symlink(join(folder, 'nowhere'), path)],
  ];

  it.each(kinds)(
    'a service starts, runs jobs and ends if each foreign file in its folder is %s',
    async (_, make) => {
      for (const name of names) {
        const path = join(dataFolder, name);
        await mkdir(join(path, '..'), { recursive: true }).catch(() => undefined);
        try {
          await make(path);
        } catch {
          // Another of these names exists there already.
        }
      }
      await writeFile(join(folder, 'outside'), secret);
      const service = await start();
      await endOf(service, await submit(service, 'among them'));
      for (const path of [`/jobStatus?jobId=${id}`, `/outputs/${id}/result.txt`]) {
        const answer = await fetch(`${service.endpoint}${path}`, {
          signal: AbortSignal.timeout(20_000),
        });
        expect(await answer.text()).not.toContain(secret);
        expect([400, 404, 410, 500]).toContain(answer.status);
      }
      const exit = once(service.child, 'exit');
      service.child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
      expect(await readFile(join(folder, 'outside'), 'utf8')).toBe(secret);
      expect(await readdir(folder)).not.toContain('nowhere');
    },
  );
});
