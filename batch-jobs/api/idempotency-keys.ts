import { type ObjectStore, PreconditionFailed } from './object-store.ts';

/** The job that a key stands for. */
export interface KeyedJob {
  readonly jobId: string;
  /** Identifies the request, so that a key is not mistaken for the key of another request. */
  readonly fingerprint: string;
  readonly claimedAt: string;
}

export interface FoundKey {
  readonly keyed: KeyedJob;
  readonly etag: string;
}

/** `idempotency/<hash of the key>`: the first request with a key claims it for its job. */
export class IdempotencyKeys {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /**
   * @param hash of the key and its owner, safe in object keys
   * @param instead a claim that failed, which this one replaces
   * @returns false if another request was first
   */
  async claim(hash: string, keyed: KeyedJob, instead?: FoundKey): Promise<boolean> {
    try {
      await this.#objects.put(placeOf(hash), JSON.stringify(keyed), {
        contentType: 'application/json',
        condition: instead ? { etag: instead.etag } : 'absent',
      });
      return true;
    } catch (error) {
      if (error instanceof PreconditionFailed) return false;
      throw error;
    }
  }

  async find(hash: string): Promise<FoundKey | undefined> {
    const found = await this.#objects.get(placeOf(hash));
    if (!found) return undefined;
    const keyed = JSON.parse(new TextDecoder().decode(found.body)) as KeyedJob;
    return { keyed, etag: found.etag };
  }

  /** Frees the key if the request that claimed it did not create a job. */
  async release(hash: string): Promise<void> {
    await this.#objects.delete(placeOf(hash));
  }
}

function placeOf(hash: string): string {
  return `idempotency/${hash}`;
}
