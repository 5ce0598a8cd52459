import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text as body } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { distDir } from '../bundled.ts';
import { faultsOf } from '../official-schemas.ts';
import { select } from '../xml.ts';

/** A service started as `npm start` starts it. */
interface Started {
  readonly endpoint: string;
  /** Its data folder. */
  readonly folder: string;
  readonly process: ChildProcess;
  readonly printed: () => string;
}

function run(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(distDir, 'lambda', 'local.cjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function start(folder: string, ...args: string[]): Promise<Started> {
  const child = run(['--port', '0', '--data-dir', folder, ...args]);
  let printed = '';
  child.stderr?.resume();
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${printed}`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      printed += `${line}\n`;
      const found = /^WPS endpoint: (\S+)/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
  return { endpoint, folder, process: child, printed: () => printed };
}

async function end({ process: child }: Started, signal: NodeJS.Signals): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = await exit;
  return code;
}

const execute = (endpoint: string, inputs: string, rest = '') =>
  fetch(
    `${endpoint}?service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=${encodeURIComponent(inputs)}${rest}`,
  );
const stored = '&storeExecuteResponse=true&status=true&ResponseDocument=result@asReference=true';
const text = async (url: string) => (await fetch(url)).text();

async function submit({ endpoint }: Started, inputs: string): Promise<string> {
  const response = await (await execute(endpoint, inputs, stored)).text();
  expect(faultsOf(response)).toEqual([]);
  return select(response, '//@statusLocation')[0] as string;
}

/** Status documents until the job has ended. Checks that every one of them is valid. */
async function follow(location: string): Promise<string> {
  return await expect
    .poll(
      async () => {
        const document = await text(location);
        expect(faultsOf(document)).toEqual([]);
        return document;
      },
      { interval: 50 },
    )
    .toMatch(/ProcessSucceeded|ProcessFailed/)
    .then(() => text(location));
}
const jobIdOf = (location: string) => new URL(location).searchParams.get('jobId') as string;
/**
 * Read from the record, because the status document names the attempt only until the command reports
 * something else.
 */
const attemptOf = async ({ folder }: Started, location: string) => {
  const record = join(folder, 'jobs', jobIdOf(location), 'job.json');
  return JSON.parse(await readFile(record, 'utf8')).attempt;
};
/** After a restart, the service uses another port. */
const at = ({ endpoint }: Started, location: string) =>
  `${endpoint}/jobStatus${new URL(location).search}`;

describe('the service on one machine that several tests use', () => {
  let service: Started;
  beforeAll(async () => {
    service = await start(await mkdtemp(join(tmpdir(), 'local-')));
  });
  afterAll(async () => {
    await end(service, 'SIGKILL');
    await rm(service.folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('the service on one machine runs a job from Execute to its output', async () => {
    const location = await submit(service, 'message=hello;repeat=2');
    const document = await follow(location);
    const [href] = select(document, '//wps:Reference/@href') as [string];
    const output = await fetch(href);
    expect(output.headers.get('content-type')).toBe('text/plain');
    expect(await output.text()).toBe('hello\nhello\n');
    expect(await readdir(join(service.folder, 'jobs', jobIdOf(location)))).toEqual(
      expect.arrayContaining(['job.json', 'request.kvp', 'status.xml', 'outputs']),
    );
  });

  it('the service on one machine answers the requests that it prints', async () => {
    await expect.poll(service.printed).toContain('Ctrl-C');
    const curls = service.printed().match(/^ {2}curl .*$/gm) ?? [];
    expect(curls).toHaveLength(3);
    for (const url of [curls[0], curls[1]].map((line) => /'(.*)'/.exec(line ?? '')?.[1])) {
      expect(faultsOf(await text(url as string))).toEqual([]);
    }
    const [, body] = /--data-binary '([^']*)'/.exec(service.printed()) ?? [];
    const response = await fetch(service.endpoint, { method: 'POST', body: body as string });
    expect(select(await response.text(), '//wps:ProcessAccepted')).toHaveLength(1);
  });

  it('the service on one machine ends the run of a dismissed job', async () => {
    const location = await submit(service, 'message=one;delaySeconds=60');
    await expect.poll(() => text(location)).toContain('>waiting<');
    await fetch(location, { method: 'DELETE' });
    await expect.poll(() => readdir(join(service.folder, 'scratch'))).toEqual([]);
    const job = JSON.parse(
      await readFile(join(service.folder, 'jobs', jobIdOf(location), 'job.json'), 'utf8'),
    );
    expect(job.status).toBe('dismissed');
  });

  it('the service on one machine answers only to names of the machine, and to no page of another site', async () => {
    const { endpoint, folder } = service;
    const jobs = () => readdir(join(folder, 'jobs')).catch(() => []);
    const before = await jobs();
    const rebound = await answerTo(endpoint, { host: 'rebound.example.org' });
    expect(rebound.status).toBe(421);
    expect(faultsOf(rebound.body)).toEqual([]);
    const foreign = await answerTo(endpoint, { origin: 'https://portal.example.org' });
    expect(foreign.status).toBe(403);
    expect(faultsOf(foreign.body)).toEqual([]);
    expect(await jobs()).toEqual(before);
    const capabilities = `${endpoint}?service=WPS&request=GetCapabilities`;
    const plain = await answerTo(capabilities, {});
    expect(plain.status).toBe(200);
    expect(plain.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('the service on one machine refuses a second service on its data folder', async () => {
    const location = await submit(service, 'message=one;delaySeconds=1');
    const second = await output(run(['--port', '0', '--data-dir', service.folder]));
    expect(second).toEqual({
      code: 1,
      stderr: `the service cannot start: data folder ${service.folder} is used by another service\n`,
    });
    expect(await follow(location)).toContain('ProcessSucceeded');
    expect(await attemptOf(service, location)).toBe(1);
  });

  it('the service on one machine keeps its data folder while it is suspended', async () => {
    service.process.kill('SIGSTOP');
    const second = await output(run(['--port', '0', '--data-dir', service.folder]));
    service.process.kill('SIGCONT');
    expect(second).toEqual({ code: 1, stderr: expect.stringContaining('is used by another') });
    expect(await (await execute(service.endpoint, 'message=still')).text()).toContain('Succeeded');
  });

  it('a job whose runner was killed runs again, and nothing of the first run beside it', async () => {
    const location = await submit(service, 'message=one;delaySeconds=60');
    await expect.poll(() => text(location)).toContain('>waiting<');
    const first = await marked(await markOf(service.folder));
    for (const runner of await runnersOf(service)) process.kill(runner, 'SIGKILL');
    await expect.poll(() => attemptOf(service, location)).toBe(2);
    const second = await marked(await markOf(service.folder));
    expect(first.filter((pid) => second.includes(pid))).toEqual([]);
    await fetch(location, { method: 'DELETE' });
  });

  it('a job whose runner was killed on its last attempt says so', async () => {
    const location = await submit(service, 'message=one;delaySeconds=60');
    for (const attempt of [1, 2]) {
      await expect.poll(() => attemptOf(service, location)).toBe(attempt);
      await expect.poll(() => text(location)).toContain('>waiting<');
      for (const runner of await runnersOf(service)) process.kill(runner, 'SIGKILL');
    }
    expect(await follow(location)).toMatch(/ended from outside \(SIGKILL\)/);
  });
});

describe('the service on one machine', () => {
  let folder: string;
  let outside: string;
  let started: Started[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-'));
    started = [];
  });
  afterEach(async () => {
    for (const service of started) await end(service, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function startHere(...args: string[]): Promise<Started> {
    const service = await start(folder, ...args);
    started.push(service);
    return service;
  }

  it('the service on one machine stores its documents in one folder and shows them after a restart', async () => {
    const first = await startHere();
    const location = await submit(first, 'message=kept');
    await follow(location);
    await end(first, 'SIGTERM');
    const second = await startHere();
    expect(select(await text(at(second, location)), '//wps:ProcessSucceeded')).toHaveLength(1);
  });

  it('after a restart, the service on one machine runs waiting and interrupted jobs', async () => {
    const first = await startHere();
    // The queue of echo runs two jobs at once, so the third one waits.
    const locations = [
      await submit(first, 'message=one;delaySeconds=60'),
      await submit(first, 'message=two;delaySeconds=60'),
      await submit(first, 'message=three'),
    ];
    const [cut, , waiting] = locations as [string, string, string];
    await expect.poll(() => text(cut)).toContain('ProcessStarted');
    expect(await end(first, 'SIGTERM')).toBe(0);

    const second = await startHere();
    await expect.poll(() => attemptOf(second, cut)).toBe(2);
    for (const location of [cut, locations[1] as string]) {
      await fetch(at(second, location), { method: 'DELETE' });
    }
    expect(await follow(at(second, waiting))).toContain('ProcessSucceeded');
  });

  it('the service on one machine loses no job when it is killed', async () => {
    const first = await startHere();
    const location = await submit(first, 'message=one;delaySeconds=60');
    await expect.poll(() => text(location)).toContain('ProcessStarted');
    await end(first, 'SIGKILL');

    const second = await startHere();
    await expect.poll(() => attemptOf(second, location)).toBe(2);
    const dismissed = await fetch(at(second, location), { method: 'DELETE' });
    expect(await dismissed.text()).toContain('dismissed');
    expect(await follow(at(second, location))).toContain('ProcessFailed');
  });

  it('the service on one machine answers pages of an allowed origin', async () => {
    const origin = 'https://portal.example.org';
    const { endpoint } = await startHere(
      '--allow-origin',
      origin,
      '--allow-host',
      'tunnel.example.org',
    );
    const capabilities = `${endpoint}?service=WPS&request=GetCapabilities`;
    const called = await answerTo(capabilities, { origin, host: 'tunnel.example.org' });
    expect(called.status).toBe(200);
    expect(called.headers['access-control-allow-origin']).toBe(origin);
    const other = await answerTo(capabilities, { origin: 'https://other.example.org' });
    expect(other.status).toBe(403);
  });

  it("the service on one machine gives waiting clients their job's address when it is ended", async () => {
    const service = await startHere();
    const waiting = execute(service.endpoint, 'message=one;delaySeconds=60');
    await expect.poll(() => readdir(join(folder, 'scratch')).catch(() => [])).toHaveLength(1);
    const ended = end(service, 'SIGTERM');
    const document = await (await waiting).text();
    expect(faultsOf(document)).toEqual([]);
    expect(document).toMatch(/Its status and outputs: http:\S+\/wps\/jobStatus\?jobId=/);
    expect(await ended).toBe(0);
  });

  it.each([
    ['deleted', () => rm(folder, { recursive: true })],
    [
      'replaced',
      async () => {
        await rename(folder, join(outside, 'moved'));
        await mkdir(folder);
      },
    ],
  ])(
    'the service on one machine ends with all its jobs when its data folder is %s',
    async (_, change) => {
      outside = await mkdtemp(join(tmpdir(), 'local-outside-'));
      try {
        const service = await startHere();
        let stderr = '';
        service.process.stderr?.on('data', (chunk) => {
          stderr += chunk;
        });
        const location = await submit(service, 'message=one;delaySeconds=60');
        await expect.poll(() => text(location)).toContain('>waiting<');
        const mark = await markOf(folder);
        expect(await marked(mark)).not.toEqual([]);
        const exit = once(service.process, 'exit');
        await change();
        expect(await exit).toEqual([1, null]);
        expect(stderr).toContain(`the service ends: data folder ${folder} was deleted or replaced`);
        expect(await marked(mark)).toEqual([]);
        expect(await readdir(folder).catch(() => [])).toEqual([]);
      } finally {
        await rm(outside, { recursive: true });
      }
    },
  );

  it('the service on one machine reports a port that is in use without a stack trace', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const child = run(['--port', String(port), '--data-dir', folder]);
    const printed = await output(child);
    taken.close();
    expect(printed).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^the service cannot start: .*EADDRINUSE.*\n$/),
    });
  });

  it('the service on one machine refuses an option in two lines with its usage, without a stack trace', async () => {
    const printed = await output(run(['--port', 'x']));
    expect(printed.code).toBe(64);
    expect(printed.stderr).toMatch(/^option --port is "x"; allowed: 0 to 65535\n\nusage: /);
    expect(printed.stderr).not.toContain('    at ');
  });

  it.each(['-h', '--help'])(
    'the service on one machine shows its options for %s',
    async (option) => {
      const child = run([option]);
      const [printed, { code }] = await Promise.all([
        body(child.stdout as Readable),
        output(child),
      ]);
      expect(code).toBe(0);
      expect(printed).toContain('--keep-days N');
    },
  );
});

/** The common prefix of the marks of all runs over a data folder. */
async function markOf(folder: string): Promise<string> {
  const { ino, dev } = await stat(join(folder, '.service.lock'));
  return `${dev}-${ino}/`;
}

/** Processes of runs whose mark has this prefix. */
async function marked(start: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const variables = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return `\0${variables}`.includes(`\0WPS_PROCESS_MARK=${start}`) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

async function runnersOf({ process: { pid } }: Started): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** Sends headers that `fetch` does not let a caller set. */
async function answerTo(url: string, headers: Readonly<Record<string, string>>) {
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await body(response) };
}

async function output(child: ChildProcess): Promise<{ code: number; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, stderr };
}
