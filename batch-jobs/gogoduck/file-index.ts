import type { Range } from './subset.ts';

/** A file of a layer, as an index lists it. */
export interface IndexedFile {
  /** Its own name, without folders; fit for messages. */
  readonly name: string;
  readonly location: { readonly path: string } | { readonly url: string };
  /** Bytes, where the index says. */
  readonly size?: number;
  /** Instant of its first data in milliseconds since 1970 (UTC), where the index says. */
  readonly time?: number;
}

/** Knows which files a layer consists of. */
export interface FileIndex {
  /**
   * The files that may have data in a period, the oldest first where their times are known and else
   * by name. More may be listed, never fewer: what a file really holds is read from itself.
   *
   * @param period left out, all there is
   * @throws {JobError} `notThere` when there is no such layer, naming those that may be meant
   */
  list(layer: string, period?: Range): Promise<IndexedFile[]>;
}
