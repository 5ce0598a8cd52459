import type { JobDetail } from '@aws-sdk/client-batch';
import { isJobId } from '../../batch-jobs/api/job-id.ts';
import { runnerVariables } from '../../batch-jobs/api/runner-variables.ts';
import { type EngineJob, engineStatuses } from '../jobs/job-engine.ts';

/** Tags of a Batch job, which split the bill and identify the job if nothing else does. */
export const jobTags = {
  jobId: 'WpsJobId',
  process: 'WpsProcess',
  environment: 'WpsEnvironment',
} as const;

/**
 * A job as the engine sees it, from what AWS Batch says: the answer of DescribeJobs, or the detail of a
 * "Batch Job State Change" event, which has the same form.
 *
 * Undefined if the state is missing or unknown.
 *
 * Source: AWS Batch API reference, `JobDetail`; User Guide, "Job state change events".
 */
export function engineJobOf(detail: Partial<JobDetail>): EngineJob | undefined {
  const status = engineStatuses.find((known) => known === detail.status);
  if (!status || !detail.jobId) return undefined;
  const last = detail.attempts?.at(-1);
  // The container agent's reason says more: Batch says "task exited" of most jobs.
  const container = detail.container?.reason ?? last?.container?.reason;
  const batch = detail.statusReason ?? last?.statusReason;
  const reason = [container, batch].filter(Boolean).join('; ');
  const exitCode = detail.container?.exitCode ?? last?.container?.exitCode;
  const ended = (detail.attempts ?? []).filter((attempt) => attempt.stoppedAt !== undefined);
  return {
    engineJobId: detail.jobId,
    status,
    attempts: ended.length + (status === 'RUNNING' ? 1 : 0),
    ...(reason ? { reason } : {}),
    ...(detail.isTerminated || detail.isCancelled ? { isTerminated: true } : {}),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(detail.startedAt ? { startedAt: new Date(detail.startedAt).toISOString() } : {}),
    ...(detail.stoppedAt ? { stoppedAt: new Date(detail.stoppedAt).toISOString() } : {}),
  };
}

/** The job, and its store, that a Batch job runs. */
export interface SubmittedJob {
  readonly jobId: string;
  /** Address of the store; unknown if Batch does not show the container's variables. */
  readonly store?: string;
}

/** Undefined for jobs of other systems. */
export function submittedJobOf(detail: Partial<JobDetail>): SubmittedJob | undefined {
  const variable = (name: string) =>
    detail.container?.environment?.find((pair) => pair.name === name)?.value;
  const candidates = [
    variable(runnerVariables.jobId),
    detail.tags?.[jobTags.jobId],
    // The job's name ends with the id, which has 36 characters.
    detail.jobName?.slice(-36),
  ];
  const jobId = candidates.find((text) => text !== undefined && isJobId(text));
  const store = variable(runnerVariables.store);
  return jobId === undefined ? undefined : { jobId, ...(store === undefined ? {} : { store }) };
}
