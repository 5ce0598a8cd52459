import { setTimeout as wait } from 'node:timers/promises';
import type { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import type { Retention } from '../../batch-jobs/api/job-expiry.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import type { Limits } from '../configuration/limits.ts';
import type { JobCallbacks } from '../jobs/finish-job.ts';
import { sweepJobs } from '../jobs/sweep-jobs.ts';
import type { ServiceDependencies } from '../operations/dependencies.ts';
import { forgetJobs } from './forget-jobs.ts';

type Shared = Pick<
  ServiceDependencies,
  'catalogue' | 'engine' | 'unfinishedJobs' | 'now' | 'wait' | 'log' | 'metrics'
>;

export interface LookAfterOptions extends Shared {
  readonly objects: FileObjectStore;
  readonly store: JobStore;
  readonly callbacks: JobCallbacks;
  readonly limits: Limits;
  /** Ids of the jobs that were unfinished before the service accepted its first request. */
  readonly left: readonly string[];
  readonly requestSeconds: number;
  readonly sweepSeconds: number;
  readonly retention: Required<Retention>;
  /** Whether a process is running that may still write the files it began. */
  readonly isAlive: (pid: number) => boolean;
  /** Ends the rounds. */
  readonly signal: AbortSignal;
}

/** Pause before the first round, in milliseconds: the first requests are answered sooner. */
const firstPause = 500;

/** Sweeps per search for old jobs, of which there may be many thousands. */
const sweepsPerForgetting = 60;

/**
 * Resumes the jobs of an earlier run, then sweeps unfinished jobs, unfinished files and old jobs at intervals
 * until the signal ends it. A failure is logged, and the next round tries again.
 */
export async function lookAfterJobs(options: LookAfterOptions): Promise<void> {
  const { objects, sweepSeconds, log, signal } = options;
  const pause = (milliseconds: number) =>
    wait(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  await pause(firstPause);
  let isTakenUp = false;
  for (let round = 0; !signal.aborted; round++) {
    if (!isTakenUp) isTakenUp = await takeUp(options);
    // Includes files of an earlier service's runners, which the engine has ended only now.
    await objects
      .removeUnfinished(options.isAlive)
      .catch((error) => log.error('unfinished files were not removed', {}, error));
    if (round % sweepsPerForgetting === 0) {
      await forget(options).catch((error) => log.error('old jobs were not removed', {}, error));
    }
    await pause(sweepSeconds * 1000);
    if (signal.aborted) return;
    await sweep(options).catch((error) =>
      log.error('unfinished jobs were not looked at', {}, error),
    );
  }
}

/** @returns whether the jobs were resumed; if not, the next round tries again */
async function takeUp(options: LookAfterOptions): Promise<boolean> {
  try {
    await options.engine();
    await takeUpEarlierJobs(options);
    return true;
  } catch (error) {
    options.log.error('jobs of an earlier run were not taken up', {}, error);
    return false;
  }
}

/**
 * Resumes jobs that an earlier run stored and did not submit, or whose end it did not record, and removes
 * markers of jobs that it did not store. Its requests are no longer in progress, whatever the dates of its
 * files: the clock may have been set since.
 */
async function takeUpEarlierJobs(options: LookAfterOptions): Promise<void> {
  const whateverItsDate = Number.NEGATIVE_INFINITY;
  await sweepJobs({
    ...options,
    jobIds: options.left,
    overdueSeconds: whateverItsDate,
    unsubmittedSeconds: whateverItsDate,
    leftoverSeconds: whateverItsDate,
  });
}

async function sweep(options: LookAfterOptions): Promise<void> {
  await sweepJobs({
    ...options,
    overdueSeconds: options.limits.jobOverdueSeconds,
    // Work that a request began before its deadline ends within this time.
    leftoverSeconds: 2 * options.requestSeconds,
  });
}

async function forget(options: LookAfterOptions): Promise<void> {
  await forgetJobs({
    ...options,
    leftoverSeconds: Math.max(3600, 2 * options.requestSeconds),
  });
}
