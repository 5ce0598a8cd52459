import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '../faults/random.ts';
import { damageSome, isStray, strayFile } from './damage.ts';
import { Facts } from './facts.ts';
import { type Judgement, judge } from './judge.ts';
import { Machine, someDiskFault } from './machine.ts';
import { processesWith, ServiceProcess } from './service-process.ts';

export interface RealWorldOptions {
  /** Number of jobs that clients know of. */
  readonly jobs: number;
  /** How often the service ends and is restarted meanwhile. */
  readonly restarts: number;
  readonly seed: number;
  /** Receives the progress. */
  readonly onStep?: (counts: Counts) => void;
}

export interface Counts {
  accepted: number;
  restarts: number;
  /** Runners that were killed while the command of a job ran. */
  killedRunners: number;
  /** How often the disk failed or was full. */
  diskFaults: number;
  /** Whether a real disk was full, instead of calls failing as if it were. */
  hasRealDisk: boolean;
  clockChanges: number;
  damagedFiles: number;
  strayFiles: number;
}

export interface Outcome extends Counts, Judgement {}

/** Longest failure of the disk, in milliseconds: less than the runner and the service wait. */
const longestDiskFault = 1_500;
/** Interval of looking for jobs that a full disk affects, in milliseconds. */
const fullDiskLook = 50;
const smallDiskMebibytes = 256;

/** Runs the world until the requested numbers of jobs were accepted and of restarts were made. */
export async function realWorld(options: RealWorldOptions): Promise<Outcome> {
  const { jobs, restarts, seed, onStep } = options;
  const random = new Random(seed);
  const folder = await mkdtemp(join(tmpdir(), 'real-world-'));
  const machine = new Machine(folder);
  await mkdir(machine.dataFolder);
  await machine.start();
  /** Messages by job. Each job returns its message. */
  const accepted = new Map<string, string>();
  const facts = new Facts();
  const counts: Counts = {
    accepted: 0,
    restarts: 0,
    killedRunners: 0,
    diskFaults: 0,
    hasRealDisk: machine.mountSmallDisk(smallDiskMebibytes),
    clockChanges: 0,
    damagedFiles: 0,
    strayFiles: 0,
  };
  // Clients never learn of about half of the jobs, because the service ends or the disk fails before it
  // answers.
  const perStep = Math.ceil((jobs / Math.max(1, restarts)) * 4);
  let service = await ServiceProcess.start(machine);
  try {
    for (let step = 0; accepted.size < jobs || counts.restarts < restarts; step++) {
      const burst = Math.min(Math.max(0, jobs - accepted.size), random.below(perStep + 1));
      const sent = Promise.allSettled(
        Array.from({ length: burst }, (_, index) =>
          submit(service, `${step}-${index}`, random.chance(0.1) ? 0.3 : 0, accepted),
        ),
      );
      const faults = [sent];
      if (random.chance(0.3)) faults.push(breakDisk(machine, random, counts, facts).then(() => []));
      if (random.chance(0.3)) {
        const killed = await service.killRunnerAtWork(2_000);
        if (killed !== undefined) {
          facts.of(killed).runnerKills++;
          counts.killedRunners++;
        }
      }
      if (random.chance(0.5)) faults.push(ask(service, accepted, random, facts).then(() => []));
      if (random.chance(0.2)) {
        await machine.setClock(random);
        counts.clockChanges++;
      }
      // Sometimes the service ends in the middle of all this, and sometimes while jobs run.
      if (random.chance(0.5)) await Promise.all(faults);
      if (random.chance(0.5)) await wait(random.below(300));
      if (counts.restarts < restarts) {
        await service.end(random.chance(0.7) ? 'SIGKILL' : 'SIGTERM');
        await facts.noteCrash(machine.dataFolder);
        await whileDown(machine, random, counts, facts);
        service = await ServiceProcess.start(machine);
        counts.restarts++;
      }
      await Promise.all(faults);
      counts.accepted = accepted.size;
      onStep?.(counts);
    }
    await machine.mend();
    await machine.setClockRight();
    // The next start recovers what a fault kept the service from storing.
    await service.end('SIGTERM');
    service = await ServiceProcess.start(machine);
    await calm(machine.dataFolder);
    await service.end('SIGTERM');
    const judgement = await judge(machine.dataFolder, accepted, facts);
    const left = await processesWith(machine.dataFolder);
    const violations = left.map((pid) => `process ${pid} outlived the service`);
    return { ...counts, ...judgement, violations: [...judgement.violations, ...violations] };
  } finally {
    await service.end('SIGKILL');
    machine.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function breakDisk(
  machine: Machine,
  random: Random,
  counts: Counts,
  facts: Facts,
): Promise<void> {
  counts.diskFaults++;
  const milliseconds = random.below(longestDiskFault);
  let isFull = true;
  if (random.chance(0.25)) await machine.fill();
  else {
    const { code, share } = someDiskFault(random);
    await machine.breakDisk(code, share);
    isFull = code === 'ENOSPC';
  }
  const until = performance.now() + milliseconds;
  do {
    if (isFull) await facts.noteFullDisk(machine.dataFolder);
    await wait(Math.max(0, Math.min(fullDiskLook, until - performance.now())));
  } while (performance.now() < until);
  if (isFull) await facts.noteFullDisk(machine.dataFolder);
  await machine.mend();
}

async function whileDown(
  { dataFolder }: Machine,
  random: Random,
  counts: Counts,
  facts: Facts,
): Promise<void> {
  if (random.chance(0.1)) {
    await strayFile(dataFolder, random);
    counts.strayFiles++;
  }
  if (!random.chance(0.15)) return;
  const damage = await damageSome(dataFolder, random);
  if (!damage) return;
  facts.of(damage.id).damaged.add(damage.kind);
  counts.damagedFiles++;
}

/** Only answered requests count. A request that the service did not live to answer may be lost. */
async function submit(
  { endpoint }: ServiceProcess,
  message: string,
  delaySeconds: number,
  accepted: Map<string, string>,
): Promise<void> {
  const query = `service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=${message};delaySeconds=${delaySeconds}&storeExecuteResponse=true&status=true&ResponseDocument=result@asReference=true`;
  const answer = await (await fetch(`${endpoint}?${query}`)).text();
  const [, id] = /jobId=([0-9a-f-]{36})/.exec(answer) ?? [];
  if (id && !answer.includes('ExceptionReport')) accepted.set(id, message);
}

/** A client looks at some jobs. The final statuses that it learns must not change. */
async function ask(
  { endpoint }: ServiceProcess,
  accepted: ReadonlyMap<string, string>,
  random: Random,
  facts: Facts,
): Promise<void> {
  const ids = [...accepted.keys()].slice(-20);
  for (let looks = 0; looks < 3; looks++) {
    const id = ids[random.below(ids.length)];
    if (id === undefined) return;
    const answer = await fetch(`${endpoint}/jobStatus?jobId=${id}`).catch(() => undefined);
    const text = await answer?.text().catch(() => '');
    const [told] = /Process(?:Succeeded|Failed)/.exec(text ?? '') ?? [];
    if (told && !text?.includes('ExceptionReport version')) facts.of(id).told.add(told);
  }
}

/** Waits until no job is unfinished, or nothing has changed for five minutes. */
async function calm(folder: string): Promise<void> {
  let last = Number.NaN;
  let since = performance.now();
  for (;;) {
    const names = await readdir(join(folder, 'unfinished')).catch(() => []);
    const { length } = names.filter((name) => !isStray(name));
    if (length === 0) return;
    if (length !== last) since = performance.now();
    else if (performance.now() - since > 300_000) return;
    last = length;
    await wait(100);
  }
}
