import PQueue from 'p-queue';
import { isFinal } from '../batch-jobs/api/job.ts';
import { endDismissedRun } from './end-dismissed-run.ts';
import { type FinishParts, finishJob } from './finish-job.ts';
import { type RepairParts, repairJob } from './repair-job.ts';

export type SweepParts = RepairParts & FinishParts;

/** Jobs looked at at once; each is a few calls of the store. */
const atOnce = 16;

/** No request lasts so long that its record could still be on the way. */
const leftoverMilliseconds = 60 * 60 * 1000;

/**
 * Looks at every job that nobody has finished: fails what was written down and never submitted,
 * repairs what has not been heard of for long, finishes what has ended once its run is over. A job
 * that cannot be looked at now is left for the next sweep.
 */
export async function sweepJobs(parts: SweepParts): Promise<void> {
  const queue = new PQueue({ concurrency: atOnce });
  let seen = 0;
  let failed = 0;
  for await (const jobId of parts.store.listUnfinished()) {
    seen++;
    await queue.onSizeLessThan(atOnce);
    void queue.add(async () => {
      try {
        await lookAt(jobId, parts);
      } catch (error) {
        failed++;
        parts.log.error('an unfinished job was not looked at', { jobId }, error);
      }
    });
  }
  await queue.onIdle();
  parts.log.info('unfinished jobs looked at', { jobs: seen, failed });
}

async function lookAt(jobId: string, parts: SweepParts): Promise<void> {
  const stored = await parts.store.read(jobId);
  if (!stored) {
    await parts.store.forgetUnrecorded(
      jobId,
      new Date(parts.now().getTime() - leftoverMilliseconds),
    );
    return;
  }
  const after = await repairJob(stored, parts);
  if (isFinal(after.job.status) && (await endDismissedRun(after.job, parts))) {
    await finishJob(after, parts);
  }
}
