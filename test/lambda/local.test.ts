import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text as body } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { distDir } from '../bundled.ts';
import { faultsOf } from '../official-schemas.ts';
import { select } from '../xml.ts';

/** A started service, as `npm start` starts it. */
interface Started {
  readonly endpoint: string;
  readonly process: ChildProcess;
  readonly printed: () => string;
}

describe('the service on one machine', () => {
  let folder: string;
  let started: Started[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'local-'));
    started = [];
  });
  afterEach(async () => {
    for (const service of started) await end(service, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  function run(args: readonly string[]): ChildProcess {
    return spawn(process.execPath, [join(distDir, 'lambda', 'local.js'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function start(...args: string[]): Promise<Started> {
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
    const service = { endpoint, process: child, printed: () => printed };
    started.push(service);
    return service;
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

  /** Status documents until the job has ended; every one of them valid. */
  async function follow(location: string): Promise<string> {
    return await expect
      .poll(
        async () => {
          const document = await text(location);
          expect(faultsOf(document)).toEqual([]);
          return document;
        },
        { timeout: 20_000, interval: 50 },
      )
      .toMatch(/ProcessSucceeded|ProcessFailed/)
      .then(() => text(location));
  }
  const jobIdOf = (location: string) => new URL(location).searchParams.get('jobId') as string;
  /** From the record: the status document tells it only until the command tells something else. */
  const attemptOf = async (location: string) => {
    const record = join(folder, 'jobs', jobIdOf(location), 'job.json');
    return JSON.parse(await readFile(record, 'utf8')).attempt;
  };
  /** At another port after a restart. */
  const at = ({ endpoint }: Started, location: string) =>
    `${endpoint}/jobStatus${new URL(location).search}`;

  it('runs a job from Execute to its output', async () => {
    const service = await start();
    const location = await submit(service, 'message=hello;repeat=2');
    const document = await follow(location);
    const [href] = select(document, '//wps:Reference/@href') as [string];
    const output = await fetch(href);
    expect(output.headers.get('content-type')).toBe('text/plain');
    expect(await output.text()).toBe('hello\nhello\n');
    expect(await readdir(join(folder, 'jobs', jobIdOf(location)))).toEqual(
      expect.arrayContaining(['job.json', 'request.kvp', 'status.xml', 'outputs']),
    );
  });

  it('answers what it prints to paste', async () => {
    const service = await start();
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

  it('keeps its documents in one folder and shows them after a restart', async () => {
    const first = await start();
    const location = await submit(first, 'message=kept');
    await follow(location);
    await end(first, 'SIGTERM');
    const second = await start();
    expect(select(await text(at(second, location)), '//wps:ProcessSucceeded')).toHaveLength(1);
  });

  it('runs after a restart what waited, and again what was cut off', async () => {
    const first = await start();
    // The queue of echo runs two at once: the third waits.
    const locations = [
      await submit(first, 'message=one;delaySeconds=60'),
      await submit(first, 'message=two;delaySeconds=60'),
      await submit(first, 'message=three'),
    ];
    const [cut, , waiting] = locations as [string, string, string];
    await expect.poll(() => text(cut)).toContain('ProcessStarted');
    expect(await end(first, 'SIGTERM')).toBe(0);

    const second = await start();
    await expect.poll(() => attemptOf(cut), { timeout: 10_000 }).toBe(2);
    for (const location of [cut, locations[1] as string]) {
      await fetch(at(second, location), { method: 'DELETE' });
    }
    expect(await follow(at(second, waiting))).toContain('ProcessSucceeded');
  });

  it('loses no job when it is killed', async () => {
    const first = await start();
    const location = await submit(first, 'message=one;delaySeconds=60');
    await expect.poll(() => text(location)).toContain('ProcessStarted');
    await end(first, 'SIGKILL');

    const second = await start();
    await expect.poll(() => attemptOf(location), { timeout: 10_000 }).toBe(2);
    const dismissed = await fetch(at(second, location), { method: 'DELETE' });
    expect(await dismissed.text()).toContain('dismissed');
    expect(await follow(at(second, location))).toContain('ProcessFailed');
  });

  it('ends the run of a dismissed job', async () => {
    const service = await start();
    const location = await submit(service, 'message=one;delaySeconds=60');
    await expect.poll(() => text(location)).toContain('>waiting<');
    await fetch(location, { method: 'DELETE' });
    await expect.poll(() => readdir(join(folder, 'scratch')), { timeout: 10_000 }).toEqual([]);
    const job = JSON.parse(
      await readFile(join(folder, 'jobs', jobIdOf(location), 'job.json'), 'utf8'),
    );
    expect(job.status).toBe('dismissed');
  });

  it('is called by names of the machine only, and by no page of another site', async () => {
    const { endpoint } = await start();
    const rebound = await answerTo(endpoint, { host: 'rebound.example.org' });
    expect(rebound.status).toBe(421);
    expect(faultsOf(rebound.body)).toEqual([]);
    const foreign = await answerTo(endpoint, { origin: 'https://portal.example.org' });
    expect(foreign.status).toBe(403);
    expect(faultsOf(foreign.body)).toEqual([]);
    expect(await readdir(folder)).not.toContain('jobs');
    const capabilities = `${endpoint}?service=WPS&request=GetCapabilities`;
    const plain = await answerTo(capabilities, {});
    expect(plain.status).toBe(200);
    expect(plain.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('lets pages of the origin call it that it is told', async () => {
    const origin = 'https://portal.example.org';
    const { endpoint } = await start(
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

  it('tells who waits for a job where that is, when it is ended', async () => {
    const service = await start();
    const waiting = execute(service.endpoint, 'message=one;delaySeconds=60');
    await expect.poll(() => readdir(join(folder, 'scratch')).catch(() => [])).toHaveLength(1);
    const ended = end(service, 'SIGTERM');
    const document = await (await waiting).text();
    expect(faultsOf(document)).toEqual([]);
    expect(document).toMatch(/Its status and outputs: http:\S+\/wps\/jobStatus\?jobId=/);
    expect(await ended).toBe(0);
  });

  it('keeps its data folder to itself', async () => {
    const first = await start();
    const location = await submit(first, 'message=one;delaySeconds=1');
    const second = await output(run(['--port', '0', '--data-dir', folder]));
    expect(second).toEqual({
      code: 1,
      stderr: `the service cannot start: data folder ${folder} is used by another service\n`,
    });
    expect(await follow(location)).toContain('ProcessSucceeded');
    expect(await attemptOf(location)).toBe(1);
  });

  it('says that its port is taken, instead of a stack trace', async () => {
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

  it.each([
    [['--port', 'x'], /option --port is "x"; allowed: 0 to 65535/],
    [['--prot', '1'], /Unknown option '--prot'/],
    [['--allow-host', 'a:80'], /option --allow-host is "a:80"; allowed: a host name/],
    [['--allow-origin', 'https://a.example/'], /option --allow-origin is .*; allowed: \*, or an/],
    [['--allow-origin', 'portal'], /option --allow-origin is "portal"/],
    [['--layers-dir', 'absent'], /option --layers-dir is "absent"; allowed: a folder with/],
    [['--data-dir', 'package.json'], /option --data-dir is "package.json"; allowed: a folder/],
  ])('refuses options %j', async (args, message) => {
    const printed = await output(run(args));
    expect(printed.code).toBe(64);
    expect(printed.stderr).toMatch(message);
  });
});

/** With headers that `fetch` does not let a caller set. */
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
