import type { Readable } from 'node:stream';
import type {
  ByteRange,
  LinkOptions,
  ObjectStore,
  PutOptions,
} from '../batch-jobs/api/object-store.ts';

export type StoreOperation = 'get' | 'put' | 'upload' | 'open' | 'list' | 'delete';

/** Injected faults: `before` prevents a call, `after` loses its answer. */
export interface StoreFaults {
  readonly before?: (operation: StoreOperation, key: string) => void | Promise<void>;
  readonly after?: (operation: StoreOperation, key: string) => void | Promise<void>;
}

/** Wraps another store behind a connection that fails as the test decides. */
export class FaultyObjectStore implements ObjectStore {
  readonly #objects: ObjectStore;
  readonly #faults: StoreFaults;

  constructor(objects: ObjectStore, faults: StoreFaults) {
    this.#objects = objects;
    this.#faults = faults;
  }

  get(key: string) {
    return this.#call('get', key, () => this.#objects.get(key));
  }

  put(key: string, body: string | Uint8Array, options: PutOptions) {
    return this.#call('put', key, () => this.#objects.put(key, body, options));
  }

  async upload(key: string, stream: Readable, options: { contentType: string }) {
    try {
      await this.#call('upload', key, () => this.#objects.upload(key, stream, options));
    } finally {
      stream.destroy();
    }
  }

  open(key: string, range?: ByteRange) {
    return this.#call('open', key, () => this.#objects.open(key, range));
  }

  link(key: string, options: LinkOptions) {
    return this.#objects.link(key, options);
  }

  async *list(prefix: string, after?: string) {
    await this.#faults.before?.('list', prefix);
    yield* this.#objects.list(prefix, after);
  }

  delete(key: string) {
    return this.#call('delete', key, () => this.#objects.delete(key));
  }

  async #call<T>(operation: StoreOperation, key: string, call: () => Promise<T>): Promise<T> {
    await this.#faults.before?.(operation, key);
    const answer = await call();
    await this.#faults.after?.(operation, key);
    return answer;
  }
}
