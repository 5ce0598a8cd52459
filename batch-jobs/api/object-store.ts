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
  /** Number of bytes in the stream. */
  readonly size: number;
}

/** A range of bytes of an object. The first and last byte are included, and both must exist. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface PutOptions {
  /** MIME type the object is served with. */
  readonly contentType: string;
  /**
   * `absent`: write only if no object has the key. `{ etag }`: write only if the object is unchanged.
   * Default: replace any object.
   */
  readonly condition?: 'absent' | { readonly etag: string };
}

export interface LinkOptions {
  /** Name under which a browser saves the object. */
  readonly filename: string;
  readonly contentType: string;
  /** How long the link is valid. */
  readonly seconds: number;
}

/** A conditional put found a different state than its condition requires. */
export class PreconditionFailed extends Error {
  override readonly name = 'PreconditionFailed';
  constructor(key: string) {
    super(`object ${key} is not in the state that the write demands`);
  }
}

/** Writers of one object are few; more rounds of conditional puts than this mean that something else is wrong. */
export const maximumRounds = 50;

/**
 * Stores jobs' documents and outputs. Keys are relative, `/`-separated, without `.` or `..`.
 *
 * Every adapter guarantees: a put writes everything or nothing; the next get sees what a put returned; of two
 * conditional puts on the same state exactly one succeeds, and the other throws {@link PreconditionFailed}.
 */
export interface ObjectStore {
  /** Returns undefined if the object does not exist. */
  get(key: string): Promise<StoredObject | undefined>;
  /** @throws {PreconditionFailed} if the condition is not met */
  put(key: string, body: string | Uint8Array, options: PutOptions): Promise<{ etag: string }>;
  /**
   * Writes a stream of any length without holding it in memory. If the stream breaks off, no object appears.
   */
  upload(key: string, stream: Readable, options: { contentType: string }): Promise<void>;
  /**
   * Returns undefined if the object does not exist.
   *
   * @param range the part to read; default: all
   */
  open(key: string, range?: ByteRange): Promise<OpenedObject | undefined>;
  /**
   * A URL that opens the object for a limited time without credentials; undefined if the store has no such
   * URLs.
   */
  link(key: string, options: LinkOptions): Promise<string | undefined>;
  /**
   * Keys that start with the prefix, in byte order.
   *
   * @param after only keys after this one in that order; it need not exist
   */
  list(prefix: string, after?: string): AsyncIterable<string>;
  /** Deleting an object that does not exist is not an error. */
  delete(key: string): Promise<void>;
}
