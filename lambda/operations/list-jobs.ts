import { isFinal, type Job, type JobStatus } from '../../batch-jobs/api/job.ts';
import type { JobIndexScope } from '../../batch-jobs/api/job-index.ts';
import { DamagedRecord } from '../../batch-jobs/api/job-record.ts';
import type { JobStore, StoredJob } from '../../batch-jobs/api/job-store.ts';
import { ServiceFault } from '../service-fault.ts';
import type { Caller, Dependencies } from './dependencies.ts';

/** Which jobs are listed; a property that is left out restricts nothing. */
export interface JobFilter {
  /** Identifiers of their processes. */
  readonly processes?: readonly string[];
  readonly statuses?: readonly JobStatus[];
  /** Instants in milliseconds since 1970, both inclusive. */
  readonly createdFrom?: number;
  readonly createdTo?: number;
  /** Run time in seconds, from the first start to the end or until now. */
  readonly minDuration?: number;
  readonly maxDuration?: number;
  /** A listed job has every one of these labels. */
  readonly labels?: readonly string[];
}

export interface JobPage {
  /** Latest first. */
  readonly jobs: readonly Job[];
  /** Where the next page begins; undefined on the last one. */
  readonly next?: string;
}

/** The most records that one request reads; after that, the next page continues. */
const mostLookedAt = 1000;

/** Records read concurrently. */
const atOnce = 32;

/** Whether the caller may list jobs at all: it has an identity, or is alone on the machine. */
export function maySeeJobList({ owner, listsAllJobs }: Caller): boolean {
  return listsAllJobs || owner !== undefined;
}

/**
 * The caller's jobs, latest first, one page at a time. The time per page does not depend on the number of
 * jobs: if few jobs match the filter, a page has fewer than requested, and the next page continues.
 *
 * @param page its maximum number of jobs, and where it begins
 * @throws {ServiceFault} `forbidden` for a caller without an identity
 */
export async function listJobs(
  filter: JobFilter,
  page: { readonly limit: number; readonly after?: string },
  dependencies: Dependencies,
): Promise<JobPage> {
  const scope = scopeOf(dependencies.caller);
  const store = await dependencies.store();
  const { createdFrom, createdTo } = filter;
  const range = { after: page.after, createdFrom, createdTo };
  const now = dependencies.now().getTime();
  const jobs: Job[] = [];
  let last: string | undefined;
  let lookedAt = 0;
  for await (const entries of together(store.index.list(scope, range), atOnce)) {
    const read = await Promise.all(entries.map(({ id }) => readUndamaged(id, store)));
    for (const [at, { place }] of entries.entries()) {
      // Stop only at the record after a full page, which proves that there is a next page.
      if (jobs.length >= page.limit || lookedAt >= mostLookedAt) {
        return { jobs, ...(last === undefined ? {} : { next: last }) };
      }
      const job = read[at]?.job;
      if (job && fits(job, filter, now)) jobs.push(job);
      lookedAt++;
      last = place;
    }
  }
  return { jobs };
}

function scopeOf({ owner, listsAllJobs }: Caller): JobIndexScope {
  if (listsAllJobs) return 'all';
  if (owner !== undefined) return { owner };
  throw new ServiceFault(
    'forbidden',
    'Jobs are listed for callers with an identity only. A job is found by its id: keep that which the service answered.',
  );
}

function fits(job: Job, filter: JobFilter, now: number): boolean {
  const { processes, statuses, minDuration, maxDuration, labels } = filter;
  return (
    (processes === undefined || processes.includes(job.process.identifier)) &&
    (statuses === undefined || statuses.includes(job.status)) &&
    (labels === undefined || labels.every((label) => job.labels?.includes(label))) &&
    ((minDuration === undefined && maxDuration === undefined) ||
      isWithin(durationOf(job, now), minDuration, maxDuration))
  );
}

/** In seconds; NaN, which is within no range, for a job that has not started. */
function durationOf({ status, startedAt, endedAt }: Job, now: number): number {
  if (startedAt === undefined) return Number.NaN;
  const until = isFinal(status) && endedAt !== undefined ? Date.parse(endedAt) : now;
  return (until - Date.parse(startedAt)) / 1000;
}

function isWithin(value: number, minimum = 0, maximum = Number.POSITIVE_INFINITY) {
  return value >= minimum && value <= maximum;
}

/** A damaged record is missing from the list, but does not make the list fail. */
async function readUndamaged(id: string, store: JobStore): Promise<StoredJob | undefined> {
  try {
    return await store.read(id);
  } catch (error) {
    if (error instanceof DamagedRecord) return undefined;
    throw error;
  }
}

async function* together<T>(items: AsyncIterable<T>, most: number): AsyncIterable<T[]> {
  let some: T[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < most) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}
