import PQueue from 'p-queue';
import { isRequestFault, lostExitCode } from '../../batch-jobs/api/exit-codes.ts';
import type { Job } from '../../batch-jobs/api/job.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { ObjectStore } from '../../batch-jobs/api/object-store.ts';
import type { QueueClass } from '../../batch-jobs/api/process-description.ts';
import { runnerVariables } from '../../batch-jobs/api/runner-variables.ts';
import {
  EngineBusy,
  type EngineJob,
  isEnded,
  type JobEngine,
  type Submission,
  type WaitingJob,
} from '../jobs/job-engine.ts';
import { readLeftJobs } from './left-jobs.ts';
import { attemptsInAll, keyOfLocalJob, type LocalJob } from './local-job.ts';
import { endMarkedProcesses } from './marked-processes.ts';
import { type Attempt, type RunnerExit, RunnerPool } from './runner-pool.ts';
import { startedPatiently } from './started-patiently.ts';

export interface LocalQueue {
  /** The most jobs that run at once. */
  readonly concurrency: number;
  /** The most jobs that wait; more are refused as busy. */
  readonly waiting: number;
}

export interface LocalJobEngineOptions {
  /** Where the engine stores its state, below `engine/`. */
  readonly objects: ObjectStore;
  /** The runner's program, a Node.js module. */
  readonly runner: string;
  /** Variables of the runner, in addition to those that the engine sets for each job. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * Identifies the data folder: processes that carry this mark are runs of this engine, or of an earlier one.
   */
  readonly mark: string;
  /**
   * Whether an earlier engine was killed, and may have left processes. If left out, assumes so: to search
   * all processes of the machine takes longer than the rest of a start.
   */
  readonly mayHaveLeftProcesses?: boolean;
  readonly queues: Readonly<Record<QueueClass, LocalQueue>>;
  /** Receives each change of a job's state, as EventBridge does from AWS Batch. */
  readonly onChange: (jobId: string, engineJob: EngineJob) => Promise<void>;
  /** How many ended jobs the engine remembers; if left out, a thousand. */
  readonly remembered?: number;
  /** File descriptor that runners print to; if left out, this process's standard error. */
  readonly output?: number;
  /** Waits between attempts to start a runner or to read a file; if left out, uses the clock. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  readonly log: Log;
}

/** How often a job may be running when the service is killed, or be separated from its run. */
const maximumCrashes = 5;

// In the words of AWS Batch, where it has an equivalent.
const containerEnded = 'Essential container in task exited';
const notStarted = 'the runner could not be started';
const serviceStopped = 'service stopped while the job ran';
const fileDamaged = 'the file of the job in the queue was damaged';

interface AttemptEnd extends RunnerExit {
  readonly timedOut: boolean;
}

/**
 * Runs jobs as child processes of this process: AWS Batch on one machine.
 *
 * Each queue class has one bounded queue. Every job is stored before {@link submit} returns. After a restart,
 * waiting jobs run, and jobs that were running get another attempt. An attempt that the service interrupted
 * does not count as a failure of the job, up to a limit: a job that brings the service down must not do so
 * indefinitely. A change that cannot be stored still takes effect: after a restart the job is tried once
 * more, and its runner finds out whether it has ended. A job that has ended and was reported is no longer
 * stored; the engine remembers it while it is among the latest.
 */
export class LocalJobEngine implements JobEngine {
  readonly #options: LocalJobEngineOptions;
  readonly #queues: Record<QueueClass, PQueue>;
  readonly #runners: RunnerPool;
  readonly #jobs = new Map<string, LocalJob>();
  /** Names of the jobs that have ended and were reported, oldest first. */
  readonly #ended: string[] = [];
  readonly #attempts = new Map<string, Attempt>();
  /** The last change of each job, while it is in progress. */
  readonly #changes = new Map<string, Promise<LocalJob>>();
  readonly #stopping = new AbortController();
  #isAbandoned = false;

  constructor(options: LocalJobEngineOptions) {
    this.#options = options;
    const { runner, environment, mark, output = 2 } = options;
    this.#runners = new RunnerPool({ runner, environment, mark, output });
    const queue = (name: QueueClass) =>
      new PQueue({ concurrency: options.queues[name].concurrency });
    this.#queues = {
      small: queue('small'),
      timeseries: queue('timeseries'),
      large: queue('large'),
    };
  }

  /** Ends the processes that an earlier engine left running, and resumes its jobs. */
  async start(): Promise<void> {
    const { mayHaveLeftProcesses = true } = this.#options;
    const left = await this.#readLeft();
    if (mayHaveLeftProcesses || left.length > 0) await this.#endLeftProcesses();
    left.sort((a, b) => a.submittedAt - b.submittedAt);
    for (const job of left) {
      this.#jobs.set(job.engineJobId, job);
      // Its end was not reported.
      if (isEnded(job)) await this.#tell(job);
      else if (job.status !== 'RUNNING') this.#enqueue(job);
      else await this.#takeUpCutOff(job, serviceStopped);
    }
  }

  /** Ends the running jobs, which get their next attempt after a restart, and waits for them. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const queue of Object.values(this.#queues)) {
      queue.pause();
      queue.clear();
    }
    for (const attempt of this.#attempts.values()) attempt.end();
    await Promise.all(Object.values(this.#queues).map((queue) => queue.onIdle()));
    this.#runners.close();
  }

  /** Kills the running jobs at once and writes nothing more: the folder no longer belongs to this engine. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    const stopped = this.stop();
    await endMarkedProcesses(runnerVariables.mark, `${this.#options.mark}/`);
    await stopped;
  }

  async submit({ jobId, queue, requirements }: Submission): Promise<{ engineJobId: string }> {
    const engineJobId = `local-${jobId}`;
    // A second submission of the same job has no effect.
    if (this.#jobs.has(engineJobId)) return { engineJobId };
    const { waiting } = this.#options.queues[queue];
    if (this.#stopping.signal.aborted) throw new EngineBusy('the service is shutting down');
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
      interruptions: 0,
      crashes: 0,
      timeoutSeconds: requirements.timeoutSeconds,
      memoryMiB: requirements.memoryMiB,
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

  async ahead({ engineJobId }: WaitingJob): Promise<number | undefined> {
    const job = this.#jobs.get(engineJobId);
    if (job?.status !== 'RUNNABLE') return undefined;
    let ahead = 0;
    // Jobs are stored in the order in which they were submitted.
    for (const { engineJobId: id, queue, status } of this.#jobs.values()) {
      if (id === engineJobId) return ahead;
      if (queue === job.queue && status === 'RUNNABLE') ahead++;
    }
    return undefined;
  }

  async terminate(engineJobId: string, reason: string): Promise<void> {
    const job = this.#jobs.get(engineJobId);
    if (!job || isEnded(job)) return;
    await this.#change(job, { status: 'FAILED', reason, isTerminated: true });
    this.#attempts.get(engineJobId)?.end();
  }

  async #endLeftProcesses(): Promise<void> {
    const { log, mark } = this.#options;
    const ended = await endMarkedProcesses(runnerVariables.mark, `${mark}/`);
    if (ended > 0) log.warn('processes of an earlier run were ended', { processes: ended });
  }

  async #readLeft(): Promise<LocalJob[]> {
    const { objects, pause, onChange, log } = this.#options;
    return await readLeftJobs({ objects, pause, log }, async (jobId) => {
      const engineJobId = `local-${jobId}`;
      const job = { engineJobId, status: 'FAILED', reason: fileDamaged, attempts: 0 } as const;
      await onChange(jobId, job).catch((error) => {
        log.error('a state change was not recorded', { jobId }, error);
      });
    });
  }

  /** Resumes a job whose attempt was interrupted while the service was not running. */
  async #takeUpCutOff(job: LocalJob, reason: string): Promise<void> {
    if (job.crashes >= maximumCrashes) await this.#change(job, { status: 'FAILED', reason });
    else this.#enqueue(await this.#interrupted(job, reason, job.crashes + 1));
  }

  /** The attempt does not count, because it was not the job that failed. */
  async #interrupted(job: LocalJob, reason: string, crashes = job.crashes): Promise<LocalJob> {
    const interruptions = job.interruptions + 1;
    return await this.#change(job, { status: 'RUNNABLE', reason, interruptions, crashes });
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
      if (!waiting || isEnded(waiting) || this.#stopping.signal.aborted) return;
      const job = await this.#change(waiting, {
        status: 'RUNNING',
        attempts: waiting.attempts + 1,
        startedAt: waiting.startedAt ?? new Date().toISOString(),
      });
      if (isEnded(job)) return;
      const exit = await this.#runAttempt(job);
      const after = this.#jobs.get(engineJobId);
      // Terminated meanwhile: the state already says so.
      if (!after || isEnded(after)) return;
      await this.#attemptEnded(after, exit);
    }
  }

  async #attemptEnded(job: LocalJob, { code, signal, timedOut }: AttemptEnd): Promise<void> {
    const stoppedAt = new Date().toISOString();
    const exitCode = code === null ? {} : { exitCode: code };
    const fail = async (reason: string, more: Partial<LocalJob> = exitCode) => {
      await this.#change(job, { status: 'FAILED', reason, stoppedAt, ...more });
    };
    if (code === 0) {
      await this.#change(job, { status: 'SUCCEEDED', stoppedAt, exitCode: 0 });
    } else if (this.#stopping.signal.aborted) {
      await this.#interrupted(job, serviceStopped);
    } else if (timedOut) {
      await fail('Job attempt duration exceeded timeout', {});
    } else if (code === lostExitCode) {
      // The record has a later attempt, which this engine has forgotten.
      if (job.crashes >= maximumCrashes) await fail(containerEnded);
      else await this.#interrupted(job, containerEnded, job.crashes + 1);
    } else {
      const reason = signal === null ? containerEnded : `the runner was ended by ${signal}`;
      const isLast = job.attempts >= attemptsInAll(job);
      if (isLast || (code !== null && isRequestFault(code))) await fail(reason);
      else await this.#change(job, { status: 'RUNNABLE', reason, ...exitCode });
    }
  }

  async #runAttempt(job: LocalJob): Promise<AttemptEnd> {
    const { pause, log } = this.#options;
    const isOver = () => {
      const now = this.#jobs.get(job.engineJobId);
      return this.#stopping.signal.aborted || !now || isEnded(now);
    };
    const end = await startedPatiently(() => this.#tryAttempt(job), {
      isOver,
      stopping: this.#stopping.signal,
      pause,
      log: log.with({ jobId: job.jobId }),
    });
    return end ?? { code: null, signal: null, timedOut: false };
  }

  async #tryAttempt(job: LocalJob): Promise<AttemptEnd> {
    const attempt = this.#runners.run({
      [runnerVariables.jobId]: job.jobId,
      [runnerVariables.attempts]: String(attemptsInAll(job)),
      [runnerVariables.engineJobId]: job.engineJobId,
      [runnerVariables.attempt]: String(job.attempts),
      ...(job.memoryMiB === undefined
        ? {}
        : { [runnerVariables.memoryMiB]: String(job.memoryMiB) }),
    });
    this.#attempts.set(job.engineJobId, attempt);
    if (this.#stopping.signal.aborted) attempt.end();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      attempt.end();
    }, job.timeoutSeconds * 1000);
    try {
      return { ...(await attempt.exit), timedOut };
    } finally {
      clearTimeout(timer);
      this.#attempts.delete(job.engineJobId);
    }
  }

  /**
   * Changes a job that has not ended. Changes are made one after the other, so that the last one stored and
   * reported is the one in force.
   */
  async #change({ engineJobId }: LocalJob, change: Partial<LocalJob>): Promise<LocalJob> {
    const before = this.#changes.get(engineJobId);
    const changing = this.#changeAfter(before, engineJobId, change);
    this.#changes.set(engineJobId, changing);
    try {
      return await changing;
    } finally {
      if (this.#changes.get(engineJobId) === changing) this.#changes.delete(engineJobId);
    }
  }

  async #changeAfter(
    before: Promise<LocalJob> | undefined,
    engineJobId: string,
    change: Partial<LocalJob>,
  ): Promise<LocalJob> {
    await before;
    const job = this.#jobs.get(engineJobId);
    if (!job) throw new Error(`engine job ${engineJobId} is not known any more`);
    if (isEnded(job)) return job;
    const changed = { ...job, ...change };
    this.#jobs.set(engineJobId, changed);
    // An end is reported, and then forgotten; it is stored only if reporting fails.
    if (!isEnded(changed)) await this.#writeIfPossible(changed);
    await this.#tell(changed);
    return changed;
  }

  /** An end that could not be reported is stored, and the next start reports it. */
  async #tell(job: LocalJob): Promise<void> {
    const { objects, onChange, log, remembered = 1_000 } = this.#options;
    if (this.#isAbandoned) return;
    try {
      await onChange(job.jobId, job);
      if (!isEnded(job)) return;
      await objects.delete(keyOfLocalJob(job));
      this.#ended.push(job.engineJobId);
      if (this.#ended.length > remembered) this.#jobs.delete(this.#ended.shift() ?? '');
    } catch (error) {
      log.error('a state change was not recorded', { jobId: job.jobId }, error);
      if (isEnded(job)) await this.#writeIfPossible(job);
    }
  }

  async #writeIfPossible(job: LocalJob): Promise<void> {
    try {
      await this.#write(job);
    } catch (error) {
      this.#options.log.error('a state change was not written', { jobId: job.jobId }, error);
    }
  }

  async #write(job: LocalJob): Promise<void> {
    if (this.#isAbandoned) return;
    await this.#options.objects.put(keyOfLocalJob(job), JSON.stringify(job), {
      contentType: 'application/json',
    });
  }
}
