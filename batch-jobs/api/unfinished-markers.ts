import { ageSeconds } from './age-seconds.ts';
import { isJobId } from './job-id.ts';
import { type ObjectStore, PreconditionFailed } from './object-store.ts';

/** Content of a marker once its job is finished. Before that, it contains the time of its creation. */
const finished = 'finished';

const plain = { contentType: 'text/plain' };

/**
 * `unfinished/<id>` marks each job that still needs attention. The marker exists before the record does, and
 * is removed only after everything else is in order. An interruption in between may leave an extra marker,
 * but never a missing one.
 */
export class UnfinishedMarkers {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** @param instant when the job was created, as ISO 8601 */
  async set(id: string, instant: string): Promise<void> {
    await this.#objects.put(keyOf(id), instant, plain);
  }

  /** Whether a job still needs attention. */
  async has(id: string): Promise<boolean> {
    return (await this.#objects.get(keyOf(id))) !== undefined;
  }

  /** IDs of the jobs that have a marker: few, however many jobs there have been. */
  async *list(): AsyncIterable<string> {
    for await (const found of this.#objects.list('unfinished/')) {
      const [, id] = found.split('/');
      if (id && isJobId(id)) yield id;
    }
  }

  /**
   * Removes the marker of a job once the job is in order.
   *
   * @param bringInOrder does the remaining work; called only if there is a marker
   * @returns true for exactly one of all callers that finish the job: only that caller may count it
   */
  async finish(id: string, bringInOrder: () => Promise<void>): Promise<boolean> {
    const found = await this.#objects.get(keyOf(id));
    if (!found) return false;
    await bringInOrder();
    const isFirst = text(found.body) !== finished && (await this.#isFirst(id, found.etag));
    // A marker that stays costs the next sweep one look. The first caller must nevertheless learn that it was
    // first.
    await this.removeIfPossible(id);
    return isFirst;
  }

  /** A marker that stays costs a sweep one look, so the caller does not fail. */
  async removeIfPossible(id: string): Promise<void> {
    await this.#objects.delete(keyOf(id)).catch(() => undefined);
  }

  /**
   * Removes the marker of a job that has no record, once the marker is older than any request can last. A
   * marker dated in the future, because a clock was set back, gets the current date instead.
   *
   * @param leftoverSeconds age at which a marker counts as left over
   */
  async forgetUnrecorded(id: string, now: Date, leftoverSeconds: number): Promise<void> {
    const found = await this.#objects.get(keyOf(id));
    if (!found) return;
    // A marker without a valid time counts as older: its job was finished, or the marker was damaged.
    const age = ageSeconds(text(found.body), now);
    if (age < leftoverSeconds) return;
    if (age === Number.POSITIVE_INFINITY && leftoverSeconds > 0) {
      await this.#redate(id, now, found.etag);
    } else await this.#objects.delete(keyOf(id));
  }

  /** Changes nothing if the marker has changed since it was read. */
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
