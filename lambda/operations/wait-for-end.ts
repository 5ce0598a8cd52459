import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { DeadlinePassed, unlessPassed } from '../jobs/request-deadline.ts';
import type { Dependencies } from './dependencies.ts';

/** Pauses between reads of the record: short at first, for jobs that end at once. */
const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 1_000;

/**
 * Waits for a job to end, for as long as its client can be kept waiting. That time starts when the request
 * arrives, not when the job is submitted.
 *
 * @param seconds the longest time that the client waits
 * @returns the job as last read; if it has not ended, it takes longer and continues
 */
export async function waitForEnd(
  submitted: Job,
  seconds: number,
  dependencies: Dependencies,
): Promise<Job> {
  const { deadline, now, monotonic = () => performance.now() } = dependencies;
  const store = await dependencies.store();
  // Read the system clock only once: if somebody sets it, the wait must not change.
  const passed = Math.max(0, now().getTime() - deadline.arrivedAt.getTime());
  const until = monotonic() + seconds * 1000 - passed;
  const look = async (job: Job) =>
    (await unlessPassed(deadline.work, store.read(job.id)))?.job ?? job;
  let pause = firstPauseMilliseconds;
  for (let job = submitted; ; ) {
    const listening = new AbortController();
    try {
      const heard = dependencies.heardOf?.(job.id, listening.signal);
      // News from before the wait began is in the record.
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
