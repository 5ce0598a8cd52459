import { isRequestFault } from '../../batch-jobs/api/exit-codes.ts';
import type { Job } from '../../batch-jobs/api/job.ts';
import type { EngineJob, JobEngine, Submission } from '../../lambda/jobs/job-engine.ts';

/** How an attempt ended: with an exit code, or because its machine failed. */
export type AttemptEnd = { readonly exitCode: number } | { readonly reason: string };

/** The reason why Batch stops an attempt. */
export interface Ending {
  readonly reason: string;
  readonly isTriedAgain: boolean;
  readonly isTerminated?: true;
}

export const hostTerminated = 'Host EC2 (instance i-0123) terminated.';
export const endings = {
  reclaimed: { reason: hostTerminated, isTriedAgain: true },
  timedOut: { reason: 'Job attempt duration exceeded timeout', isTriedAgain: false },
  terminated: { reason: 'too dear this month', isTriedAgain: false, isTerminated: true },
} as const satisfies Record<string, Ending>;

/** The machine that an attempt runs on. */
export class Machine {
  /** Resolves when Batch considers the machine lost. */
  readonly lost: Promise<void>;
  /** Batch considers the machine lost, although its processes keep running and receive no signal. */
  readonly lose: () => void;
  readonly #stop = new AbortController();
  #ending: Ending | undefined;

  constructor() {
    let lose = () => {};
    this.lost = new Promise((resolve) => {
      lose = resolve;
    });
    this.lose = lose;
  }

  /** Aborted by SIGTERM. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Sends SIGTERM. The first caller's reason is used. */
  stop(ending: Ending): void {
    this.#ending ??= ending;
    this.#stop.abort();
  }
}

export interface SimulatedBatchParts {
  readonly runAttempt: (
    submission: Submission,
    run: { readonly engineJobId: string; readonly attempt: number },
    machine: Machine,
  ) => Promise<AttemptEnd>;
  /** Called on each change of a job's state. */
  readonly emit: (jobId: string, engineJob: EngineJob) => void;
  readonly now: () => Date;
  /** Delay from a job's submission until it is listed, in seconds. */
  readonly listingLagSeconds: () => number;
}

interface SimulatedJob {
  readonly submission: Submission;
  readonly listedAt: number;
  engineJob: EngineJob;
  /** The machine that runs its attempt, if one runs. */
  machine?: Machine;
  terminated?: Ending;
}

/**
 * AWS Batch as the service sees it. It accepts every submission, also of the same job twice, and lists the
 * job a little later. It stops attempts, and retries a job as its retry strategy says, even while an attempt
 * on a machine that it considers lost keeps running. It remembers how jobs ended.
 */
export class SimulatedBatch implements JobEngine {
  readonly #parts: SimulatedBatchParts;
  readonly #jobs = new Map<string, SimulatedJob>();
  readonly #byJobId = new Map<string, SimulatedJob>();
  readonly #runs = new Set<Promise<unknown>>();

  constructor(parts: SimulatedBatchParts) {
    this.#parts = parts;
  }

  async submit(submission: Submission): Promise<{ engineJobId: string }> {
    const engineJobId = `b-${this.#jobs.size + 1}`;
    const { now, listingLagSeconds } = this.#parts;
    const job: SimulatedJob = {
      submission,
      listedAt: now().getTime() + listingLagSeconds() * 1000,
      engineJob: { engineJobId, status: 'RUNNABLE', attempts: 0 },
    };
    this.#jobs.set(engineJobId, job);
    if (!this.#byJobId.has(submission.jobId)) this.#byJobId.set(submission.jobId, job);
    this.#follow(this.#run(job));
    return { engineJobId };
  }

  async describe(engineJobId: string): Promise<EngineJob | undefined> {
    return this.#jobs.get(engineJobId)?.engineJob;
  }

  async describeMany(engineJobIds: readonly string[]): Promise<ReadonlyMap<string, EngineJob>> {
    const jobs = await Promise.all(engineJobIds.map((engineJobId) => this.describe(engineJobId)));
    return new Map(jobs.flatMap((job) => (job ? [[job.engineJobId, job]] : [])));
  }

  async find({ id }: Pick<Job, 'id'>): Promise<string | undefined> {
    const job = this.#byJobId.get(id);
    const isListed = job !== undefined && job.listedAt <= this.#parts.now().getTime();
    return isListed ? job.engineJob.engineJobId : undefined;
  }

  async terminate(engineJobId: string, reason: string): Promise<void> {
    const job = this.#jobs.get(engineJobId);
    if (!job) return;
    job.terminated ??= { reason, isTriedAgain: false, isTerminated: true };
    job.machine?.stop(job.terminated);
  }

  /** Resolves when nothing runs. */
  async idle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs);
  }

  #follow(run: Promise<unknown>): void {
    const followed = run.finally(() => this.#runs.delete(followed));
    this.#runs.add(followed);
  }

  async #run(job: SimulatedJob): Promise<void> {
    const { engineJobId } = job.engineJob;
    const { requirements } = job.submission;
    // As on AWS, nothing starts before the answer to the submission has left.
    await Promise.resolve();
    for (let attempt = 1; ; attempt++) {
      if (job.terminated) return this.#tell(job, 'FAILED', attempt - 1, job.terminated);
      const machine = new Machine();
      job.machine = machine;
      this.#tell(job, 'RUNNING', attempt);
      const running = this.#parts.runAttempt(job.submission, { engineJobId, attempt }, machine);
      this.#follow(running);
      const lost = machine.lost.then(() => ({ reason: hostTerminated }));
      const end: AttemptEnd = await Promise.race([running, lost]);
      delete job.machine;
      if ('exitCode' in end && end.exitCode === 0) {
        return this.#tell(job, 'SUCCEEDED', attempt, end);
      }
      const { ending } = machine;
      const isHopeless = 'exitCode' in end && isRequestFault(end.exitCode);
      const isLast = ending?.isTriedAgain === false || attempt >= requirements.attempts;
      const told = { reason: 'Essential container in task exited', ...end, ...ending };
      if (isHopeless || isLast) return this.#tell(job, 'FAILED', attempt, told);
      this.#tell(job, 'RUNNABLE', attempt, told);
    }
  }

  #tell(
    job: SimulatedJob,
    status: EngineJob['status'],
    attempts: number,
    told: Partial<Ending> & Partial<EngineJob> = {},
  ): void {
    const { isTriedAgain: _, ...rest } = told;
    job.engineJob = { engineJobId: job.engineJob.engineJobId, status, attempts, ...rest };
    this.#parts.emit(job.submission.jobId, job.engineJob);
  }
}
