import type { JobStore } from '../batch-jobs/api/job-store.ts';
import type { Log } from '../batch-jobs/api/log.ts';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import type { Configuration } from './configuration/configuration.ts';
import type { ServiceResponse } from './http.ts';
import type { JobEngine } from './jobs/job-engine.ts';
import type { Metrics } from './jobs/metrics.ts';
import type { RequestDeadline } from './jobs/request-deadline.ts';
import type { RequestLog } from './jobs/request-log.ts';
import type { UnfinishedJobs } from './jobs/unfinished-jobs.ts';

/** What the service stands on; a composition root chooses each part. */
export interface ServiceParts {
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
  readonly mintJobId: () => string;
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What an operation stands on: it tells the log which job the request is about. */
export interface OperationParts extends ServiceParts {
  readonly log: RequestLog;
}

/** `text/xml` and nothing else: clients recognise exception reports by exactly this type. */
export function xml(status: number, body: string): ServiceResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body };
}
