import { defaultMessage, isFinal, type Job, type JobChange, type JobFailure } from '../api/job.ts';
import type { JobStore, StoredJob } from '../api/job-store.ts';
import type { Log } from '../api/log.ts';
import { untilAborted } from '../api/until-aborted.ts';
import { type Ends, stoppingMilliseconds } from './ends.ts';
import { insist } from './insist.ts';

export interface Run {
  readonly jobId: string;
  /** The engine's name for this run's job; the claim is made under it. */
  readonly engineJobId: string;
  /** This attempt, from 1, and how many there may be. */
  readonly attempt: number;
  readonly attempts: number;
}

export interface RunRecordDependencies {
  readonly store: JobStore;
  readonly log: Log;
  readonly now: () => Date;
  /** Milliseconds of a clock that is never set, for how long something is waited for. */
  readonly monotonic: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** How long a store that does not answer is waited for, beyond its adapter's own retries. */
const patienceMilliseconds = 5 * 60 * 1000;

/** The record of a job as one run of it writes it: only while the job is the run's own. */
export class RunRecord {
  readonly #run: Run;
  readonly #dependencies: RunRecordDependencies;
  readonly #ends: Ends;
  /** As last written or read here; an outdated one is found out by the next write. */
  #known: StoredJob | undefined;

  /** @param ends there is less patience once the attempt is to end */
  constructor(run: Run, dependencies: RunRecordDependencies, ends: Ends) {
    this.#run = run;
    this.#dependencies = dependencies;
    this.#ends = ends;
  }

  /** Whether the job had ended when the record was last seen here. */
  get isOver(): boolean {
    return this.#known !== undefined && isFinal(this.#known.job.status);
  }

  /** Undefined when there is nothing to do: the job has ended, or another run works on it. */
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

  /** Whether the job is still to be worked on, and by this run. */
  async isStillOwn(): Promise<boolean> {
    const stored = await this.#dependencies.store.read(this.#run.jobId);
    this.#known = stored;
    return stored !== undefined && this.#mayWorkOn(stored.job);
  }

  /**
   * @param percent 0 to 100
   * @param message empty to leave the last one
   * @returns whether the job is still to be worked on, and by this run
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

  /** False when somebody else has ended the job, or works on it. */
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

  /** Ends this attempt; another follows. */
  async pause(why: string): Promise<void> {
    const { attempt, attempts } = this.#run;
    const message = `${why} Attempt ${attempt} of ${attempts} ended; the next one follows.`;
    await this.#pause(this.#ends.last, message);
  }

  /** Ends this attempt; what follows is for the engine to say. */
  async stop(): Promise<void> {
    const { attempt, attempts } = this.#run;
    const late = new AbortController();
    this.#dependencies.wait(stoppingMilliseconds).then(() => late.abort());
    await this.#pause(late.signal, `Attempt ${attempt} of ${attempts} was stopped.`);
  }

  /** Tries what the run needs of the store for as long as there is time. */
  async insist<T>(what: string, work: () => Promise<T>): Promise<T> {
    const signal = this.#ends.either;
    const { log, monotonic, wait } = this.#dependencies;
    return await insist(what, work, {
      milliseconds: () => (signal.aborted ? stoppingMilliseconds : patienceMilliseconds),
      // One more try at once when the attempt is to end.
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

  /** An end that cannot be reported is known by the exit code, and then by the engine. */
  async #report(until: AbortSignal, decide: (job: Job) => JobChange | undefined): Promise<void> {
    try {
      await untilAborted(() => this.#update('reporting the end', decide), until);
    } catch (error) {
      // Then it is for somebody else to report.
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
    // What would change nothing is decided on the record as it is.
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
