import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../batch-jobs/api/log.ts';
import { RunnerNotStarted } from './runner-pool.ts';

/** Pauses between tries to start a runner on a machine that is short of something, in milliseconds. */
const pauses = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 60_000, 60_000];

/** How often a runner that ends before it takes its job is replaced. */
const replacements = 3;

interface Patience {
  /** Whether the runner is no longer needed. */
  readonly isOver: () => boolean;
  /** Aborted when the engine stops: a pause then ends. */
  readonly stopping: AbortSignal;
  /** Waits between tries; left out, on the clock. */
  readonly pause?: ((milliseconds: number) => Promise<unknown>) | undefined;
  readonly log: Log;
}

/**
 * Runs an attempt whose runner may fail to start: a machine that is short of something for a moment takes no attempt
 * from the job.
 *
 * @returns undefined when the runner was no longer needed before it started
 * @throws RunnerNotStarted when it did not start in several tries; anything else at once
 */
export async function startedPatiently<T>(
  run: () => Promise<T>,
  { isOver, stopping, pause = wait, log }: Patience,
): Promise<T | undefined> {
  for (let tries = 0; ; tries++) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof RunnerNotStarted)) throw error;
      const isWorthIt = error.isTransient || tries < replacements;
      const milliseconds = isWorthIt ? pauses[tries] : undefined;
      if (milliseconds === undefined) throw error;
      log.warn('the runner did not start and is started again', { reason: error.message });
      await Promise.race([pause(milliseconds), aborted(stopping)]);
      if (isOver()) return undefined;
    }
  }
}

/** When a signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
