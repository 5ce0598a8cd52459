import type { Job } from '../../batch-jobs/api/job.ts';
import type { JobRequirements, QueueClass } from '../../batch-jobs/api/process-description.ts';

/** A request to the engine to run the container of a job. */
export interface Submission {
  readonly jobId: string;
  readonly processIdentifier: string;
  readonly queue: QueueClass;
  readonly requirements: JobRequirements;
  /** Owner of the job; left out for a job without an owner. */
  readonly owner?: string | undefined;
}

/** A submitted job, and the queue that it may wait in. */
export interface WaitingJob {
  readonly engineJobId: string;
  readonly queue: QueueClass;
}

/** The job states of AWS Batch, in the order in which a job passes through them. */
export const engineStatuses = [
  'SUBMITTED',
  'PENDING',
  'RUNNABLE',
  'STARTING',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
] as const;
export type EngineStatus = (typeof engineStatuses)[number];

/** How the engine sees a job; `lambda/jobs/reconcile.ts` compares this with the record. */
export interface EngineJob {
  readonly engineJobId: string;
  readonly status: EngineStatus;
  /** The reason in the engine's words, such as `Host EC2 (instance i-...) terminated.` */
  readonly reason?: string;
  /** Somebody ended the job and gave the reason. */
  readonly isTerminated?: boolean;
  /** The container's exit code, if it ended by itself. */
  readonly exitCode?: number;
  /** Attempts that have ended, plus the one that runs. */
  readonly attempts: number;
  readonly startedAt?: string;
  readonly stoppedAt?: string;
}

export function isEnded({ status }: EngineJob): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

/** The engine accepts no more jobs now; the client may try again later. */
export class EngineBusy extends Error {
  override readonly name = 'EngineBusy';
}

/**
 * Runs jobs: AWS Batch, or child processes on this machine.
 *
 * Once a submission returns, the job is not lost, whatever happens to the caller.
 */
export interface JobEngine {
  /** @throws {EngineBusy} if the queue is full or calls are throttled */
  submit(submission: Submission): Promise<{ engineJobId: string }>;
  /** Undefined if the engine does not know the job, or no longer knows it. */
  describe(engineJobId: string): Promise<EngineJob | undefined>;
  /** Like {@link describe}, for any number of jobs with few calls; the result leaves out unknown jobs. */
  describeMany(engineJobIds: readonly string[]): Promise<ReadonlyMap<string, EngineJob>>;
  /** The engine's id of a job, for records that lack it. Undefined if the engine has no such job. */
  find(job: Pick<Job, 'id' | 'process' | 'queue'>): Promise<string | undefined>;
  /**
   * How many jobs of its queue are ahead of one that waits for a machine; undefined if it does not wait, or
   * if the number is unknown. Quick, and never fails.
   */
  ahead?(job: WaitingJob): Promise<number | undefined>;
  /** Ends a job regardless of its state; ending a job that has ended is no error. */
  terminate(engineJobId: string, reason: string): Promise<void>;
}

/** The engine's id of the run that represents a job: the run that works on it, or else the one submitted. */
export async function engineJobIdOf(job: Job, engine: JobEngine): Promise<string | undefined> {
  return job.claim ?? job.engineJobId ?? (await engine.find(job));
}
