import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../batch-jobs/api/log.ts';
import { RunnerNotStarted } from './runner-pool.ts';

/** Pauses between attempts to start a runner on a machine that lacks a resource, in milliseconds. */
const pauses = [100, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 60_000, 60_000];

/** How often a runner that ends before it takes its job is replaced. */
const replacements = 3;

interface Patience {
  /** Whether the runner is no longer needed. */
  readonly isOver: () => boolean;
  /** Aborted when the engine stops; this ends a pause. */
  readonly stopping: AbortSignal;
  /** Waits between attempts; if left out, uses the clock. */
  readonly pause?: ((milliseconds: number) => Promise<unknown>) | undefined;
  readonly log: Log;
}

/**
 * Runs an attempt whose runner may fail to start: a temporary shortage on the machine costs the job no
 * attempt.
 *
 * @returns undefined if the runner was no longer needed before it started
 * @throws RunnerNotStarted if it did not start in several tries; any other error at once
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

/** Resolves when the signal is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
