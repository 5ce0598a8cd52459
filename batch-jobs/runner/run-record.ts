import { defaultMessage, isFinal, type Job, type JobChange, type JobFailure } from '../api/job.ts';
import type { JobStore, StoredJob } from '../api/job-store.ts';
import type { Log } from '../api/log.ts';
import { untilAborted } from '../api/until-aborted.ts';
import { type Ends, stoppingMilliseconds } from './ends.ts';
import { insist } from './insist.ts';

export interface Run {
  readonly jobId: string;
  /** The engine's ID for this run's job; the claim uses it. */
  readonly engineJobId: string;
  /** Number of this attempt, from 1, and the maximum number of attempts. */
  readonly attempt: number;
  readonly attempts: number;
}

export interface RunRecordDependencies {
  readonly store: JobStore;
  readonly log: Log;
  readonly now: () => Date;
  /** Milliseconds of a clock that is never set, to measure waiting times. */
  readonly monotonic: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How long to wait for a store that does not respond, in addition to its adapter's own retries. */
const patienceMilliseconds = 5 * 60 * 1000;

/** The record of a job as written by one run, which writes only while it owns the job. */
export class RunRecord {
  readonly #run: Run;
  readonly #dependencies: RunRecordDependencies;
  readonly #ends: Ends;
  /** As last written or read here. The next write detects if it is outdated. */
  #known: StoredJob | undefined;

  /** @param ends shorten the retries once the attempt must end */
  constructor(run: Run, dependencies: RunRecordDependencies, ends: Ends) {
    this.#run = run;
    this.#dependencies = dependencies;
    this.#ends = ends;
  }

  /** Whether the job had ended when the record was last read or written here. */
  get isOver(): boolean {
    return this.#known !== undefined && isFinal(this.#known.job.status);
  }

  /** Returns undefined if there is nothing to do: the job has ended, or another run works on it. */
  async claim(): Promise<Job | undefined> {
    const { engineJobId, attempt } = this.#run;
    const at = this.#dependencies.now().toISOString();
    const job = await this.#update('claiming the job', (job) => {
      if (job.claim !== undefined && job.claim !== engineJobId) return undefined;
      if ((job.attempt ?? 0) > attempt) return undefined;
      return {
        status: 'running',
        message: attempt > 1 ? `The job runs again, attempt ${attempt}.` : 'The job runs.',
        claim: engineJobId,
        attempt,
        percentCompleted: 0,
        startedAt: job.startedAt ?? at,
      };
    });
    if (!isFinal(job.status) && this.#isOwn(job)) return job;
    this.#dependencies.log.info('nothing to do', { status: job.status, claim: job.claim });
    return undefined;
  }

  /** Whether the job is unfinished and this run still owns it. */
  async isStillOwn(): Promise<boolean> {
    const stored = await this.#dependencies.store.read(this.#run.jobId);
    this.#known = stored;
    return stored !== undefined && this.#mayWorkOn(stored.job);
  }

  /**
   * @param percent 0 to 100
   * @param message empty to keep the last message
   * @returns whether the job is unfinished and this run still owns it
   */
  async progress(percent: number, message: string): Promise<boolean> {
    const job = await this.#change((job) =>
      job.status === 'running' && this.#isOwn(job)
        ? {
            percentCompleted: Math.max(job.percentCompleted, Math.floor(percent)),
            ...(message ? { message } : {}),
          }
        : undefined,
    );
    return this.#mayWorkOn(job);
  }

  /** Returns false if another run has ended the job, or works on it. */
  async succeed(outputs: Job['outputs'], warnings: readonly string[] = []): Promise<boolean> {
    const told =
      warnings.length > 0
        ? { warnings, message: [defaultMessage('succeeded'), ...warnings].join(' ') }
        : {};
    const job = await this.#update('reporting success', (job) =>
      this.#isOwn(job)
        ? { status: 'succeeded', percentCompleted: 100, outputs, ...told }
        : undefined,
    );
    return job.status === 'succeeded' && this.#isOwn(job);
  }

  /** Ends the job. */
  async fail(failure: JobFailure): Promise<void> {
    const { last } = this.#ends;
    await this.#report(last, (job) =>
      this.#isOwn(job) ? { status: 'failed', failure } : undefined,
    );
  }

  /** Ends this attempt; another one follows. */
  async pause(why: string): Promise<void> {
    const { attempt, attempts } = this.#run;
    const message = `${why} Attempt ${attempt} of ${attempts} ended; the next one follows.`;
    await this.#pause(this.#ends.last, message);
  }

  /** Ends this attempt; the engine decides what follows. */
  async stop(): Promise<void> {
    const { attempt, attempts } = this.#run;
    const late = new AbortController();
    this.#dependencies.wait(stoppingMilliseconds).then(() => late.abort());
    await this.#pause(late.signal, `Attempt ${attempt} of ${attempts} was stopped.`);
  }

  /** Retries a store operation that the run needs, for as long as there is time. */
  async insist<T>(what: string, work: () => Promise<T>): Promise<T> {
    const signal = this.#ends.either;
    const { log, monotonic, wait } = this.#dependencies;
    return await insist(what, work, {
      milliseconds: () => (signal.aborted ? stoppingMilliseconds : patienceMilliseconds),
      // When the attempt must end, retry once immediately.
      wait: (milliseconds) =>
        signal.aborted
          ? wait(milliseconds)
          : untilAborted(() => wait(milliseconds), signal).catch(() => undefined),
      monotonic,
      log,
    });
  }

  async #pause(until: AbortSignal, message: string): Promise<void> {
    await this.#report(until, (job) =>
      job.status === 'running' && this.#isOwn(job) ? { status: 'paused', message } : undefined,
    );
  }

  /** If the end cannot be reported, the engine learns it from the exit code. */
  async #report(until: AbortSignal, decide: (job: Job) => JobChange | undefined): Promise<void> {
    try {
      await untilAborted(() => this.#update('reporting the end', decide), until);
    } catch (error) {
      // In that case another run reports the end.
      if (this.#ends.lost.aborted) return;
      this.#dependencies.log.error('how the attempt ended was not reported', {}, error);
    }
  }

  async #update(what: string, decide: (job: Job) => JobChange | undefined): Promise<Job> {
    return await this.insist(what, () =>
      this.#change((job) => (isFinal(job.status) ? undefined : decide(job))),
    );
  }

  async #change(decide: (job: Job) => JobChange | undefined): Promise<Job> {
    // If the change would have no effect on the known record, decide on the current record.
    const known = this.#known && decide(this.#known.job) ? this.#known : undefined;
    this.#known = await this.#dependencies.store.update(this.#run.jobId, decide, known);
    return this.#known.job;
  }

  #mayWorkOn(job: Job): boolean {
    return !isFinal(job.status) && this.#isOwn(job);
  }

  /** A run that was cut off may still write while the next attempt runs. */
  #isOwn(job: Job): boolean {
    return job.claim === this.#run.engineJobId && job.attempt === this.#run.attempt;
  }
}
