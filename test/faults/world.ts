import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../batch-jobs/api/job.ts';
import { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { defaultLimits } from '../../lambda/configuration/limits.ts';
import type { EngineJob, JobEngine } from '../../lambda/jobs/job-engine.ts';
import { noMetrics } from '../../lambda/jobs/metrics.ts';
import { recordStateChange } from '../../lambda/jobs/record-state-change.ts';
import { sweepJobs } from '../../lambda/jobs/sweep-jobs.ts';
import { UnfinishedJobs } from '../../lambda/jobs/unfinished-jobs.ts';
import type { ServiceDependencies } from '../../lambda/operations/dependencies.ts';
import { encodeExecuteResponse } from '../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { serve } from '../../lambda/service.ts';
import { awsConfiguration } from '../aws-configuration.ts';
import { echo } from '../echo.ts';
import { FaultyObjectStore } from '../faulty-object-store.ts';
import { answering as answeredBy, type Faults, Killed } from './fault.ts';
import { violationsOf } from './invariants.ts';
import { endings, type Machine, SimulatedBatch } from './simulated-batch.ts';
import { type Attempt, simulatedRunner } from './simulated-runner.ts';
import { WatchedObjects } from './watched-objects.ts';
import type { Happening } from './words.ts';

export interface WorldParts {
  readonly mintJobId: () => string;
  /** One attempt of a runner. Its faults may stop its machine. */
  readonly attempt?: (jobId: string, machine: Machine) => Attempt;
  /** Delay from a job's submission until it is listed, in seconds. Without it, the job is listed at once. */
  readonly listingLagSeconds?: () => number;
  readonly emit?: (jobId: string, engineJob: EngineJob) => void;
}

/** How long each actor waits for a call that never answers, in seconds of the world. */
const patience = {
  /** A request waits for its engine, with time left to store the outcome of the job. */
  engine: 24,
  /** A request waits for its store. Then the answer is sent. */
  store: 28,
  /** Lambda waits for a function that follows events. Then Lambda ends it. */
  event: 60,
};

const attempts = 3;
const process = { ...echo, job: { ...echo.job, attempts } };

/**
 * The whole service in one process: the real handler side, the real runner and the real event consumer, over
 * objects in memory and a simulated Batch. Each actor has its own faults. Only the process's command is
 * replaced, by one that needs no program.
 */
export class World {
  readonly objects = new WatchedObjects();
  readonly engine: SimulatedBatch;
  /** How often each job was counted as ended. */
  readonly counted = new Map<string, number>();
  /** The events of each job that a user may read about. */
  readonly happenings = new Map<string, Set<Happening>>();
  readonly #parts: WorldParts;
  readonly #unfinishedJobs = new UnfinishedJobs(() => this.#date());
  #scratch = '';
  #now = Date.parse('2026-01-01T00:00:00Z');

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.engine = new SimulatedBatch({
      runAttempt: ({ jobId }, run, machine) =>
        simulatedRunner({ jobId, ...run, attempts }, machine, {
          attempt: parts.attempt?.(jobId, machine) ?? { faults: {} },
          process,
          objects: this.objects,
          storeOver: (faults) => this.#runnerStore(faults),
          scratch: this.#scratch,
          now: this.#now,
          onHappening: (happening) => this.#happened(jobId, happening),
        }),
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

  /** Sends one Execute request. Returns the HTTP status of the answer. */
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

  /** An operator ends a job in the console, with a reason of their own. */
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

  /** Advances the time without faults until everything that maintains jobs has had its turns. */
  async calm(): Promise<void> {
    const { jobOverdueSeconds } = defaultLimits;
    // The last pass is for what a request left behind when it ended before there was a record.
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

  /** The violated invariants of the calm world. */
  async violations(): Promise<string[]> {
    return await violationsOf(await this.jobs(), this);
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
    const dependencies: ServiceDependencies = {
      ...this.#common(),
      configuration: awsConfiguration({
        limits: { ...defaultLimits, maxUnfinishedJobs: 1_000_000 },
      }),
      store: async () => this.#store(faultyStore),
      engine: async () => this.#faultyEngine(faultyEngine),
      deadline: { arrivedAt: this.#date(), work: work.signal, answer: answer.signal },
      unfinishedJobs: this.#unfinishedJobs,
      caller: { listsAllJobs: false },
      mintJobId: this.#parts.mintJobId,
      monotonic: () => this.#now,
      wait: async () => undefined,
    };
    const request = { method, path, query, headers: {}, body: new Uint8Array() };
    return (await serve(request, dependencies)).status;
  }

  #happened(jobId: string, happening: Happening): void {
    this.happenings.set(jobId, (this.happenings.get(jobId) ?? new Set()).add(happening));
  }

  /** Store and engine of a function that follows events. Lambda ends it when a call never answers. */
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

  /** The runner knows no protocol, so it writes no status document. */
  #runnerStore(faults: Faults): JobStore {
    const objects = new FaultyObjectStore(this.objects, faults);
    return new JobStore(objects, undefined, () => this.#date());
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

  /** Advances the clock on each call, so that no two changes have the same timestamp. */
  #date(): Date {
    this.#now += 1;
    return new Date(this.#now);
  }
}
