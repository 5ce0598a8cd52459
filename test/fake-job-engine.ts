import type { Job } from '../batch-jobs/api/job.ts';
import type { EngineJob, JobEngine, Submission } from '../lambda/jobs/job-engine.ts';

/** An engine that runs nothing. The test decides what happens to its jobs. */
export class FakeJobEngine implements JobEngine {
  readonly submissions: (Submission & { readonly engineJobId: string })[] = [];
  readonly jobs = new Map<string, EngineJob>();
  readonly terminated: string[] = [];
  /** Reasons of the terminations, in the same order. */
  readonly reasons: string[] = [];

  async submit(submission: Submission): Promise<{ engineJobId: string }> {
    const engineJobId = `e-${this.submissions.length + 1}`;
    this.submissions.push({ ...submission, engineJobId });
    this.jobs.set(engineJobId, { engineJobId, status: 'RUNNABLE', attempts: 0 });
    return { engineJobId };
  }

  async describe(engineJobId: string): Promise<EngineJob | undefined> {
    return this.jobs.get(engineJobId);
  }

  async describeMany(engineJobIds: readonly string[]): Promise<ReadonlyMap<string, EngineJob>> {
    const jobs = engineJobIds.map((engineJobId) => this.jobs.get(engineJobId));
    return new Map(jobs.flatMap((job) => (job ? [[job.engineJobId, job]] : [])));
  }

  async find({ id }: Pick<Job, 'id'>): Promise<string | undefined> {
    return this.submissions.find(({ jobId }) => jobId === id)?.engineJobId;
  }

  async terminate(engineJobId: string, reason: string): Promise<void> {
    this.terminated.push(engineJobId);
    this.reasons.push(reason);
  }

  /** Sets the job that the engine reports from now on. */
  becomes(engineJobId: string, change: Partial<EngineJob>): EngineJob {
    const job = { engineJobId, status: 'RUNNABLE' as const, attempts: 0, ...change };
    this.jobs.set(engineJobId, job);
    return job;
  }
}
