import { createReadStream } from 'node:fs';
import { link, mkdir, opendir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import {
  type ObjectStore,
  type OpenedObject,
  PreconditionFailed,
  type PutOptions,
  type StoredObject,
} from './object-store.ts';
import { writeStream } from './write-stream.ts';

/**
 * Objects as files below a folder, for one machine without AWS. Several processes may use the
 * folder at once. Unfinished writes lie in `.tmp/`, so that no reader ever sees half an object.
 */
export class FileObjectStore implements ObjectStore {
  readonly #folder: string;

  /** @param folder made when it is not there */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const body = await readFile(this.#path(key)).catch(undefinedWhenAbsent);
    return body && { body, etag: await etagOf(body) };
  }

  async put(
    key: string,
    body: string | Uint8Array,
    { condition }: PutOptions,
  ): Promise<{ etag: string }> {
    const path = this.#path(key);
    const etag = await etagOf(body);
    const unfinished = await this.#unfinished();
    try {
      await writeFile(unfinished, body);
      await mkdir(dirname(path), { recursive: true });
      if (condition === 'absent') await this.#linkWhenAbsent(unfinished, path, key);
      else if (condition) await this.#replaceWhenUnchanged(unfinished, path, key, condition.etag);
      else await rename(unfinished, path);
    } finally {
      await rm(unfinished, { force: true });
    }
    return { etag };
  }

  async upload(key: string, stream: Readable): Promise<void> {
    const path = this.#path(key);
    const unfinished = await this.#unfinished();
    try {
      await writeStream([stream], unfinished);
      await mkdir(dirname(path), { recursive: true });
      await rename(unfinished, path);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async open(key: string): Promise<OpenedObject | undefined> {
    const path = this.#path(key);
    const found = await stat(path).catch(undefinedWhenAbsent);
    return found?.isFile() ? { stream: createReadStream(path), size: found.size } : undefined;
  }

  /** Files have no links that open without the service. */
  async link(): Promise<undefined> {
    return undefined;
  }

  async *list(prefix: string): AsyncIterable<string> {
    // Only the folder the prefix names is walked; what is left of it is compared.
    const start = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    for await (const key of this.#walk(start)) if (key.startsWith(prefix)) yield key;
  }

  async delete(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  async *#walk(folder: string): AsyncIterable<string> {
    const entries = await opendir(join(this.#folder, folder)).catch(undefinedWhenAbsent);
    if (!entries) return;
    for await (const entry of entries) {
      if (entry.name === '.tmp' || entry.name.endsWith('.lock')) continue;
      if (entry.isDirectory()) yield* this.#walk(`${folder}${entry.name}/`);
      else yield `${folder}${entry.name}`;
    }
  }

  /** Linking fails when the name is taken: creation is exclusive without a lock. */
  async #linkWhenAbsent(unfinished: string, path: string, key: string): Promise<void> {
    try {
      await link(unfinished, path);
    } catch (error) {
      throw isCode(error, 'EEXIST') ? new PreconditionFailed(key) : error;
    }
  }

  async #replaceWhenUnchanged(
    unfinished: string,
    path: string,
    key: string,
    etag: string,
  ): Promise<void> {
    const { default: lockfile } = await import('proper-lockfile');
    const release = await lockfile.lock(path, {
      realpath: false,
      stale: 5_000,
      retries: { retries: 200, minTimeout: 2, maxTimeout: 50, randomize: true },
    });
    try {
      const found = await this.get(key);
      if (found?.etag !== etag) throw new PreconditionFailed(key);
      await rename(unfinished, path);
    } finally {
      await release();
    }
  }

  async #unfinished(): Promise<string> {
    const folder = join(this.#folder, '.tmp');
    await mkdir(folder, { recursive: true });
    return join(folder, crypto.randomUUID());
  }

  #path(key: string): string {
    const parts = key.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
      throw new Error(`object key ${JSON.stringify(key)} must be relative, without . or ..`);
    }
    return join(this.#folder, ...parts);
  }
}

async function etagOf(body: string | Uint8Array): Promise<string> {
  // Loaded when it is first needed: it takes some 5 ms, which GetCapabilities should not pay.
  const { createHash } = await import('node:crypto');
  return createHash('sha256').update(body).digest('hex');
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function undefinedWhenAbsent(error: unknown): undefined {
  if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return undefined;
  throw error;
}
