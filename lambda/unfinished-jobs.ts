import type { JobStore } from '../batch-jobs/api/job-store.ts';

/** How long a count holds; what this process accepts meanwhile is added to it. */
const timeToLiveMilliseconds = 5_000;

/**
 * How many jobs of an environment nobody has finished: what bounds them. Counted over the store's
 * markers, and anew after a few seconds, so that many requests cost one listing.
 *
 * Each process counts for itself: together they may take a few more than are allowed.
 */
export class UnfinishedJobs {
  readonly #now: () => Date;
  #count = 0;
  #countedAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Whether there are as many as allowed; no more than those are listed. */
  async reach(maximum: number, store: JobStore): Promise<boolean> {
    const now = this.#now().getTime();
    if (now - this.#countedAt >= timeToLiveMilliseconds) {
      this.#count = await countUpTo(maximum, store);
      this.#countedAt = now;
    }
    return this.#count >= maximum;
  }

  /** One more was accepted. */
  add(): void {
    this.#count++;
  }
}

async function countUpTo(maximum: number, store: JobStore): Promise<number> {
  let count = 0;
  for await (const _ of store.unfinished.list()) {
    count++;
    if (count >= maximum) break;
  }
  return count;
}
