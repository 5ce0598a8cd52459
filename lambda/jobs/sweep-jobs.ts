import PQueue from 'p-queue';
import { isFinal } from '../../batch-jobs/api/job.ts';
import type { StoredJob } from '../../batch-jobs/api/job-store.ts';
import { endDismissedRun } from './end-dismissed-run.ts';
import { type FinishDependencies, finishJob } from './finish-job.ts';
import type { EngineJob } from './job-engine.ts';
import { readOrSetAside } from './read-or-set-aside.ts';
import { isOverdue, type RepairDependencies, repairJob } from './repair-job.ts';

export interface SweepDependencies extends RepairDependencies, FinishDependencies {
  /**
   * Age at which the marker of a job without a record is taken away: no request lasts so long that
   * its record could still be on the way. Left out, an hour.
   */
  readonly leftoverSeconds?: number;
  /** Ids of the jobs to look at; left out, all that have a marker. */
  readonly jobIds?: Iterable<string>;
}

/** Jobs looked at at once; each is a few calls of the store. */
const atOnce = 16;

/** Jobs that the engine is asked about together. */
const askedTogether = 100;

/**
 * Looks at every unfinished job: fails what was written down and never submitted,
 * repairs jobs without recent news, finishes what has ended once its run is over, and
 * tells how long jobs have waited. A job that cannot be looked at now is left for the next sweep.
 */
export async function sweepJobs(dependencies: SweepDependencies): Promise<void> {
  let seen = 0;
  let failed = 0;
  const waited: number[] = [];
  let isWhole = false;
  try {
    const unfinished = dependencies.jobIds ?? dependencies.store.unfinished.list();
    for await (const jobIds of together(unfinished, askedTogether)) {
      seen += jobIds.length;
      failed += await lookAtAll(jobIds, waited, dependencies);
    }
    isWhole = true;
  } finally {
    // A sweep that broke off tells of those it saw; that it saw none means nothing.
    if (isWhole || waited.length > 0) {
      const longest = waited.reduce((a, b) => Math.max(a, b), 0);
      dependencies.metrics.jobsWaiting(waited.length, longest);
    }
    dependencies.log.info('unfinished jobs looked at', { jobs: seen, failed });
  }
  await dependencies.callbacks?.tellDue();
}

/**
 * @param waited gets the seconds that each job has waited which has not started
 * @returns how many of them could not be looked at
 */
async function lookAtAll(
  jobIds: readonly string[],
  waited: number[],
  dependencies: SweepDependencies,
): Promise<number> {
  const queue = new PQueue({ concurrency: atOnce });
  let failed = 0;
  const tryTo = (jobId: string, look: () => Promise<void>) =>
    queue.add(async () => {
      try {
        await look();
      } catch (error) {
        failed++;
        dependencies.log.error('an unfinished job was not looked at', { jobId }, error);
      }
    });
  const read: StoredJob[] = [];
  const readEach = jobIds.map((jobId) =>
    tryTo(jobId, async () => {
      const stored = await readOrForget(jobId, dependencies);
      if (stored) read.push(stored);
    }),
  );
  await Promise.all(readEach);
  const overdue = read.filter(({ job }) => isOverdue(job, dependencies));
  const described = describeAll(overdue, dependencies);
  // Awaited by those alone whom it is about, and by them when their turn comes.
  described.catch(() => undefined);
  const lookAtEach = read.map((stored) =>
    tryTo(stored.job.id, async () => {
      const log = dependencies.log.with({ jobId: stored.job.id });
      let { job } = stored;
      try {
        const known = overdue.includes(stored) ? { described: await described } : {};
        ({ job } = await lookAt(stored, { ...dependencies, ...known, log }));
      } finally {
        // It waits all the same where it could not be looked at.
        if (job.status === 'accepted') waited.push(secondsSince(job.createdAt, dependencies));
      }
    }),
  );
  await Promise.all(lookAtEach);
  return failed;
}

/** What the engine says of those whose name there it is known. */
async function describeAll(
  stored: readonly StoredJob[],
  dependencies: SweepDependencies,
): Promise<ReadonlyMap<string, EngineJob>> {
  const engineJobIds = stored.flatMap(({ job }) => job.claim ?? job.engineJobId ?? []);
  if (engineJobIds.length === 0) return new Map();
  const engine = await dependencies.engine();
  return await engine.describeMany(engineJobIds);
}

async function readOrForget(
  jobId: string,
  dependencies: SweepDependencies,
): Promise<StoredJob | undefined> {
  const stored = await readOrSetAside(jobId, dependencies);
  if (stored === 'damaged') return undefined;
  if (!stored) {
    const { leftoverSeconds = 60 * 60 } = dependencies;
    await dependencies.store.unfinished.forgetUnrecorded(
      jobId,
      dependencies.now(),
      leftoverSeconds,
    );
  }
  return stored;
}

async function lookAt(stored: StoredJob, dependencies: SweepDependencies): Promise<StoredJob> {
  const after = await repairJob(stored, dependencies);
  if (isFinal(after.job.status) && (await endDismissedRun(after.job, dependencies))) {
    await finishJob(after, dependencies);
  }
  return after;
}

function secondsSince(time: string, { now }: SweepDependencies): number {
  return Math.max(0, (now().getTime() - Date.parse(time)) / 1000);
}

async function* together<T>(
  items: Iterable<T> | AsyncIterable<T>,
  most: number,
): AsyncIterable<T[]> {
  let some: T[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < most) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
