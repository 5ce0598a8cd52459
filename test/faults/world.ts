import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { noDeadline } from '../no-deadline.ts';
import { type AttemptEnd, SimulatedBatch } from './simulated-batch.ts';
import { WatchedObjects } from './watched-objects.ts';

/** What goes wrong for one actor: its calls of the store, and of the engine. */
export interface Faults extends StoreFaults {
  readonly beforeEngine?: (call: string) => void;
  readonly afterEngine?: (call: string) => void;
}

export interface WorldParts {
  readonly mintJobId: () => string;
  /** Faults of one attempt of a runner, and when its machine says that it goes. */
  readonly attemptFaults?: () => { readonly faults: Faults; readonly signal?: AbortSignal };
  readonly emit?: (jobId: string, engineJob: EngineJob) => void;
}

/** What no call of a process that has ended does any more. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

const attempts = 3;
const machines = 16;
const process = { ...echo, job: { ...echo.job, attempts } };

/**
 * The whole service in one process: the real handler side, the real runner and the real event
 * consumer over objects in memory and a simulated Batch, each actor with faults of its own. Only the
 * process's command is replaced, by one that writes its output and needs no program.
 */
export class World {
  readonly objects = new WatchedObjects();
  readonly engine: SimulatedBatch;
  /** How often each job was counted as ended. */
  readonly counted = new Map<string, number>();
  readonly #parts: WorldParts;
  readonly #unfinishedJobs = new UnfinishedJobs(() => this.#date());
  #scratch = '';
  #now = Date.parse('2026-01-01T00:00:00Z');

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.engine = new SimulatedBatch({
      runAttempt: (submission, run) => this.#runAttempt(submission, run),
      emit: (jobId, engineJob) => parts.emit?.(jobId, engineJob),
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
    await recordStateChange(jobId, engineJob, { store: this.#store(faults), metrics, log });
  }

  async sweep(faults: Faults = {}): Promise<void> {
    await sweepJobs({
      ...this.#common(),
      store: this.#store(faults),
      engine: async () => this.#faultyEngine(faults),
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
      const output = await this.objects.get(`jobs/${job.id}/outputs/result.txt`);
      const author = authorOf({ engineJobId: job.claim ?? '', attempt: job.attempt ?? 0 });
      if (job.status === 'succeeded' && new TextDecoder().decode(output?.body) !== author) {
        found.push(`the output of job ${job.id} is not that of the run that claims it`);
      }
      const times = this.counted.get(job.id) ?? 0;
      if (times > 1) found.push(`job ${job.id} was counted ${times} times`);
    }
    for await (const key of this.objects.list('unfinished/')) found.push(`${key} was left`);
    return found;
  }

  async #serve(method: string, path: string, query: string, faults: Faults): Promise<number> {
    const parts: ServiceParts = {
      ...this.#common(),
      configuration: awsConfiguration({
        limits: { ...defaultLimits, maxUnfinishedJobs: 1_000_000 },
      }),
      store: async () => this.#store(faults),
      engine: async () => this.#faultyEngine(faults),
      deadline: noDeadline(this.#date()),
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
  ): Promise<AttemptEnd> {
    const { faults, signal = new AbortController().signal } = this.#parts.attemptFaults?.() ?? {
      faults: {},
    };
    let isKilled = false;
    const noted: StoreFaults = {
      ...faults,
      before: async (operation, key) => {
        try {
          await faults.before?.(operation, key);
        } catch (error) {
          isKilled ||= error instanceof Killed;
          throw error;
        }
      },
    };
    const { log, now } = this.#common();
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
        watchIntervalMilliseconds: 60_000,
        runCommand: async ({ environment }, onProgress) => {
          onProgress(50, 'half of it');
          await writeFile(join(environment['WPS_OUTPUT_DIR'] ?? '', 'result'), authorOf(run));
          return { exitCode: 0, signal: undefined, errorText: undefined };
        },
        countOomKills: async () => undefined,
        log,
        now,
        wait: async () => undefined,
      },
      signal,
    ).catch(() => 1);
    return isKilled ? { reason: 'Host EC2 (instance i-0123) terminated.' } : { exitCode };
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
      beforeEngine?.(name);
      const answer = await work();
      afterEngine?.(name);
      return answer;
    };
    return {
      submit: (submission) => call('submit', () => this.engine.submit(submission)),
      describe: (engineJobId) => call('describe', () => this.engine.describe(engineJobId)),
      describeMany: (engineJobIds) =>
        call('describe', () => this.engine.describeMany(engineJobIds)),
      find: (job) => call('find', () => this.engine.find(job)),
      terminate: (engineJobId) => call('terminate', () => this.engine.terminate(engineJobId)),
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

/** What the command writes, so that an output tells which run made it. */
function authorOf({ engineJobId, attempt }: { engineJobId: string; attempt: number }): string {
  return `made by ${engineJobId}, attempt ${attempt}`;
}
