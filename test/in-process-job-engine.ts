import {
  EngineBusy,
  type EngineJob,
  type JobEngine,
  type Submission,
} from '../lambda/jobs/job-engine.ts';

/** Runs one attempt of a job and resolves to its exit code. */
type RunAttempt = (
  submission: Submission,
  engineJobId: string,
  stop: AbortSignal,
) => Promise<number>;

/**
 * An engine without queues or processes of its own. Each job runs at once within this process, or waits while
 * the engine is held.
 */
export class InProcessJobEngine implements JobEngine {
  readonly #run: RunAttempt;
  readonly #jobs = new Map<string, EngineJob>();
  readonly #running = new Map<string, { ended: Promise<void>; stop: AbortController }>();
  /** Accept jobs but run none. */
  isHeld = false;
  /** Refuse jobs. */
  isBusy = false;

  constructor(run: RunAttempt) {
    this.#run = run;
  }

  async submit(submission: Submission): Promise<{ engineJobId: string }> {
    if (this.isBusy) throw new EngineBusy('told to be busy');
    const engineJobId = `e-${submission.jobId}`;
    this.#jobs.set(engineJobId, { engineJobId, status: 'RUNNABLE', attempts: 0 });
    if (!this.isHeld) this.#start(submission, engineJobId);
    return { engineJobId };
  }

  async describe(engineJobId: string): Promise<EngineJob | undefined> {
    return this.#jobs.get(engineJobId);
  }

  async describeMany(engineJobIds: readonly string[]): Promise<ReadonlyMap<string, EngineJob>> {
    const jobs = await Promise.all(engineJobIds.map((engineJobId) => this.describe(engineJobId)));
    return new Map(jobs.flatMap((job) => (job ? [[job.engineJobId, job]] : [])));
  }

  async find(): Promise<string | undefined> {
    return undefined;
  }

  async terminate(engineJobId: string): Promise<void> {
    this.#running.get(engineJobId)?.stop.abort();
    this.#jobs.set(engineJobId, { engineJobId, status: 'FAILED', attempts: 1 });
  }

  /** Resolves when the jobs that run now have ended. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  #start(submission: Submission, engineJobId: string): void {
    const stop = new AbortController();
    this.#jobs.set(engineJobId, { engineJobId, status: 'RUNNING', attempts: 1 });
    const ended = this.#run(submission, engineJobId, stop.signal).then((exitCode) => {
      const status = exitCode === 0 ? 'SUCCEEDED' : 'FAILED';
      this.#jobs.set(engineJobId, { engineJobId, status, exitCode, attempts: 1 });
      this.#running.delete(engineJobId);
    });
    this.#running.set(engineJobId, { ended, stop });
  }
}
