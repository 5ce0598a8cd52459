import type { JobDetail } from '@aws-sdk/client-batch';
import type { FinishDependencies } from '../jobs/finish-job.ts';
import { recordStateChange } from '../jobs/record-state-change.ts';
import { engineJobOf, submittedJobOf } from './batch-job-detail.ts';

/**
 * Brings a job's record up to date with a "Batch Job State Change" event. Events may arrive for jobs of other
 * systems, more than once, and in any order.
 *
 * @param detail detail of the event
 * @param storeAddress store of the environment; jobs of another store do not belong to it
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
