import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { distDir } from '../bundled.ts';
import { executeRequest } from './execute-request.ts';
import { type Figure, median } from './figure.ts';
import { startPywps } from './pywps.ts';
import { measuredEnvironment, startService } from './started-service.ts';

const counts = {
  jobs: 60,
  synchronous: 15,
  accepted: 500,
  requests: 400,
  /** Requests until V8 has compiled what they need. Python compiles nothing while it runs. */
  warmUp: 4_000,
  ofPywps: 100,
};
const connections = 8;
/** Small jobs that the service runs concurrently. */
const atOnce = 2;

const describeAll = 'service=WPS&version=1.0.0&request=DescribeProcess&identifier=echo';
const capabilities = 'service=WPS&request=GetCapabilities';
const executeAndWait =
  'service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=hello&RawDataOutput=result';

/** The built service compared with the program of `echo` alone, and with PyWPS if it is installed. */
export async function embedded({
  jobs,
  synchronous,
  accepted,
  requests,
  warmUp,
  ofPywps,
} = counts): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-embedded-'));
  const dataDir = join(folder, 'data');
  const { endpoint, process: service } = await startService([
    ...[join(distDir, 'lambda', 'local.cjs'), '--port', '0'],
    ...['--data-dir', dataDir, '--waiting-jobs', '100000'],
  ]);
  try {
    const program = await echoProgram(folder);
    return [
      ...(await completed(endpoint, dataDir, program, service.pid ?? 0, jobs)),
      ...(await answered(endpoint, program, synchronous)),
      ...(await besidePywps(endpoint, folder, { accepted, requests, warmUp, ofPywps })),
    ];
  } finally {
    // The last accepted jobs are not needed.
    const exit = once(service, 'exit');
    service.kill('SIGKILL');
    await exit;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Jobs per second, from the first request to the end of the last job. Each round measures a part of the jobs
 * by the program alone, then by the service.
 */
async function completed(
  endpoint: string,
  dataDir: string,
  program: () => Promise<void>,
  pid: number,
  jobs: number,
): Promise<Figure[]> {
  const pool = new Pool(new URL(endpoint).origin, { connections });
  const alone: number[] = [];
  const served: number[] = [];
  const processor = { alone: 0, served: 0 };
  const rounds = 4;
  for (let round = 0; round < rounds; round++) {
    const count = jobs / rounds;
    const before = await endedChildren(process.pid);
    alone.push(await took(() => together(atOnce, count, program)));
    processor.alone += (await endedChildren(process.pid)) - before;
    const servedBefore = await processorSeconds(pid);
    served.push(
      await took(async () => {
        await together(connections, count, () => post(pool, endpoint));
        await allEnded(dataDir);
      }),
    );
    processor.served += (await processorSeconds(pid)) - servedBefore;
  }
  await pool.close();
  const rate = (times: readonly number[]) => jobs / (times.reduce((a, b) => a + b) / 1000);
  return [
    { name: `echo's program alone, ${atOnce} at once`, value: rate(alone), unit: '1/s' },
    {
      name: `${jobs} jobs of echo, ended`,
      value: rate(served),
      unit: '1/s',
      ratio: rate(served) / rate(alone),
      floor: 'its program alone',
      aim: '0.7x or more',
    },
    {
      name: 'processor time of a job of echo',
      value: (processor.served / jobs) * 1000,
      unit: 'ms',
      ratio: processor.served / processor.alone,
      floor: 'its program alone',
      aim: '1.4x or less',
    },
  ];
}

/** Synchronous Execute requests one after another, each compared with the program alone. */
async function answered(
  endpoint: string,
  program: () => Promise<void>,
  synchronous: number,
): Promise<Figure[]> {
  const alone: number[] = [];
  const served: number[] = [];
  for (let round = 0; round < synchronous; round++) {
    alone.push(await took(program));
    served.push(await took(() => get(`${endpoint}?${executeAndWait}`)));
  }
  return [
    { name: "echo's program alone", value: median(alone), unit: 'ms' },
    {
      name: 'synchronous Execute of echo',
      value: median(served),
      unit: 'ms',
      ratio: median(served) / median(alone),
      floor: 'its program alone',
      aim: '1.5x or less',
    },
  ];
}

async function besidePywps(
  endpoint: string,
  folder: string,
  { accepted, requests, warmUp, ofPywps }: Omit<typeof counts, 'jobs' | 'synchronous'>,
): Promise<Figure[]> {
  await mkdir(join(folder, 'pywps'));
  const pywps = await startPywps(join(folder, 'pywps'));
  const figures: Figure[] = [];
  try {
    const compare = async (
      name: string,
      aim: string | undefined,
      work: (of: string) => Promise<number>,
    ) => {
      const own = await work(endpoint);
      const other = pywps && (await work(pywps.endpoint));
      const figure = { name, value: own, unit: '1/s', ...(aim === undefined ? {} : { aim }) };
      if (other === undefined) figures.push(figure);
      else {
        figures.push({ name: `PyWPS: ${name}`, value: other, unit: '1/s' });
        figures.push({ ...figure, ratio: own / other, floor: 'PyWPS' });
      }
    };
    for (const [name, query] of Object.entries({
      GetCapabilities: `?${capabilities}`,
      DescribeProcess: `?${describeAll}`,
    })) {
      await compare(`${name}, first ${requests}`, undefined, (of) => rate(of, query, requests));
      await rate(endpoint, query, warmUp);
      await compare(name, '20x', (of) => rate(of, query, requests));
    }
    await compare(`asynchronous Execute, first ${accepted}`, '5x, none refused', (of) =>
      rate(of, undefined, of === endpoint ? accepted : ofPywps),
    );
  } finally {
    await pywps?.stop();
  }
  return figures;
}

/** @param query without it, posts an asynchronous Execute */
async function rate(endpoint: string, query: string | undefined, count: number): Promise<number> {
  const pool = new Pool(new URL(endpoint).origin, { connections });
  const one = () =>
    query === undefined
      ? post(pool, endpoint)
      : send(pool, { method: 'GET', path: `${new URL(endpoint).pathname}${query}` });
  const milliseconds = await took(() => together(connections, count, one));
  await pool.close();
  return count / (milliseconds / 1000);
}

async function post(pool: Pool, endpoint: string): Promise<void> {
  await send(pool, {
    method: 'POST',
    path: new URL(endpoint).pathname,
    headers: { 'content-type': 'text/xml' },
    body: executeRequest,
  });
}

async function send(pool: Pool, request: Parameters<Pool['request']>[0]): Promise<void> {
  const { statusCode, body } = await pool.request(request);
  const text = await body.text();
  if (statusCode !== 200 || text.includes('ExceptionReport')) {
    throw new Error(`${request.path}: status ${statusCode}: ${text.slice(0, 500)}`);
  }
}

async function get(url: string): Promise<void> {
  const response = await fetch(url);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url}: status ${response.status}`);
}

async function together(width: number, count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Processor time of a process, of its ended children, and of all its descendants, in seconds. */
async function processorSeconds(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const below = await Promise.all(
    children
      .split(' ')
      .filter(Boolean)
      .map((child) => processorSeconds(Number(child))),
  );
  const { own, ended } = await times(pid);
  return below.reduce((sum, seconds) => sum + seconds, own + ended);
}

async function endedChildren(pid: number): Promise<number> {
  return (await times(pid)).ended;
}

/** Source: Linux, proc(5), `/proc/pid/stat`: utime, stime, cutime and cstime, in ticks. */
async function times(pid: number): Promise<{ own: number; ended: number }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
  const ticks = 100;
  return { own: (user + system) / ticks, ended: (endedUser + endedSystem) / ticks };
}

/** Waits until no job has a marker: all jobs have then ended. This makes no request to the service. */
async function allEnded(dataDir: string): Promise<void> {
  while ((await readdir(join(dataDir, 'unfinished'))).length > 0) await wait(10);
}

/** The program of `echo`, with the inputs that the requests give it. */
async function echoProgram(folder: string): Promise<() => Promise<void>> {
  const inputs = join(folder, 'inputs.json');
  const requested = join(folder, 'requested.json');
  const literal = (value: string) => [{ kind: 'literal', value }];
  const values = { message: literal('hello'), repeat: literal('1'), delaySeconds: literal('0') };
  await writeFile(inputs, JSON.stringify(values));
  await writeFile(requested, JSON.stringify([{ identifier: 'result', mimeType: 'text/plain' }]));
  const script = join(distDir, 'batch-jobs', 'echo', 'echo.py');
  return async () => {
    const child = spawn('python3', [script], {
      stdio: 'ignore',
      env: {
        ...measuredEnvironment,
        PYTHONDONTWRITEBYTECODE: '1',
        WPS_INPUTS: inputs,
        WPS_OUTPUT_DIR: folder,
        WPS_OUTPUTS_REQUESTED: requested,
      },
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`echo.py ended with ${code}`);
  };
}
