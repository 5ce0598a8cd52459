import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type ByteRange,
  type LinkOptions,
  type ObjectStore,
  type OpenedObject,
  PreconditionFailed,
  type PutOptions,
  type StoredObject,
} from '../batch-jobs/api/object-store.ts';

/** Objects in memory, for runs that measure microseconds or use thousands of jobs. */
export class MemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, StoredObject>();

  async get(key: string): Promise<StoredObject | undefined> {
    return this.#objects.get(key);
  }

  async put(
    key: string,
    content: string | Uint8Array,
    { condition }: PutOptions,
  ): Promise<{ etag: string }> {
    const found = this.#objects.get(key);
    const holds =
      condition === undefined ||
      (condition === 'absent' ? found === undefined : found?.etag === condition.etag);
    if (!holds) throw new PreconditionFailed(key);
    const body = Buffer.from(content);
    const etag = createHash('sha1').update(body).digest('hex');
    this.#objects.set(key, { body, etag });
    return { etag };
  }

  async upload(key: string, stream: Readable, options: PutOptions): Promise<void> {
    await this.put(key, await buffer(stream), options);
  }

  async open(key: string, range?: ByteRange): Promise<OpenedObject | undefined> {
    const found = this.#objects.get(key);
    if (!found) return undefined;
    const body = range ? found.body.subarray(range.start, range.end + 1) : found.body;
    return { stream: Readable.from([body]), size: body.length };
  }

  async link(_key: string, _options: LinkOptions): Promise<string | undefined> {
    return undefined;
  }

  async *list(prefix: string, after = ''): AsyncIterable<string> {
    // Keys are ASCII, so their characters sort in the same order as their bytes.
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix) && key > after);
    keys.sort((one, other) => (one < other ? -1 : 1));
    yield* keys;
  }

  async delete(key: string): Promise<void> {
    this.#objects.delete(key);
  }
}
