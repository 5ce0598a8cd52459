import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { isFinal } from '../../batch-jobs/api/job.ts';
import { readJobRecord } from '../../batch-jobs/api/job-record.ts';
import { distDir } from '../bundled.ts';
import { Random } from '../faults/random.ts';

export interface RealWorldOptions {
  /** Jobs that clients are told of. */
  readonly jobs: number;
  /** How often the service ends and is started again meanwhile. */
  readonly restarts: number;
  readonly seed: number;
}

export interface Outcome {
  readonly accepted: number;
  readonly restarts: number;
  readonly killedRunners: number;
  readonly succeeded: number;
  readonly failed: number;
  /** What is not as it must be. */
  readonly violations: readonly string[];
}

interface Service {
  readonly child: ChildProcess;
  readonly endpoint: string;
}

/** What a job may say that failed in this world: its runner, or the service, was killed too often. */
const failures = /ended from outside \(SIGKILL\)|service was stopped while the job ran/;

/** Runs the world until as many jobs were accepted, and the service restarted as often, as asked for. */
export async function realWorld({ jobs, restarts, seed }: RealWorldOptions): Promise<Outcome> {
  const random = new Random(seed);
  const folder = await mkdtemp(join(tmpdir(), 'real-world-'));
  /** Messages by the job that gives them back. */
  const accepted = new Map<string, string>();
  const counts = { restarts: 0, killedRunners: 0 };
  let service = await start(folder);
  try {
    for (let step = 0; accepted.size < jobs || counts.restarts < restarts; step++) {
      const left = Math.max(0, jobs - accepted.size);
      const burst = Math.min(left, Math.ceil((jobs / Math.max(1, restarts)) * 2 * random.below(2)));
      const sent = Promise.allSettled(
        Array.from({ length: burst }, (_, index) => submit(service, `${step}-${index}`, accepted)),
      );
      if (random.chance(0.3)) {
        counts.killedRunners += await killSome(await runnersOf(service), random);
      }
      // Sometimes in the middle of the requests, sometimes while jobs run.
      if (random.chance(0.5)) await sent;
      if (random.chance(0.5)) await wait(random.below(200));
      if (counts.restarts < restarts) {
        await end(service, random.chance(0.7) ? 'SIGKILL' : 'SIGTERM');
        service = await start(folder);
        counts.restarts++;
      }
      await sent;
    }
    await calm(folder);
    return { accepted: accepted.size, ...counts, ...(await judge(folder, accepted)) };
  } finally {
    await end(service, 'SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function start(folder: string): Promise<Service> {
  const local = join(distDir, 'lambda', 'local.js');
  const args = [local, '--port', '0', '--data-dir', folder, '--waiting-jobs', '100000'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /(http:\/\/127\.0\.0\.1:\d+)\//.exec(line)?.[1];
      if (found) resolve(`${found}/wps`);
    });
  });
  return { child, endpoint };
}

async function end({ child }: Service, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}

/** Only what the answer tells counts: a request that the service did not live to answer may be lost. */
async function submit(
  { endpoint }: Service,
  message: string,
  accepted: Map<string, string>,
): Promise<void> {
  const query = `service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=${message}&storeExecuteResponse=true&status=true&ResponseDocument=result@asReference=true`;
  const answer = await (await fetch(`${endpoint}?${query}`)).text();
  const [, id] = /jobId=([0-9a-f-]{36})/.exec(answer) ?? [];
  if (id && !answer.includes('ExceptionReport')) accepted.set(id, message);
}

async function runnersOf({ child: { pid } }: Service): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

async function killSome(pids: readonly number[], random: Random): Promise<number> {
  let killed = 0;
  for (const pid of pids) {
    if (!random.chance(0.5)) continue;
    try {
      process.kill(pid, 'SIGKILL');
      killed++;
    } catch {
      // It has ended.
    }
  }
  return killed;
}

/** No job is unfinished any more, or nothing has changed for long. */
async function calm(folder: string): Promise<void> {
  let last = Number.NaN;
  let since = performance.now();
  for (;;) {
    const { length } = await readdir(join(folder, 'unfinished'));
    if (length === 0) return;
    if (length !== last) since = performance.now();
    else if (performance.now() - since > 300_000) return;
    last = length;
    await wait(100);
  }
}

async function judge(folder: string, accepted: ReadonlyMap<string, string>) {
  const violations: string[] = [];
  let succeeded = 0;
  for (const [id, message] of accepted) {
    const at = join(folder, 'jobs', id);
    const text = await readFile(join(at, 'job.json'), 'utf8').catch(() => undefined);
    if (text === undefined) {
      violations.push(`job ${id} was lost`);
      continue;
    }
    const job = readJobRecord(text);
    const [output] = job.outputs;
    if (!isFinal(job.status)) violations.push(`job ${id} is stuck: ${job.status}, ${job.message}`);
    else if (job.status === 'succeeded' && output) {
      succeeded++;
      const path = join(at, 'outputs', String(output.attempt), output.name);
      const content = await readFile(path, 'utf8').catch(String);
      if (content !== `${message}\n`) violations.push(`job ${id} has output ${content}`);
    } else if (!failures.test(job.message)) {
      violations.push(`job ${id} is ${job.status}: ${job.message}`);
    }
  }
  for (const kind of ['engine', 'unfinished', 'scratch', '.tmp']) {
    const left = await readdir(join(folder, kind)).catch(() => []);
    if (left.length > 0) violations.push(`${kind}/ still holds ${left.join(', ')}`);
  }
  return { succeeded, failed: accepted.size - succeeded, violations };
}
