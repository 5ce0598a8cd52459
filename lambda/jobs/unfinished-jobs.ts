import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import { unlessPassed } from './request-deadline.ts';

/** How long a count is valid; jobs that this process accepts meanwhile are added to it. */
const timeToLiveMilliseconds = 5_000;

/**
 * Counts the unfinished jobs of an environment, which are limited. The count lists the store's markers and is
 * repeated after a few seconds, so that many requests share one listing. A job takes a place before it is
 * stored, so that simultaneous requests stay within the limit.
 *
 * Each process counts for itself: together they may accept a few more jobs than allowed.
 */
export class UnfinishedJobs {
  readonly #now: () => Date;
  /** The last listing, which may still be running, and when it began. */
  #listing: Promise<void> = Promise.resolve();
  #listedAt = Number.NEGATIVE_INFINITY;
  #listed = 0;
  /** Places taken since the last listing began, minus those given back. */
  #taken = 0;
  /** Jobs that have a place but perhaps no marker yet. */
  readonly #underWay = new Set<string>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /**
   * Counts the jobs, up to the maximum, if the last count is no longer valid. Simultaneous callers share one
   * listing, and its failure.
   *
   * @param deadline when the caller that begins a listing gives it up
   */
  async count(maximum: number, store: JobStore, deadline: AbortSignal): Promise<void> {
    const now = this.#now().getTime();
    if (now - this.#listedAt >= timeToLiveMilliseconds) {
      this.#listedAt = now;
      const isLatest = () => this.#listedAt === now;
      this.#listing = unlessPassed(deadline, this.#list(maximum, store, isLatest)).catch(
        (error) => {
          // The next caller tries again.
          if (isLatest()) this.#listedAt = Number.NEGATIVE_INFINITY;
          throw error;
        },
      );
    }
    await unlessPassed(deadline, this.#listing);
  }

  /** @returns false if, by the last count, there are as many jobs as allowed */
  takePlace(jobId: string, maximum: number): boolean {
    if (this.#listed + this.#taken >= maximum) return false;
    this.#taken++;
    this.#underWay.add(jobId);
    return true;
  }

  /** The job is stored: listings find it. */
  keepPlace(jobId: string): void {
    this.#underWay.delete(jobId);
  }

  /** There is no such job. */
  giveBackPlace(jobId: string): void {
    if (this.#underWay.delete(jobId)) this.#taken--;
  }

  /** @param isLatest whether no other listing has begun since */
  async #list(maximum: number, store: JobStore, isLatest: () => boolean): Promise<void> {
    const underWay = new Set(this.#underWay);
    this.#taken = 0;
    let listed = underWay.size;
    for await (const jobId of store.unfinished.list()) {
      if (!underWay.has(jobId)) listed++;
      if (listed >= maximum) break;
    }
    if (isLatest()) this.#listed = listed;
  }
}
