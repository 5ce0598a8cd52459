import type { Range } from './subset.ts';

/** A file of a layer, as listed by an index. */
export interface IndexedFile {
  /** Its own name, without folders, so that messages may contain it. */
  readonly name: string;
  readonly location: { readonly path: string } | { readonly url: string };
  /** Bytes, if the index says. */
  readonly size?: number;
  /** Instant of its first data in milliseconds since 1970 (UTC), if the index says. */
  readonly time?: number;
}

/** Knows which files a layer consists of. */
export interface FileIndex {
  /**
   * The files that may have data in a period, the oldest first if their times are known, otherwise by name.
   * The list may contain more files, never fewer: each file is read to see what it really contains.
   *
   * @param period default: all files
   * @throws {JobError} `notThere` if the layer does not exist; the message suggests similar names
   */
  list(layer: string, period?: Range): Promise<IndexedFile[]>;
  /**
   * How much `list` would return, roughly if it is much. Left out if `list` is quick.
   */
  amount?(layer: string, period?: Range): Promise<Amount>;
}

/** How much a number of files is. */
export interface Amount {
  readonly files: number;
  /** All their bytes, if the index says the sizes of files. */
  readonly bytes?: number;
  /** Bytes of the file with the latest data, if the index says. */
  readonly latestBytes?: number;
}
