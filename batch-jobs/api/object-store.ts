import type { Readable } from 'node:stream';

/** A small object, read whole. */
export interface StoredObject {
  readonly body: Uint8Array;
  /** Changes whenever the content does; opaque. */
  readonly etag: string;
}

/** A large object, read as a stream. */
export interface OpenedObject {
  readonly stream: Readable;
  /** Of what is read, in bytes. */
  readonly size: number;
}

/** Bytes of an object, from the first to the last of them, both included; the object has both. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions {
  /** MIME type the object is served with. */
  readonly contentType: string;
  /**
   * `absent`: only when no object has the key. `{ etag }`: only when the object is still that one.
   * Left out: what is there is replaced.
   */
  readonly condition?: 'absent' | { readonly etag: string };
}

export interface LinkOptions {
  /** Name a browser saves the object under. */
  readonly filename: string;
  readonly contentType: string;
  /** How long the link opens the object. */
  readonly seconds: number;
}

/** A conditional put found another state than it demanded. */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';
  constructor(key: string) {
    super(`object ${key} is not in the state that the write demands`);
  }
}

/**
 * Where jobs' documents and outputs are stored. Keys are relative, `/`-separated, without `.` or `..`.
 *
 * Every adapter: a put is all or nothing; what a put returned is what the next get sees; of two
 * conditional puts on one state exactly one succeeds, the other throws {@link PreconditionFailed}.
 */
export interface ObjectStore {
  /** Undefined when there is none. */
  get(key: string): Promise<StoredObject | undefined>;
  /** @throws {PreconditionFailed} when the condition does not hold. */
  put(key: string, body: string | Uint8Array, options: PutOptions): Promise<{ etag: string }>;
  /** Writes a stream of any length without holding it in memory; nothing appears if it breaks off. */
  upload(key: string, stream: Readable, options: { contentType: string }): Promise<void>;
  /**
   * Undefined when there is none.
   *
   * @param range what of it is read; left out, all
   */
  open(key: string, range?: ByteRange): Promise<OpenedObject | undefined>;
  /** A URL that opens the object for a while without credentials; undefined when the store has none. */
  link(key: string, options: LinkOptions): Promise<string | undefined>;
  /**
   * Keys that start with the prefix, in the order of their bytes.
   *
   * @param after only those past it in that order, whether there is such a key or not
   */
  list(prefix: string, after?: string): AsyncIterable<string>;
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>;
}
