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
  const { deadline, now, monotonic = () => performance.now() } = dependencies;
  const store = await dependencies.store();
  // What has passed since the arrival is read off the clock once: one that is set must change nothing.
  const passed = Math.max(0, now().getTime() - deadline.arrivedAt.getTime());
  const until = monotonic() + seconds * 1000 - Math.min(passed, seconds * 1000);
  const look = async (job: Job) =>
    (await unlessPassed(deadline.work, store.read(job.id)))?.job ?? job;
  let pause = firstPauseMilliseconds;
  for (let job = submitted; ; ) {
    const listening = new AbortController();
    try {
      const heard = dependencies.heardOf?.(job.id, listening.signal);
      // What was told before anybody listened is in the record.
      if (heard) job = await look(job);
      if (isFinal(job.status)) return job;
      const left = until - monotonic();
      if (left <= 0) return job;
      const waited = dependencies.wait(Math.min(pause, left));
      await unlessPassed(deadline.work, heard ? Promise.race([waited, heard]) : waited);
      job = await look(job);
    } catch (error) {
      if (error instanceof DeadlinePassed) return job;
      throw error;
    } finally {
      listening.abort();
    }
    pause = Math.min(pause * 2, longestPauseMilliseconds);
  }
}
