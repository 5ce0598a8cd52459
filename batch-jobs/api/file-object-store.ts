import { randomUUID } from 'node:crypto';
import {
  type FileHandle,
  link,
  mkdir,
  open,
  opendir,
  readdir,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type FileLock, tryFileLock } from './file-lock.ts';
import {
  type ByteRange,
  type ObjectStore,
  type OpenedObject,
  PreconditionFailed,
  type PutOptions,
  type StoredObject,
} from './object-store.ts';
import { whenFilesCanBeOpened } from './open-files.ts';
import { openPlainFile } from './plain-file.ts';
import { sha256 } from './sha256.ts';
import { writeStream } from './write-stream.ts';

/** Holds unfinished writes, so that readers never see half an object. */
const unfinishedFolder = '.tmp';

/** Locked for each conditional replacement, at a byte derived from the key. */
const lockFile = '.objects.lock';

/**
 * How long to wait for another writer of the same object, and the longest pause between tries, in
 * milliseconds.
 */
const lockPatience = 30_000;
const longestLockPause = 20;

/** Only the owner may read jobs' requests and the credentials in them. */
const ownFolder = { recursive: true, mode: 0o700 } as const;
const ownFile = 0o600;

/**
 * Stores objects as files below a folder, for one machine without AWS. Several processes may use the folder
 * at the same time, and any of them may be killed at any moment. An object is written under another name,
 * flushed to disk and then renamed, so it is always whole, even after a power failure.
 */
export class FileObjectStore implements ObjectStore {
  readonly #folder: string;
  #prepared: Promise<void> | undefined;

  /** @param folder must exist: a deleted folder must not come back half empty */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const file = await this.#open(key).catch(undefinedWhenAbsent);
    if (file === undefined) return undefined;
    // Something other than a file has this name. Treat it as an empty, damaged object.
    if (file === 'no file') return { body: new Uint8Array(), etag: sha256('') };
    try {
      const body = await file.readFile();
      return { body, etag: sha256(body) };
    } finally {
      await file.close();
    }
  }

  async put(
    key: string,
    body: string | Uint8Array,
    { condition }: PutOptions,
  ): Promise<{ etag: string }> {
    const path = this.#path(key);
    const etag = sha256(body);
    await this.#write(async (unfinished) => {
      await writeFlushed(unfinished, body);
      await mkdir(dirname(path), ownFolder);
      if (condition === 'absent') return await linkWhenAbsent(unfinished, path, key);
      if (condition === undefined) return await rename(unfinished, path);
      return await this.#replaceWhenUnchanged(unfinished, path, key, condition.etag);
    });
    return { etag };
  }

  async upload(key: string, stream: Readable): Promise<void> {
    const path = this.#path(key);
    await this.#write(async (unfinished) => {
      await writeStream([stream], unfinished, { mode: ownFile });
      await flush(unfinished);
      await mkdir(dirname(path), ownFolder);
      await rename(unfinished, path);
    });
  }

  async open(key: string, range?: ByteRange): Promise<OpenedObject | undefined> {
    const file = await this.#open(key).catch(undefinedWhenAbsent);
    if (file === undefined || file === 'no file') return undefined;
    try {
      const { size } = await file.stat();
      return range
        ? { stream: file.createReadStream(range), size: range.end - range.start + 1 }
        : { stream: file.createReadStream(), size };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async link(): Promise<undefined> {
    // Files have no links that work without the service.
  }

  async *list(prefix: string, after = ''): AsyncIterable<string> {
    // Walk only the folder that the prefix names, and compare the rest of the prefix.
    const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    for await (const key of this.#walk(start, after)) if (key.startsWith(prefix)) yield key;
  }

  async delete(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  /** Names of the direct subfolders of a folder, with the time of their last change. */
  async *folders(parent: string): AsyncIterable<{ name: string; changedAt: Date }> {
    const path = this.#path(parent);
    const entries = await whenFilesCanBeOpened(() => opendir(path)).catch(undefinedWhenAbsent);
    for await (const entry of entries ?? []) {
      if (!entry.isDirectory()) continue;
      const found = await stat(this.#path(`${parent}/${entry.name}`)).catch(undefinedWhenAbsent);
      if (found) yield { name: entry.name, changedAt: found.mtime };
    }
  }

  /** Removes a folder and its content. */
  async removeFolder(folder: string): Promise<void> {
    await rm(this.#path(folder), { recursive: true, force: true });
  }

  /**
   * Removes unfinished writes of processes that are gone.
   *
   * @param isAlive whether the process ID belongs to a process that may still write
   */
  async removeUnfinished(isAlive: (pid: number) => boolean): Promise<void> {
    const folder = join(this.#folder, unfinishedFolder);
    const names = await whenFilesCanBeOpened(() => readdir(folder)).catch(undefinedWhenAbsent);
    for (const name of names ?? []) {
      const pid = Number(/^(\d+)-/.exec(name)?.[1] ?? Number.NaN);
      if (!isAlive(pid)) await rm(join(folder, name), { recursive: true, force: true });
    }
  }

  /** @param after keys up to and including this one are skipped, whole folders at a time */
  async *#walk(folder: string, after: string): AsyncIterable<string> {
    const entries = await whenFilesCanBeOpened(() =>
      readdir(join(this.#folder, folder), { withFileTypes: true }),
    ).catch(undefinedWhenAbsent);
    const keys = (entries ?? [])
      // Files of the store itself, and of the service that uses it, are at the top level and start with a
      // dot.
      .filter(({ name }) => folder !== '' || !name.startsWith('.'))
      // The keys in a folder begin with its name and a slash, so sort folders by that.
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`)
      .sort(byBytes);
    for (const key of keys) {
      if (!key.endsWith('/')) {
        if (byBytes(key, after) > 0) yield key;
      } else if (byBytes(key, after.slice(0, key.length)) >= 0) yield* this.#walk(key, after);
    }
  }

  /** Lets `write` work on a temporary name, and removes that file in any case. */
  async #write(write: (unfinished: string) => Promise<void>): Promise<void> {
    const folder = join(this.#folder, unfinishedFolder);
    const unfinished = join(folder, `${process.pid}-${randomUUID()}`);
    // Create the folder only once: if it is missing later, another folder has replaced the store.
    this.#prepared ??= makeFolder(folder);
    await this.#prepared.catch((error) => {
      this.#prepared = undefined;
      throw error;
    });
    try {
      await write(unfinished);
    } finally {
      await rm(unfinished, { force: true }).catch(() => undefined);
    }
  }

  async #replaceWhenUnchanged(
    unfinished: string,
    path: string,
    key: string,
    etag: string,
  ): Promise<void> {
    const lock = await this.#lock(key);
    try {
      const found = await this.get(key);
      if (found?.etag !== etag) throw new PreconditionFailed(key);
      await rename(unfinished, path);
    } finally {
      await lock.release();
    }
  }

  async #lock(key: string): Promise<FileLock> {
    const path = join(this.#folder, lockFile);
    const offset = Number.parseInt(sha256(key).slice(0, 8), 16);
    const begun = performance.now();
    for (;;) {
      const lock = await tryFileLock(path, offset);
      if (lock) return lock;
      if (performance.now() - begun > lockPatience) {
        throw new Error(`object ${key} is locked by another process for ${lockPatience} ms`);
      }
      await wait(1 + Math.random() * longestLockPause);
    }
  }

  /** The store never creates symbolic links, so it follows none. */
  async #open(key: string): Promise<FileHandle | 'no file'> {
    return (await openPlainFile(this.#path(key), { links: 'refused' })) ?? 'no file';
  }

  #path(key: string): string {
    const parts = key.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
      throw new Error(`object key ${JSON.stringify(key)} must be relative, without . or ..`);
    }
    return join(this.#folder, ...parts);
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: ownFolder.mode });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
}

async function writeFlushed(path: string, body: string | Uint8Array): Promise<void> {
  const file = await whenFilesCanBeOpened(() => open(path, 'wx', ownFile));
  try {
    await file.writeFile(body);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Also works on a folder: files created in it then survive a power failure. */
async function flush(path: string): Promise<void> {
  const file = await whenFilesCanBeOpened(() => open(path, 'r'));
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Linking fails if the name is taken, so creation is exclusive without a lock. */
async function linkWhenAbsent(unfinished: string, path: string, key: string): Promise<void> {
  try {
    await link(unfinished, path);
  } catch (error) {
    throw isCode(error, 'EEXIST') ? new PreconditionFailed(key) : error;
  }
  await flush(dirname(path));
}

function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function isCode(error: unknown, code: string): boolean {
  return Reflect.get(Object(error), 'code') === code;
}

function undefinedWhenAbsent(error: unknown): undefined {
  if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
  throw error;
}
