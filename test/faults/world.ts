import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interruptedExitCode } from '../../batch-jobs/api/exit-codes.ts';
import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { echo } from '../../batch-jobs/echo/process.ts';
import { runJob } from '../../batch-jobs/runner/run-job.ts';
import { defaultLimits } from '../../lambda/configuration/configuration.ts';
import type { EngineJob, JobEngine, Submission } from '../../lambda/job-engine.ts';
import { noMetrics } from '../../lambda/metrics.ts';
import { recordStateChange } from '../../lambda/record-state-change.ts';
import { serve } from '../../lambda/service.ts';
import type { ServiceParts } from '../../lambda/service-parts.ts';
import { sweepJobs } from '../../lambda/sweep-jobs.ts';
import { UnfinishedJobs } from '../../lambda/unfinished-jobs.ts';
import { encodeExecuteResponse } from '../../lambda/wps/encode-execute-response.ts';
import { awsConfiguration } from '../aws-configuration.ts';
import { FaultyObjectStore, type StoreFaults } from '../faulty-object-store.ts';
import { type Behaviour, simulatedCommand } from './command.ts';
import { answering as answeredBy, type Faults, Killed } from './fault.ts';
import {
  type AttemptEnd,
  endings,
  hostTerminated,
  type Machine,
  SimulatedBatch,
} from './simulated-batch.ts';
import { WatchedObjects } from './watched-objects.ts';
import { type Happening, isTrue } from './words.ts';

/** One attempt of a runner. */
export interface Attempt {
  readonly faults: Faults;
  /** What its command does; left out, it succeeds. */
  readonly behaviour?: Behaviour;
  readonly isSilent?: boolean;
  /** Turns after which a command that runs on is timed out; left out, never. */
  readonly timeoutTurns?: number;
}

export interface WorldParts {
  readonly mintJobId: () => string;
  /** What becomes of one attempt of a runner; its faults may stop its machine. */
  readonly attempt?: (jobId: string, machine: Machine) => Attempt;
  /** How long after its submission a job is listed; left out, at once. */
  readonly listingLagSeconds?: () => number;
  readonly emit?: (jobId: string, engineJob: EngineJob) => void;
}

/** How long who waits for a call that never answers waits, in seconds of the world. */
const patience = {
  /** A request for its engine, which leaves time to write down what became of the job. */
  engine: 24,
  /** A request for its store; then the answer goes out. */
  store: 28,
  /** Lambda for a function that follows events, which it then ends. */
  event: 60,
  /** A runner's SDK, with all its tries; then the call fails. */
  runner: 100,
};

/** Turns that a command may go on for once its job has ended. */
const turnsAfterEnd = 20_000;

const attempts = 3;
const machines = 16;
const process = { ...echo, job: { ...echo.job, attempts } };

/**
 * The whole service in one process: the real handler side, the real runner and the real event
 * consumer over objects in memory and a simulated Batch, each actor with faults of its own. Only the
 * process's command is replaced, by one that needs no program.
 */
export class World {
  readonly objects = new WatchedObjects();
  readonly engine: SimulatedBatch;
  /** How often each job was counted as ended. */
  readonly counted = new Map<string, number>();
  /** What happened to each job, of what a user may be told. */
  readonly happenings = new Map<string, Set<Happening>>();
  readonly #parts: WorldParts;
  readonly #unfinishedJobs = new UnfinishedJobs(() => this.#date());
  #scratch = '';
  #now = Date.parse('2026-01-01T00:00:00Z');

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.engine = new SimulatedBatch({
      runAttempt: (submission, run, machine) => this.#runAttempt(submission, run, machine),
      emit: (jobId, engineJob) => parts.emit?.(jobId, engineJob),
      now: () => new Date(this.#now),
      listingLagSeconds: parts.listingLagSeconds ?? (() => 0),
    });
  }

  async start(): Promise<void> {
    this.#scratch = await mkdtemp(join(tmpdir(), 'world-'));
  }

  async stop(): Promise<void> {
    await rm(this.#scratch, { recursive: true });
  }

  pass(seconds: number): void {
    this.#now += seconds * 1000;
  }

  /** One Execute; the answer's HTTP status. */
  async execute(faults: Faults = {}): Promise<number> {
    const query =
      'service=WPS&version=1.0.0&request=Execute&identifier=echo&DataInputs=message=hello' +
      '&storeExecuteResponse=true&status=true&ResponseDocument=result@asReference=true';
    return await this.#serve('GET', '/wps', query, faults);
  }

  async status(jobId: string, faults: Faults = {}): Promise<number> {
    return await this.#serve('GET', '/wps/jobStatus', `jobId=${jobId}`, faults);
  }

  async dismiss(jobId: string, faults: Faults = {}): Promise<number> {
    return await this.#serve('DELETE', '/wps/jobStatus', `jobId=${jobId}`, faults);
  }

  async deliver(jobId: string, engineJob: EngineJob, faults: Faults = {}): Promise<void> {
    const { log, metrics } = this.#common();
    const { store } = this.#function(faults);
    await recordStateChange(jobId, engineJob, { store, metrics, log });
  }

  /** An operator ends a job in the console, for a reason of their own. */
  async operatorEnds(jobId: string): Promise<void> {
    const engineJobId = await this.engine.find({ id: jobId });
    if (engineJobId === undefined) return;
    this.#happened(jobId, 'terminated');
    await this.engine.terminate(engineJobId, endings.terminated.reason);
  }

  async sweep(faults: Faults = {}): Promise<void> {
    await sweepJobs({
      ...this.#common(),
      ...this.#function(faults),
      overdueSeconds: defaultLimits.jobOverdueSeconds,
    });
  }

  /** Time goes on without faults until everything that looks after jobs has had its turns. */
  async calm(): Promise<void> {
    const { jobOverdueSeconds } = defaultLimits;
    // The last is for what a request left that ended before there was a record.
    for (const seconds of [jobOverdueSeconds, jobOverdueSeconds, jobOverdueSeconds, 3601]) {
      await this.engine.idle();
      this.pass(seconds);
      await this.sweep();
    }
    await this.engine.idle();
  }

  async jobs(): Promise<Job[]> {
    const found: Job[] = [];
    for await (const key of this.objects.list('jobs/')) {
      const [, id, document] = key.split('/');
      const job = document === 'job.json' && id ? await this.objects.record(id) : undefined;
      if (job) found.push(job);
    }
    return found;
  }

  /** What is not as it must be once the world is calm. */
  async violations(): Promise<string[]> {
    const found = [...this.objects.violations];
    for (const job of await this.jobs()) {
      if (!isFinal(job.status)) found.push(`job ${job.id} is still ${job.status}`);
      const document = await this.objects.get(`jobs/${job.id}/status.xml`);
      if (new TextDecoder().decode(document?.body) !== encodeExecuteResponse(job)) {
        found.push(`the status document of job ${job.id} is not that of its record`);
      }
      const [published] = job.outputs;
      const key = `jobs/${job.id}/outputs/${published?.attempt}/${published?.name}`;
      const output = await this.objects.get(key);
      const author = authorOf({ engineJobId: job.claim ?? '', attempt: job.attempt ?? 0 });
      if (job.status === 'succeeded' && new TextDecoder().decode(output?.body) !== author) {
        found.push(`the output of job ${job.id} is not that of the run that claims it`);
      }
      if (job.failure) found.push(...(await this.#untrueWords(job, job.failure.text)));
      const times = this.counted.get(job.id) ?? 0;
      if (times > 1) found.push(`job ${job.id} was counted ${times} times`);
    }
    for await (const key of this.objects.list('unfinished/')) found.push(`${key} was left`);
    return found;
  }

  async #serve(method: string, path: string, query: string, faults: Faults): Promise<number> {
    const work = new AbortController();
    const answer = new AbortController();
    const faultyStore = answeredBy(faults, async () => {
      this.pass(patience.store);
      work.abort();
      answer.abort();
      return await new Promise<never>(() => {});
    });
    const faultyEngine = answeredBy(faults, async () => {
      this.pass(patience.engine);
      work.abort();
      return await new Promise<never>(() => {});
    });
    const parts: ServiceParts = {
      ...this.#common(),
      configuration: awsConfiguration({
        limits: { ...defaultLimits, maxUnfinishedJobs: 1_000_000 },
      }),
      store: async () => this.#store(faultyStore),
      engine: async () => this.#faultyEngine(faultyEngine),
      deadline: { arrivedAt: this.#date(), work: work.signal, answer: answer.signal },
      unfinishedJobs: this.#unfinishedJobs,
      mintJobId: this.#parts.mintJobId,
      wait: async () => undefined,
    };
    const request = { method, path, query, headers: {}, body: new Uint8Array() };
    return (await serve(request, parts)).status;
  }

  async #runAttempt(
    { jobId }: Submission,
    run: { engineJobId: string; attempt: number },
    machine: Machine,
  ): Promise<AttemptEnd> {
    const {
      faults,
      behaviour = 'succeeds',
      isSilent = false,
      timeoutTurns = Number.POSITIVE_INFINITY,
    } = this.#parts.attempt?.(jobId, machine) ?? { faults: {} };
    const wasOver = isFinal((await this.objects.record(jobId))?.status ?? 'accepted');
    let isKilled = false;
    let oomKills = 0;
    // The world's time leaps with whoever waits: a runner would lose its patience with others' waits.
    let now = this.#now;
    machine.lost.then(() => this.#happened(jobId, 'lost'));
    const answering = answeredBy(faults, async () => {
      // A runner that was told to stop has to end by itself before the SDK gives up.
      if (machine.stopped.aborted) await new Promise<never>(() => {});
      now += patience.runner * 1000;
      throw new Error('no answer');
    });
    const noted: StoreFaults = {
      ...answering,
      before: async (operation, key) => {
        if (isKilled) throw new Killed();
        if (operation === 'upload' && wasOver)
          this.#complain(`job ${jobId} was over and published`);
        try {
          await answering.before?.(operation, key);
        } catch (error) {
          isKilled ||= error instanceof Killed;
          throw error;
        }
      },
    };
    const log = jsonLog((line) => {
      // A store that does not answer for as long as there is patience.
      if (line.includes('"job failed"') && line.includes('no answer')) {
        this.#happened(jobId, 'unanswered');
      }
      if (line.includes('how the attempt ended was not reported')) {
        this.#happened(jobId, 'cannotReport');
      }
    });
    const exitCode = await runJob(
      { jobId, ...run, attempts },
      {
        store: this.#store(noted),
        findProcess: () => process,
        processesFolder: this.#scratch,
        // Machines that a few jobs share each.
        scratchFolder: join(this.#scratch, String(this.#now % machines)),
        environment: {},
        fetchReference: async () => undefined,
        inlineOutputBytes: 0,
        progressIntervalMilliseconds: 1,
        watchIntervalMilliseconds: 1,
        runCommand: async (command, onProgress, signal) => {
          if (wasOver) this.#complain(`job ${jobId} was over and its command ran`);
          this.#happened(jobId, behaviour);
          return await simulatedCommand(command, onProgress, signal, {
            behaviour,
            isSilent,
            output: authorOf(run),
            onOutOfMemory: () => {
              oomKills++;
            },
            endsNow: this.#endsNow(jobId, machine, timeoutTurns),
          });
        },
        countOomKills: async () => oomKills,
        log,
        now: () => new Date(now),
        wait: async (milliseconds) => {
          now += milliseconds;
          await turns(Math.min(100, milliseconds / 100));
        },
      },
      machine.stopped,
    ).catch((error) => {
      log.error('how the attempt ended was not reported', {}, error);
      return machine.stopped.aborted ? interruptedExitCode : 1;
    });
    const happening = Object.entries(endings).find(
      ([, { reason }]) => reason === machine.ending?.reason,
    );
    if (happening) this.#happened(jobId, happening[0] as Happening);
    if (!isKilled) return { exitCode };
    if (machine.ending) return { exitCode: 137 };
    this.#happened(jobId, 'lost');
    return { reason: hostTerminated };
  }

  /** A command that runs on may be timed out, unless its job ends: then its runner must end it. */
  #endsNow(
    jobId: string,
    machine: Machine,
    timeoutTurns: number,
  ): (turn: number) => Promise<boolean> {
    let overAt: number | undefined;
    return async (turn) => {
      if (turn % 100 !== 0) return false;
      if (
        overAt === undefined &&
        isFinal((await this.objects.record(jobId))?.status ?? 'accepted')
      ) {
        overAt = turn;
      }
      if (overAt === undefined) {
        if (turn >= timeoutTurns) machine.stop(endings.timedOut);
        return false;
      }
      if (turn - overAt < turnsAfterEnd) return false;
      this.#complain(`job ${jobId} was over and its command went on`);
      return true;
    };
  }

  /** What a user is told of a failed job and is not so. */
  async #untrueWords(job: Job, text: string): Promise<string[]> {
    const happenings = this.happenings.get(job.id) ?? new Set();
    if (!isTrue(text, happenings, job.claim !== undefined)) {
      return [`job ${job.id} is said to have failed so: ${text} (${[...happenings].join(', ')})`];
    }
    const told = await this.engine.describe(job.claim ?? job.engineJobId ?? '');
    const isTaken = told?.reason === hostTerminated;
    return text.includes('taken away') && told && !isTaken
      ? [`job ${job.id} did not end with its machine, but so: ${told.reason}`]
      : [];
  }

  #happened(jobId: string, happening: Happening): void {
    this.happenings.set(jobId, (this.happenings.get(jobId) ?? new Set()).add(happening));
  }

  #complain(violation: string): void {
    this.objects.violations.push(violation);
  }

  /** Store and engine of a function that follows events: Lambda ends it when a call never answers. */
  #function(faults: Faults) {
    const answering = answeredBy(faults, async () => {
      this.pass(patience.event);
      throw new Killed();
    });
    return { store: this.#store(answering), engine: async () => this.#faultyEngine(answering) };
  }

  #store(faults: Faults): JobStore {
    return new JobStore(
      new FaultyObjectStore(this.objects, faults),
      { filename: 'status.xml', encode: encodeExecuteResponse },
      () => this.#date(),
    );
  }

  #faultyEngine({ beforeEngine, afterEngine }: Faults): JobEngine {
    const call = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      await beforeEngine?.(name);
      const answer = await work();
      await afterEngine?.(name);
      return answer;
    };
    return {
      submit: (submission) => call('submit', () => this.engine.submit(submission)),
      describe: (engineJobId) => call('describe', () => this.engine.describe(engineJobId)),
      describeMany: (engineJobIds) =>
        call('describe', () => this.engine.describeMany(engineJobIds)),
      find: (job) => call('find', () => this.engine.find(job)),
      terminate: (engineJobId, reason) =>
        call('terminate', () => this.engine.terminate(engineJobId, reason)),
    };
  }

  #common() {
    return {
      catalogue: [process],
      now: () => this.#date(),
      log: jsonLog(() => undefined),
      metrics: {
        ...noMetrics,
        jobEnded: ({ id }: Job) => this.counted.set(id, (this.counted.get(id) ?? 0) + 1),
      },
    };
  }

  /** A little later with each look, so that no two changes bear the same instant. */
  #date(): Date {
    this.#now += 1;
    return new Date(this.#now);
  }
}

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}

/** What the command writes, so that an output tells which run made it. */
function authorOf({ engineJobId, attempt }: { engineJobId: string; attempt: number }): string {
  return `made by ${engineJobId}, attempt ${attempt}`;
}
