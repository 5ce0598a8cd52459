import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { DeadlinePassed, unlessPassed } from '../jobs/request-deadline.ts';
import type { Dependencies } from './dependencies.ts';

/** Pauses between looks at the record: short at first, for jobs that take no time. */
const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 1_000;

/**
 * Waits for a job to end, for as long as its client can be kept waiting. The client's patience began
 * when its request arrived, not when the job was submitted.
 *
 * @param seconds that the client waits at most
 * @returns the job as it was last seen: one that has not ended takes longer, and goes on
 */
export async function waitForEnd(
  submitted: Job,
  seconds: number,
  dependencies: Dependencies,
): Promise<Job> {
  const { arrivedAt, work } = dependencies.deadline;
  const store = await dependencies.store();
  const until = arrivedAt.getTime() + seconds * 1000;
  let pause = firstPauseMilliseconds;
  for (let job = submitted; ; ) {
    if (isFinal(job.status)) return job;
    const left = until - dependencies.now().getTime();
    if (left <= 0) return job;
    try {
      await unlessPassed(work, dependencies.wait(Math.min(pause, left)));
      job = (await unlessPassed(work, store.read(job.id)))?.job ?? job;
    } catch (error) {
      if (error instanceof DeadlinePassed) return job;
      throw error;
    }
    pause = Math.min(pause * 2, longestPauseMilliseconds);
  }
}
