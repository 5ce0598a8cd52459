import type { Job } from '../../batch-jobs/api/job.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { Configuration } from '../configuration/configuration.ts';
import type { JobEngine } from '../jobs/job-engine.ts';
import type { Metrics } from '../jobs/metrics.ts';
import type { RequestDeadline } from '../jobs/request-deadline.ts';
import type { RequestLog } from '../jobs/request-log.ts';
import type { UnfinishedJobs } from '../jobs/unfinished-jobs.ts';

/** The client that sent a request, as far as it is known. */
export interface Caller {
  /** Identity that jobs belong to; undefined for a caller without one. */
  readonly owner?: string;
  /** May list every job: on one machine, where all callers are one user. */
  readonly listsAllJobs: boolean;
}

/** Signatures of callbacks, as receivers check them. */
export interface CallbackSignatures {
  /** A public key (RFC 7517). */
  publicKey(): Promise<object>;
}

/** Tells people by e-mail how their jobs get on. */
export interface Recipients {
  /** That mail may go to: `example.org`, `*.example.org` for all below it, `*` for any. */
  readonly domains: readonly string[];
  /** Stores the recipients of mail about a stored job. */
  keep(job: Pick<Job, 'id'>, recipients: readonly string[]): Promise<void>;
  /** Of a job that came to nothing. */
  forget(job: Pick<Job, 'id'>): Promise<void>;
}

/** What the service needs to answer a request; a composition root chooses each part. */
export interface ServiceDependencies {
  readonly configuration: Configuration;
  readonly catalogue: readonly ProcessDescription[];
  /** Opened when first needed: GetCapabilities must not pay for storage. */
  readonly store: () => Promise<JobStore>;
  /** As {@link store}. */
  readonly engine: () => Promise<JobEngine>;
  /** Of the environment, over all its requests. */
  readonly unfinishedJobs: UnfinishedJobs;
  /** Of this request. */
  readonly deadline: RequestDeadline;
  readonly caller: Caller;
  /** Settings that the commands of processes read, as far as the service knows them. */
  readonly processVariables?: Readonly<Record<string, string | undefined>>;
  /** Left out, there are none. */
  readonly callbacks?: CallbackSignatures;
  /** Left out, no mail is sent. */
  readonly mail?: Recipients;
  readonly mintJobId: () => string;
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
  /**
   * Milliseconds of a monotonic clock, for how long something takes; left out, that of the
   * system.
   */
  readonly monotonic?: () => number;
  /**
   * Resolves when there is news of a job, where the engine runs in this process; left out,
   * the record is looked at now and then.
   */
  readonly heardOf?: (jobId: string, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What an operation needs. It tells the log which job the request is about. */
export interface Dependencies extends ServiceDependencies {
  readonly log: RequestLog;
}
