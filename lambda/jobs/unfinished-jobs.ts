import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import { unlessPassed } from './request-deadline.ts';

/** How long a count holds; what this process accepts meanwhile is added to it. */
const timeToLiveMilliseconds = 5_000;

/**
 * How many jobs of an environment are unfinished: what bounds them. Counted over the store's
 * markers, and again after a few seconds, so that many requests cost one listing. A job that is to be
 * written down takes a place first, so that requests that come together stay within the bound.
 *
 * Each process counts for itself: together they may take a few more than are allowed.
 */
export class UnfinishedJobs {
  readonly #now: () => Date;
  /** The last listing, which may be under way, and when it began. */
  #listing: Promise<void> = Promise.resolve();
  #listedAt = Number.NEGATIVE_INFINITY;
  #listed = 0;
  /** Places taken since the last listing began, less those given back. */
  #taken = 0;
  /** Jobs that have a place and may have no marker yet. */
  readonly #underWay = new Set<string>();

  constructor(now: () => Date) {
    this.#now = now;
  }

  /**
   * Counts them where the last count no longer holds, up to as many as are allowed. Who come together
   * share one listing, and its failure.
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

  /** @returns false when there are as many as allowed, by the last count */
  takePlace(jobId: string, maximum: number): boolean {
    if (this.#listed + this.#taken >= maximum) return false;
    this.#taken++;
    this.#underWay.add(jobId);
    return true;
  }

  /** The job is written down: listings find it. */
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
