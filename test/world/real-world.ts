import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Random } from '../faults/random.ts';
import { damageSome, isStray, strayFile } from './damage.ts';
import { type Judgement, judge } from './judge.ts';
import { Machine, someDiskFault } from './machine.ts';
import { ServiceProcess } from './service-process.ts';

export interface RealWorldOptions {
  /** Jobs that clients are told of. */
  readonly jobs: number;
  /** How often the service ends and is started again meanwhile. */
  readonly restarts: number;
  readonly seed: number;
  /** Is told how it goes. */
  readonly onStep?: (counts: Counts) => void;
}

export interface Counts {
  accepted: number;
  restarts: number;
  /** Runners that were killed while the command of a job ran. */
  killedRunners: number;
  /** Times that the disk failed or was full. */
  diskFaults: number;
  /** Whether a real disk was full, and not only the calls for it failed. */
  hasRealDisk: boolean;
  clockChanges: number;
  damagedFiles: number;
  strayFiles: number;
}

export interface Outcome extends Counts, Judgement {}

/** How long a disk fails at the most: less than the runner and the service have patience for. */
const longestDiskFault = 1_500;
const smallDiskMebibytes = 256;

/** Runs the world until as many jobs were accepted, and the service restarted as often, as asked for. */
export async function realWorld(options: RealWorldOptions): Promise<Outcome> {
  const { jobs, restarts, seed, onStep } = options;
  const random = new Random(seed);
  const folder = await mkdtemp(join(tmpdir(), 'real-world-'));
  const machine = new Machine(folder);
  await mkdir(machine.dataFolder);
  await machine.start();
  /** Messages by the job that gives them back. */
  const accepted = new Map<string, string>();
  const damagedJobs = new Set<string>();
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
  // Of about half of them nobody learns: the service ends, or the disk fails, before they are answered.
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
      if (random.chance(0.3)) faults.push(breakDisk(machine, random, counts).then(() => []));
      if (random.chance(0.3) && (await service.killRunnerAtWork(2_000))) counts.killedRunners++;
      if (random.chance(0.2)) {
        await machine.setClock(random);
        counts.clockChanges++;
      }
      // Sometimes the service ends in the middle of all that, sometimes while jobs run.
      if (random.chance(0.5)) await Promise.all(faults);
      if (random.chance(0.5)) await wait(random.below(300));
      if (counts.restarts < restarts) {
        await service.end(random.chance(0.7) ? 'SIGKILL' : 'SIGTERM');
        await whileDown(machine, random, counts, damagedJobs);
        service = await ServiceProcess.start(machine);
        counts.restarts++;
      }
      await Promise.all(faults);
      counts.accepted = accepted.size;
      onStep?.(counts);
    }
    await machine.mend();
    await machine.setClockRight();
    // What a fault took the service's chance to write down is taken up at its next start.
    await service.end('SIGTERM');
    service = await ServiceProcess.start(machine);
    await calm(machine.dataFolder);
    await service.end('SIGTERM');
    return { ...counts, ...(await judge(machine.dataFolder, accepted, damagedJobs)) };
  } finally {
    await service.end('SIGKILL');
    machine.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function breakDisk(machine: Machine, random: Random, counts: Counts): Promise<void> {
  counts.diskFaults++;
  const milliseconds = random.below(longestDiskFault);
  if (random.chance(0.25)) await machine.fill();
  else {
    const { code, share } = someDiskFault(random);
    await machine.breakDisk(code, share);
  }
  await wait(milliseconds);
  await machine.mend();
}

async function whileDown(
  { dataFolder }: Machine,
  random: Random,
  counts: Counts,
  damagedJobs: Set<string>,
): Promise<void> {
  if (random.chance(0.1)) {
    await strayFile(dataFolder, random);
    counts.strayFiles++;
  }
  if (!random.chance(0.15)) return;
  const id = await damageSome(dataFolder, random);
  if (id === undefined) return;
  damagedJobs.add(id);
  counts.damagedFiles++;
}

/** Only what the answer tells counts: a request that the service did not live to answer may be lost. */
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

/** No job is unfinished any more, or nothing has changed for long. */
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
