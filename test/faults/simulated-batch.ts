import { isRequestFault } from '../../batch-jobs/api/exit-codes.ts';
import type { Job } from '../../batch-jobs/api/job.ts';
import type { EngineJob, JobEngine, Submission } from '../../lambda/job-engine.ts';

/** How an attempt ended: with an exit code, or with its machine. */
export type AttemptEnd = { readonly exitCode: number } | { readonly reason: string };

export interface SimulatedBatchParts {
  readonly runAttempt: (
    submission: Submission,
    run: { readonly engineJobId: string; readonly attempt: number },
  ) => Promise<AttemptEnd>;
  /** Told of each change of a job's state. */
  readonly emit: (jobId: string, engineJob: EngineJob) => void;
}

interface SimulatedJob {
  readonly submission: Submission;
  engineJob: EngineJob;
  terminated: boolean;
}

/**
 * AWS Batch as the service sees it: takes every submission, the same job twice, too; tries a job
 * again as its retry strategy says; remembers what became of it.
 */
export class SimulatedBatch implements JobEngine {
  readonly #parts: SimulatedBatchParts;
  readonly #jobs = new Map<string, SimulatedJob>();
  readonly #runs = new Set<Promise<void>>();

  constructor(parts: SimulatedBatchParts) {
    this.#parts = parts;
  }

  async submit(submission: Submission): Promise<{ engineJobId: string }> {
    const engineJobId = `b-${this.#jobs.size + 1}`;
    const job: SimulatedJob = {
      submission,
      engineJob: { engineJobId, status: 'RUNNABLE', attempts: 0 },
      terminated: false,
    };
    this.#jobs.set(engineJobId, job);
    const run = this.#run(job).finally(() => this.#runs.delete(run));
    this.#runs.add(run);
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
    for (const [engineJobId, { submission }] of this.#jobs) {
      if (submission.jobId === id) return engineJobId;
    }
    return undefined;
  }

  async terminate(engineJobId: string): Promise<void> {
    const job = this.#jobs.get(engineJobId);
    if (job) job.terminated = true;
  }

  /** Waits until nothing runs. */
  async idle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all(this.#runs);
  }

  async #run(job: SimulatedJob): Promise<void> {
    const { engineJobId } = job.engineJob;
    const { requirements } = job.submission;
    // As on AWS, nothing starts before the answer to the submission is on its way.
    await Promise.resolve();
    for (let attempt = 1; ; attempt++) {
      if (job.terminated) return this.#change(job, { status: 'FAILED', reason: 'terminated' });
      this.#change(job, { status: 'RUNNING', attempts: attempt });
      const end = await this.#parts.runAttempt(job.submission, { engineJobId, attempt });
      if ('exitCode' in end && end.exitCode === 0) {
        return this.#change(job, { status: 'SUCCEEDED', ...end });
      }
      const isHopeless = 'exitCode' in end && isRequestFault(end.exitCode);
      if (job.terminated || isHopeless || attempt >= requirements.attempts) {
        return this.#change(job, { status: 'FAILED', ...end });
      }
      this.#change(job, { status: 'RUNNABLE' });
    }
  }

  #change(job: SimulatedJob, change: Partial<EngineJob>): void {
    job.engineJob = { ...job.engineJob, ...change };
    this.#parts.emit(job.submission.jobId, job.engineJob);
  }
}
