import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { engineJobIdOf } from '../jobs/job-engine.ts';
import type { Dependencies } from './dependencies.ts';
import { storedJob } from './find-job.ts';

/**
 * Dismisses a job. Any caller that may see the job may do so.
 *
 * The record ends first, so that the job can no longer succeed; then the engine ends the run. Dismissing a
 * job that has ended changes nothing.
 *
 * @throws {ServiceFault} `unknown-job`, or `expired-job` when its retention is over
 */
export async function dismissJob(id: string, dependencies: Dependencies): Promise<Job> {
  const stored = await storedJob(id, dependencies);
  const store = await dependencies.store();
  const { job } = await store.update(
    stored.job.id,
    (now) => (isFinal(now.status) ? undefined : { status: 'dismissed' }),
    stored,
  );
  if (job.status === 'dismissed') await endRun(job, dependencies);
  return job;
}

/** The record has already ended. A run that continues finds that out, and the sweep ends it. */
async function endRun(job: Job, { log, engine: open }: Dependencies): Promise<void> {
  log.info('job dismissed');
  try {
    const engine = await open();
    const engineJobId = await engineJobIdOf(job, engine);
    if (engineJobId) await engine.terminate(engineJobId, 'dismissed by the client');
  } catch (error) {
    log.error('the run of a dismissed job was not ended', {}, error);
  }
}
