import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type ObjectStore,
  type OpenedObject,
  PreconditionFailed,
  type PutOptions,
  type StoredObject,
} from '../batch-jobs/api/object-store.ts';

/** Objects of one process, for tests that keep thousands of jobs. */
export class MemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, StoredObject>();

  async get(key: string): Promise<StoredObject | undefined> {
    return this.#objects.get(key);
  }

  async put(key: string, body: string | Uint8Array, { condition }: PutOptions) {
    const found = this.#objects.get(key);
    const holds =
      condition === undefined || (condition === 'absent' ? !found : condition.etag === found?.etag);
    if (!holds) throw new PreconditionFailed(key);
    const etag = randomUUID();
    this.#objects.set(key, { body: Buffer.from(body), etag });
    return { etag };
  }

  async upload(key: string, stream: Readable): Promise<void> {
    this.#objects.set(key, { body: await buffer(stream), etag: randomUUID() });
  }

  async open(key: string): Promise<OpenedObject | undefined> {
    const found = this.#objects.get(key);
    return found && { stream: Readable.from([found.body]), size: found.body.length };
  }

  async link(): Promise<undefined> {
    return undefined;
  }

  async *list(prefix: string): AsyncIterable<string> {
    for (const key of [...this.#objects.keys()]) if (key.startsWith(prefix)) yield key;
  }

  async delete(key: string): Promise<void> {
    this.#objects.delete(key);
  }
}
