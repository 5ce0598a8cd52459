import type { JobDetail } from '@aws-sdk/client-batch';
import type { FinishDependencies } from '../jobs/finish-job.ts';
import { recordStateChange } from '../jobs/record-state-change.ts';
import { engineJobOf, submittedJobOf } from './batch-job-detail.ts';

/**
 * Brings a job's record up to date with a "Batch Job State Change" event. Events come for the jobs
 * of other systems, too, more than once, and in any order.
 *
 * @param detail of the event
 * @param storeAddress of the environment; jobs of another's store are not its own
 */
export async function followBatchStateChange(
  detail: Partial<JobDetail>,
  storeAddress: string,
  dependencies: FinishDependencies,
): Promise<void> {
  const submitted = submittedJobOf(detail);
  const engineJob = engineJobOf(detail);
  if (!submitted || !engineJob || (submitted.store ?? storeAddress) !== storeAddress) {
    dependencies.log.info('not a job of this environment', { engineJobId: detail.jobId });
    return;
  }
  const log = dependencies.log.with({ jobId: submitted.jobId });
  log.info('state change', {
    engineJobId: engineJob.engineJobId,
    state: engineJob.status,
    reason: engineJob.reason,
    exitCode: engineJob.exitCode,
  });
  await recordStateChange(submitted.jobId, engineJob, { ...dependencies, log });
}
