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
  /** The identity that owns the jobs; undefined for a caller without one. */
  readonly owner?: string;
  /** Whether the caller may list every job: true on one machine, where all callers are one user. */
  readonly listsAllJobs: boolean;
}

/** Signatures of callbacks, for receivers to verify. */
export interface CallbackSignatures {
  /** A public key (RFC 7517). */
  publicKey(): Promise<object>;
}

/** Informs people by e-mail about the progress of their jobs. */
export interface Recipients {
  /** Domains that mail may go to: `example.org`, `*.example.org` for all below it, `*` for any. */
  readonly domains: readonly string[];
  /** Stores the recipients of mail about a stored job. */
  keep(job: Pick<Job, 'id'>, recipients: readonly string[]): Promise<void>;
  /** Forgets the recipients of a job that was not started. */
  forget(job: Pick<Job, 'id'>): Promise<void>;
}

/** What the service needs to answer a request; a composition root chooses each part. */
export interface ServiceDependencies {
  readonly configuration: Configuration;
  readonly catalogue: readonly ProcessDescription[];
  /** Opened on first use: GetCapabilities must not pay for storage. */
  readonly store: () => Promise<JobStore>;
  /** Opened on first use, like {@link store}. */
  readonly engine: () => Promise<JobEngine>;
  /** Shared by all requests of the environment. */
  readonly unfinishedJobs: UnfinishedJobs;
  /** The deadline of this request. */
  readonly deadline: RequestDeadline;
  readonly caller: Caller;
  /** Settings that the commands of processes read, as far as the service knows them. */
  readonly processVariables?: Readonly<Record<string, string | undefined>>;
  /** If left out, callbacks are not signed. */
  readonly callbacks?: CallbackSignatures;
  /** If left out, no mail is sent. */
  readonly mail?: Recipients;
  readonly mintJobId: () => string;
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Milliseconds of a monotonic clock, to measure durations; if left out, the system's clock. */
  readonly monotonic?: () => number;
  /**
   * Resolves when there is news of a job, if the engine runs in this process; if left out, the record is
   * polled.
   */
  readonly heardOf?: (jobId: string, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What an operation needs. The log learns from the operation which job the request is about. */
export interface Dependencies extends ServiceDependencies {
  readonly log: RequestLog;
}
