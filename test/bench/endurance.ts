import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { distDir } from '../bundled.ts';
import { executeRequest } from './execute-request.ts';
import { besideFirstQuarter, type Figure, median, percentile } from './figure.ts';
import { startService } from './started-service.ts';

/** Number of equal parts. Anything that grows shows in the last part. */
const parts = 4;
const atOnce = 8;

/** Limit of unfinished jobs. At the limit no more are sent, because a growing queue would grow the memory. */
const mostUnfinished = 50;

/** Duration in seconds. `BENCH_ENDURANCE_SECONDS` overrides it. */
const seconds = Number(process.env['BENCH_ENDURANCE_SECONDS'] ?? 240);

/** The requests of ten turns. Clients poll more often than they execute. */
const mix = [
  { path: '?service=WPS&request=GetCapabilities' },
  { path: '?service=WPS&version=1.0.0&request=DescribeProcess&identifier=ALL' },
  { path: '', body: executeRequest },
  ...Array.from({ length: 6 }, () => ({ path: 'status' })),
  { path: '?service=WPS&version=1.0.0&request=Execute&identifier=nothing' },
];

interface Part {
  readonly times: readonly number[];
  readonly residentMiB: number;
  readonly descriptors: number;
  readonly ended: number;
}

/**
 * Runs the built service for some minutes with mixed requests and jobs. Measures its memory and its slowest
 * answers in each quarter of the time.
 */
export async function endurance(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-endurance-'));
  const { endpoint, process: service } = await startService([
    ...[join(distDir, 'lambda', 'local.cjs'), '--port', '0'],
    ...['--data-dir', folder, '--waiting-jobs', '100000'],
  ]);
  const pool = new Pool(new URL(endpoint).origin, { connections: atOnce });
  try {
    const measured: Part[] = [];
    for (let part = 0; part < parts; part++) {
      measured.push(await onePart(pool, endpoint, folder, service.pid ?? 0));
    }
    return measured.flatMap((part, index) => figures(part, index, measured[0] as Part));
  } finally {
    await pool.close();
    const exit = once(service, 'exit');
    service.kill('SIGKILL');
    await exit;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function figures(part: Part, index: number, first: Part): Figure[] {
  const quarter = `quarter ${index + 1}`;
  const beside = besideFirstQuarter(quarter);
  return [
    { name: `requests answered, ${quarter}`, value: part.times.length, unit: '' },
    { name: `jobs ended, ${quarter}`, value: part.ended, unit: '' },
    beside('p50', median(part.times), 'ms', median(first.times)),
    beside('p99', percentile(part.times, 0.99), 'ms', percentile(first.times, 0.99)),
    beside('resident memory', part.residentMiB, 'MiB', first.residentMiB),
    beside('open descriptors', part.descriptors, '', first.descriptors),
  ];
}

async function onePart(pool: Pool, endpoint: string, folder: string, pid: number): Promise<Part> {
  const { pathname } = new URL(endpoint);
  const until = performance.now() + (seconds / parts) * 1000;
  const times: number[] = [];
  const before = await endedJobs(folder);
  let latest = '';
  const client = async (first: number) => {
    for (let turn = first; performance.now() < until; turn++) {
      const { path = '', body } = mix[turn % mix.length] ?? {};
      if (path === 'status' && latest === '') continue;
      if (body !== undefined && (await unfinishedJobs(folder)) >= mostUnfinished) continue;
      const begun = performance.now();
      const answer = await pool.request({
        path: path === 'status' ? latest : `${pathname}${path}`,
        method: body === undefined ? 'GET' : 'POST',
        body: body ?? null,
        headers: { 'content-type': 'text/xml' },
      });
      const text = await answer.body.text();
      times.push(performance.now() - begun);
      const [, location] = /statusLocation="([^"]+)"/.exec(text) ?? [];
      if (location) {
        const { pathname: at, search } = new URL(location.replaceAll('&amp;', '&'));
        latest = `${at}${search}`;
      }
      // These clients share two cores with the jobs.
      await wait(5);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, index) => client(index)));
  return {
    times,
    residentMiB: await residentMiB(pid),
    descriptors: (await readdir(`/proc/${pid}/fd`)).length,
    ended: (await endedJobs(folder)) - before,
  };
}

async function endedJobs(folder: string): Promise<number> {
  const jobs = await readdir(join(folder, 'jobs')).catch(() => []);
  return jobs.length - (await unfinishedJobs(folder));
}

async function unfinishedJobs(folder: string): Promise<number> {
  return (await readdir(join(folder, 'unfinished')).catch(() => [])).length;
}

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
