import { ageSeconds } from './age-seconds.ts';
import { isJobId } from './job-id.ts';
import { type ObjectStore, PreconditionFailed } from './object-store.ts';

/** What a marker holds once somebody has finished its job; before, the instant it was made. */
const finished = 'finished';

const plain = { contentType: 'text/plain' };

/**
 * `unfinished/<id>` marks each job that somebody must still look after. The marker is there before
 * the record is, and goes only after everything else is in order: whatever breaks off in between
 * leaves a marker too many, never one too few.
 */
export class UnfinishedMarkers {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** @param instant when the job was made, as ISO 8601 */
  async set(id: string, instant: string): Promise<void> {
    await this.#objects.put(keyOf(id), instant, plain);
  }

  /** Whether somebody must still look after a job. */
  async has(id: string): Promise<boolean> {
    return (await this.#objects.get(keyOf(id))) !== undefined;
  }

  /** Ids of the jobs that have a marker: few, however many jobs there have been. */
  async *list(): AsyncIterable<string> {
    for await (const found of this.#objects.list('unfinished/')) {
      const [, id] = found.split('/');
      if (id && isJobId(id)) yield id;
    }
  }

  /**
   * Takes the marker of a job away once the job is in order.
   *
   * @param bringInOrder does what is left to do, where there is a marker
   * @returns true for exactly one of all who do so: the one who may count the job
   */
  async finish(id: string, bringInOrder: () => Promise<void>): Promise<boolean> {
    const found = await this.#objects.get(keyOf(id));
    if (!found) return false;
    await bringInOrder();
    const isFirst = text(found.body) !== finished && (await this.#isFirst(id, found.etag));
    // A marker that stays costs the next sweep one look; the first caller must be told that it was first.
    await this.removeIfPossible(id);
    return isFirst;
  }

  /** A marker that stays costs a sweep one look, and is no fault of the caller that removes it. */
  async removeIfPossible(id: string): Promise<void> {
    await this.#objects.delete(keyOf(id)).catch(() => undefined);
  }

  /**
   * Takes away the marker of a job that has no record, once it is older than any request can last. One
   * that is dated ahead, because a clock was set back since, gets the date of now.
   *
   * @param leftoverSeconds age at which it is taken for a leftover
   */
  async forgetUnrecorded(id: string, now: Date, leftoverSeconds: number): Promise<void> {
    const found = await this.#objects.get(keyOf(id));
    if (!found) return;
    // What holds no instant is older: its job was finished, or the marker was damaged.
    const age = ageSeconds(text(found.body), now);
    if (age < leftoverSeconds) return;
    if (age === Number.POSITIVE_INFINITY && leftoverSeconds > 0) {
      await this.#redate(id, now, found.etag);
    } else await this.#objects.delete(keyOf(id));
  }

  /** Not where somebody else has changed it since. */
  async #redate(id: string, now: Date, etag: string): Promise<void> {
    try {
      await this.#objects.put(keyOf(id), now.toISOString(), { ...plain, condition: { etag } });
    } catch (error) {
      if (!(error instanceof PreconditionFailed)) throw error;
    }
  }

  async #isFirst(id: string, etag: string): Promise<boolean> {
    try {
      await this.#objects.put(keyOf(id), finished, { ...plain, condition: { etag } });
      return true;
    } catch (error) {
      if (error instanceof PreconditionFailed) return false;
      throw error;
    }
  }
}

function keyOf(id: string): string {
  return `unfinished/${id}`;
}

function text(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}
