import type { Job } from '../../batch-jobs/api/job.ts';
import type { JobRequirements, QueueClass } from '../../batch-jobs/api/process-description.ts';

/** What is asked of the engine: run this job's container. */
export interface Submission {
  readonly jobId: string;
  readonly processIdentifier: string;
  readonly queue: QueueClass;
  readonly requirements: JobRequirements;
  /** Owner of the job; left out for a job without one. */
  readonly owner?: string;
}

/** A job that was submitted, and the queue that it may wait in. */
export interface WaitingJob {
  readonly engineJobId: string;
  readonly queue: QueueClass;
}

/** AWS Batch's job states, in the order a job passes them. */
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

/** How the engine sees a job; `lambda/jobs/reconcile.ts` compares it with the record. */
export interface EngineJob {
  readonly engineJobId: string;
  readonly status: EngineStatus;
  /** The engine's own words, such as `Host EC2 (instance i-...) terminated.` */
  readonly reason?: string;
  /** Somebody ended it; the reason is theirs. */
  readonly isTerminated?: boolean;
  /** The container's exit code, once it ended by itself. */
  readonly exitCode?: number;
  /** Attempts that have ended, and the one that runs. */
  readonly attempts: number;
  readonly startedAt?: string;
  readonly stoppedAt?: string;
}

export function isEnded({ status }: EngineJob): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED';
}

/** The engine takes no more jobs now; the client may come back later. */
export class EngineBusy extends Error {
  override readonly name = 'EngineBusy';
}

/**
 * Runs jobs: AWS Batch, or child processes of this machine.
 *
 * A submission that returned is not lost, whatever happens to the caller.
 */
export interface JobEngine {
  /** @throws {EngineBusy} when the queue is full or calls are throttled. */
  submit(submission: Submission): Promise<{ engineJobId: string }>;
  /** Undefined when the engine does not know the job (any more). */
  describe(engineJobId: string): Promise<EngineJob | undefined>;
  /** As {@link describe}, of any number of jobs with few calls; those it does not know are left out. */
  describeMany(engineJobIds: readonly string[]): Promise<ReadonlyMap<string, EngineJob>>;
  /** The engine's id of a job, for records that lack it. Undefined when there is none. */
  find(job: Pick<Job, 'id' | 'process' | 'queue'>): Promise<string | undefined>;
  /**
   * How many jobs of its queue come before one that waits for a machine; undefined when it does not, and where that is
   * not known. Quick, and never fails.
   */
  ahead?(job: WaitingJob): Promise<number | undefined>;
  /** Ends a job regardless of its state; ending an ended job is no error. */
  terminate(engineJobId: string, reason: string): Promise<void>;
}

/** The run that counts of a job: the one that works on it, else the one that was submitted. */
export async function engineJobIdOf(job: Job, engine: JobEngine): Promise<string | undefined> {
  return job.claim ?? job.engineJobId ?? (await engine.find(job));
}
