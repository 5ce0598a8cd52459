import type { Job } from './job.ts';
import type { ObjectStore } from './object-store.ts';
import { sha256 } from './sha256.ts';

type Owned = Pick<Job, 'id' | 'owner'>;

/**
 * Unfinished jobs by owner, used to limit their number: `index/unfinished/<hash of the owner>/<job>`. The
 * job's marker decides whether the job is unfinished, so counting detects entries that were left behind.
 */
export class OwnedJobs {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async add(job: Owned): Promise<void> {
    const key = keyOf(job);
    if (key) await this.#objects.put(key, '', { contentType: 'text/plain' });
  }

  /** An entry that stays does no harm. */
  async removeIfPossible(job: Owned): Promise<void> {
    const key = keyOf(job);
    if (key) await this.#objects.delete(key).catch(() => undefined);
  }

  /** Whether an owner has reached the limit of unfinished jobs. */
  async isFull(owner: string, most: number): Promise<boolean> {
    const prefix = prefixOf(owner);
    const ids: string[] = [];
    for await (const key of this.#objects.list(prefix)) ids.push(key.slice(prefix.length));
    if (ids.length < most) return false;
    let unfinished = 0;
    for (const id of ids) {
      if (await this.#objects.get(`unfinished/${id}`)) unfinished++;
      else await this.removeIfPossible({ id, owner });
      if (unfinished >= most) return true;
    }
    return false;
  }
}

function keyOf({ id, owner }: Owned): string | undefined {
  return owner === undefined ? undefined : `${prefixOf(owner)}${id}`;
}

function prefixOf(owner: string): string {
  return `index/unfinished/${sha256(owner)}/`;
}
