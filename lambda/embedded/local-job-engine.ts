import { type ChildProcess, fork } from 'node:child_process';
import PQueue from 'p-queue';
import { isRequestFault } from '../../batch-jobs/api/exit-codes.ts';
import type { Job } from '../../batch-jobs/api/job.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { ObjectStore } from '../../batch-jobs/api/object-store.ts';
import type { QueueClass } from '../../batch-jobs/api/process-description.ts';
import {
  EngineBusy,
  type EngineJob,
  isEnded,
  type JobEngine,
  type Submission,
} from '../jobs/job-engine.ts';

export interface LocalQueue {
  /** Jobs that run at once. */
  readonly concurrency: number;
  /** Jobs that may wait; more are refused as busy. */
  readonly waiting: number;
}

export interface LocalJobEngineOptions {
  /** Where the engine keeps what it must not forget, below `engine/`. */
  readonly objects: ObjectStore;
  /** The runner's program, a Node.js module. */
  readonly runner: string;
  /** Variables of the runner, beside those the engine sets for each job. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly queues: Readonly<Record<QueueClass, LocalQueue>>;
  /** Told of each change of a job's state, as EventBridge tells of AWS Batch's. */
  readonly onChange: (jobId: string, engineJob: EngineJob) => Promise<void>;
  /** How many jobs that have ended are remembered; left out, a thousand. */
  readonly remembered?: number;
  /** File descriptor that runners print to; left out, this process's standard error. */
  readonly output?: number;
  readonly log: Log;
}

/** A job as the engine remembers it over a restart. */
interface LocalJob extends EngineJob {
  readonly jobId: string;
  readonly queue: QueueClass;
  readonly maximumAttempts: number;
  readonly timeoutSeconds: number;
  readonly submittedAt: number;
}

interface RunnerExit {
  readonly code: number | null;
  readonly timedOut: boolean;
}

/** As the container agent of AWS does it; the runner ends sooner by itself (`ends.ts`). */
const killAfterMilliseconds = 30_000;

// In the words of AWS Batch, where it has some.
const containerEnded = 'Essential container in task exited';
const notStarted = 'the runner could not be started';
const serviceStopped = 'service stopped while the job ran';

/**
 * Runs jobs as child processes of this one: what AWS Batch does, on one machine.
 *
 * One bounded queue a queue class. Every job is written down before {@link submit} returns; after a
 * restart waiting jobs run, and jobs that were running get their next attempt, or fail. A later change
 * that cannot be written down holds all the same: after a restart the job is tried once more, and its
 * runner finds out whether it is over. What has ended and was told of is no longer written down, and
 * remembered while it is among the latest.
 */
export class LocalJobEngine implements JobEngine {
  readonly #options: LocalJobEngineOptions;
  readonly #queues: Record<QueueClass, PQueue>;
  readonly #jobs = new Map<string, LocalJob>();
  /** Names of those that have ended and were told of, oldest first. */
  readonly #ended: string[] = [];
  readonly #children = new Map<string, ChildProcess>();
  #stopping = false;

  constructor(options: LocalJobEngineOptions) {
    this.#options = options;
    const queue = (name: QueueClass) =>
      new PQueue({ concurrency: options.queues[name].concurrency });
    this.#queues = {
      small: queue('small'),
      timeseries: queue('timeseries'),
      large: queue('large'),
    };
  }

  /** Takes up what an earlier engine left. */
  async start(): Promise<void> {
    const left: LocalJob[] = [];
    for await (const key of this.#options.objects.list('engine/')) {
      const object = await this.#options.objects.get(key);
      if (!object) continue;
      const job = JSON.parse(new TextDecoder().decode(object.body)) as LocalJob;
      left.push(job);
    }
    left.sort((a, b) => a.submittedAt - b.submittedAt);
    for (const job of left) {
      this.#jobs.set(job.engineJobId, job);
      // Its end was not told of.
      if (isEnded(job)) await this.#tell(job);
      else if (job.status !== 'RUNNING') this.#enqueue(job);
      else if (job.attempts < job.maximumAttempts) {
        this.#enqueue(await this.#change(job, { status: 'RUNNABLE', reason: serviceStopped }));
      } else {
        await this.#change(job, { status: 'FAILED', reason: serviceStopped });
      }
    }
  }

  /** Ends what runs (it gets its next attempt after a restart) and waits for it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const queue of Object.values(this.#queues)) {
      queue.pause();
      queue.clear();
    }
    for (const child of this.#children.values()) end(child);
    await Promise.all(Object.values(this.#queues).map((queue) => queue.onIdle()));
  }

  async submit({ jobId, queue, requirements }: Submission): Promise<{ engineJobId: string }> {
    const engineJobId = `local-${jobId}`;
    // Submitting twice is submitting once.
    if (this.#jobs.has(engineJobId)) return { engineJobId };
    const { waiting } = this.#options.queues[queue];
    if (this.#stopping) throw new EngineBusy('the service is shutting down');
    if (this.#queues[queue].size >= waiting) {
      throw new EngineBusy(`${waiting} jobs wait in queue ${queue} already`);
    }
    const job: LocalJob = {
      engineJobId,
      jobId,
      queue,
      status: 'RUNNABLE',
      attempts: 0,
      maximumAttempts: requirements.attempts,
      timeoutSeconds: requirements.timeoutSeconds,
      submittedAt: Date.now(),
    };
    this.#jobs.set(engineJobId, job);
    try {
      await this.#write(job);
    } catch (error) {
      this.#jobs.delete(engineJobId);
      throw error;
    }
    this.#enqueue(job);
    return { engineJobId };
  }

  async describe(engineJobId: string): Promise<EngineJob | undefined> {
    return this.#jobs.get(engineJobId);
  }

  async describeMany(engineJobIds: readonly string[]): Promise<ReadonlyMap<string, EngineJob>> {
    const jobs = await Promise.all(engineJobIds.map((engineJobId) => this.describe(engineJobId)));
    return new Map(jobs.flatMap((job) => (job ? [[job.engineJobId, job]] : [])));
  }

  async find({ id }: Pick<Job, 'id'>): Promise<string | undefined> {
    return this.#jobs.get(`local-${id}`)?.engineJobId;
  }

  async terminate(engineJobId: string, reason: string): Promise<void> {
    const job = this.#jobs.get(engineJobId);
    if (!job || isEnded(job)) return;
    await this.#change(job, { status: 'FAILED', reason, isTerminated: true });
    const child = this.#children.get(engineJobId);
    if (child) end(child);
  }

  #enqueue(job: LocalJob): void {
    this.#queues[job.queue]
      .add(() => this.#run(job.engineJobId))
      .catch(async (error) => {
        this.#options.log.error('the job could not be run', { jobId: job.jobId }, error);
        const left = this.#jobs.get(job.engineJobId);
        if (!left || isEnded(left)) return;
        const stoppedAt = new Date().toISOString();
        await this.#change(left, { status: 'FAILED', reason: notStarted, stoppedAt });
      });
  }

  /** Tries the job until it ends, or until the engine stops. */
  async #run(engineJobId: string): Promise<void> {
    for (;;) {
      const waiting = this.#jobs.get(engineJobId);
      if (!waiting || isEnded(waiting) || this.#stopping) return;
      const job = await this.#change(waiting, {
        status: 'RUNNING',
        attempts: waiting.attempts + 1,
        startedAt: waiting.startedAt ?? new Date().toISOString(),
      });
      const exit = await this.#runAttempt(job);
      const after = this.#jobs.get(engineJobId);
      // Terminated meanwhile, or to be taken up after the restart: the state says so already.
      if (!after || isEnded(after) || (this.#stopping && exit.code !== 0)) return;
      const ended = { stoppedAt: new Date().toISOString() };
      const code = exit.code === null ? {} : { exitCode: exit.code };
      if (exit.code === 0) await this.#change(after, { status: 'SUCCEEDED', ...ended, ...code });
      else if (exit.timedOut) {
        const reason = 'Job attempt duration exceeded timeout';
        await this.#change(after, { status: 'FAILED', reason, ...ended });
      } else if (
        (exit.code !== null && isRequestFault(exit.code)) ||
        after.attempts >= after.maximumAttempts
      ) {
        await this.#change(after, {
          status: 'FAILED',
          reason: containerEnded,
          ...ended,
          ...code,
        });
      } else await this.#change(after, { status: 'RUNNABLE', reason: containerEnded, ...code });
    }
  }

  #runAttempt(job: LocalJob): Promise<RunnerExit> {
    const { output = 2 } = this.#options;
    const child = fork(this.#options.runner, {
      env: {
        ...this.#options.environment,
        WPS_JOB_ID: job.jobId,
        WPS_JOB_ATTEMPTS: String(job.maximumAttempts),
        AWS_BATCH_JOB_ID: job.engineJobId,
        AWS_BATCH_JOB_ATTEMPT: String(job.attempts),
      },
      execArgv: [],
      stdio: ['ignore', output, output, 'ipc'],
      // Ctrl-C in a terminal goes to the whole group; the engine ends its runners itself.
      detached: true,
    });
    this.#children.set(job.engineJobId, child);
    if (this.#stopping) end(child);
    return new Promise((resolve) => {
      let timedOut = false;
      const timer = setTimeout(() => {
        timedOut = true;
        end(child);
      }, job.timeoutSeconds * 1000);
      const settle = (code: number | null) => {
        clearTimeout(timer);
        this.#children.delete(job.engineJobId);
        resolve({ code, timedOut });
      };
      child.on('exit', settle);
      child.on('error', (error) => {
        this.#options.log.error('the runner did not start', { jobId: job.jobId }, error);
        if (child.pid === undefined) settle(null);
      });
    });
  }

  async #change(job: LocalJob, change: Partial<EngineJob>): Promise<LocalJob> {
    const changed = { ...job, ...change };
    this.#jobs.set(job.engineJobId, changed);
    await this.#write(changed).catch((error) => {
      this.#options.log.error('a state change was not written down', { jobId: job.jobId }, error);
    });
    await this.#tell(changed);
    return changed;
  }

  /** An end that could not be told of stays written down, and the next start tells of it. */
  async #tell(job: LocalJob): Promise<void> {
    const { objects, onChange, log, remembered = 1_000 } = this.#options;
    try {
      await onChange(job.jobId, job);
      if (!isEnded(job)) return;
      await objects.delete(keyOf(job));
      this.#ended.push(job.engineJobId);
      if (this.#ended.length > remembered) this.#jobs.delete(this.#ended.shift() ?? '');
    } catch (error) {
      log.error('a state change was not recorded', { jobId: job.jobId }, error);
    }
  }

  async #write(job: LocalJob): Promise<void> {
    await this.#options.objects.put(keyOf(job), JSON.stringify(job), {
      contentType: 'application/json',
    });
  }
}

function keyOf({ engineJobId }: EngineJob): string {
  return `engine/${engineJobId}.json`;
}

function end(child: ChildProcess): void {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), killAfterMilliseconds).unref();
}
