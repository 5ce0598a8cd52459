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
   * Age at which the marker of a job without a record is removed: no request lasts so long that the record
   * could still be on its way. If left out, an hour.
   */
  readonly leftoverSeconds?: number;
  /** Ids of the jobs to look at; if left out, all jobs that have a marker. */
  readonly jobIds?: Iterable<string>;
}

/** Jobs looked at concurrently; each takes a few calls of the store. */
const atOnce = 16;

/** Jobs per question to the engine. */
const askedTogether = 100;

/**
 * Looks at every unfinished job: fails jobs that were stored but never submitted, repairs jobs without recent
 * news, finishes jobs that have ended once their run is over, and reports how long jobs have waited. A job
 * that cannot be looked at now is left for the next sweep.
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
    // An interrupted sweep reports the waiting jobs that it saw; if it saw no waiting jobs, that means
    // nothing.
    if (isWhole || waited.length > 0) {
      const longest = waited.reduce((a, b) => Math.max(a, b), 0);
      dependencies.metrics.jobsWaiting(waited.length, longest);
    }
    dependencies.log.info('unfinished jobs looked at', { jobs: seen, failed });
  }
  await dependencies.callbacks?.tellDue();
}

/**
 * @param waited receives, for each job that has not started, the seconds that it has waited
 * @returns how many jobs could not be looked at
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
  // Only the overdue jobs await the description, each when its turn comes.
  described.catch(() => undefined);
  const lookAtEach = read.map((stored) =>
    tryTo(stored.job.id, async () => {
      const log = dependencies.log.with({ jobId: stored.job.id });
      let { job } = stored;
      try {
        const known = overdue.includes(stored) ? { described: await described } : {};
        ({ job } = await lookAt(stored, { ...dependencies, ...known, log }));
      } finally {
        // The job waits even if it could not be looked at.
        if (job.status === 'accepted') waited.push(secondsSince(job.createdAt, dependencies));
      }
    }),
  );
  await Promise.all(lookAtEach);
  return failed;
}

/** What the engine says of the jobs whose id in the engine is known. */
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
