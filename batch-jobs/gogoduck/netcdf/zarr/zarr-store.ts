import { access, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AbsolutePath, AsyncReadable, RangeQuery } from '@zarrita/storage';
import { JobError } from '../../job-error.ts';
import { mirrorFile } from './is-zarr.ts';
import { httpObjects, type RemoteObjects } from './remote-objects.ts';
import { readableJson } from './zarr-json.ts';

/** Suffix of the marker file for an object that its store does not have. */
const absent = '.absent';

/** File with the list of a remote store's folders. */
const foldersFile = '.mirrored-folders';

/** Maximum number of bytes of one object of a store, far more than a chunk has. */
const largestObject = 1024 ** 3;

/** A store in a folder on this machine. */
export class FolderStore implements AsyncReadable {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async get(key: AbsolutePath): Promise<Uint8Array | undefined> {
    const bytes = await this.object(key);
    return bytes && isMetadata(key) ? readableJson(bytes) : bytes;
  }

  /** An object as it is stored. */
  protected async object(key: AbsolutePath): Promise<Uint8Array | undefined> {
    return await unlessAbsent(readFile(this.path(key)));
  }

  async getRange(key: AbsolutePath, range: RangeQuery): Promise<Uint8Array | undefined> {
    const file = await unlessAbsent(open(this.path(key), 'r'));
    if (!file) return undefined;
    try {
      const { size } = await file.stat();
      const offset = 'offset' in range ? range.offset : Math.max(size - range.suffixLength, 0);
      const length = 'offset' in range ? range.length : size - offset;
      const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }

  /** @throws for a key that leads out of the folder */
  protected path(key: AbsolutePath): string {
    if (key.split('/').includes('..')) throw new Error(`key ${key} leads out of the store`);
    return join(this.folder, key);
  }
}

/** The location of a store on another machine. */
export interface RemoteStore {
  /** `https://...`, `http://...` or `s3://bucket/prefix`. */
  readonly url: string;
  /** For a bucket, whether it is read with unsigned requests. */
  readonly isPublic?: boolean;
}

/**
 * A store at a URL or in S3. Whole objects are fetched only once and then stored in a folder; ranges are
 * fetched each time.
 */
export class MirroredStore extends FolderStore {
  readonly #objects: RemoteObjects;

  private constructor(folder: string, objects: RemoteObjects) {
    super(folder);
    this.#objects = objects;
  }

  /** Creates the folder that mirrors a store, without any of its objects yet. */
  static async prepare(folder: string, store: RemoteStore): Promise<void> {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, mirrorFile), JSON.stringify(store));
  }

  /** @returns undefined for a folder that mirrors nothing */
  static async of(folder: string): Promise<MirroredStore | undefined> {
    const store = await unlessAbsent(readFile(join(folder, mirrorFile), 'utf8'));
    if (store === undefined) return undefined;
    const { url, isPublic = false } = JSON.parse(store) as RemoteStore;
    if (!url.startsWith('s3:')) return new MirroredStore(folder, httpObjects(url));
    const { s3Objects } = await import('../../s3-objects.ts');
    return new MirroredStore(folder, s3Objects(url, isPublic));
  }

  /** Names of the folders at the top level of the store; undefined if they cannot be listed. */
  async folders(): Promise<string[] | undefined> {
    const path = join(this.folder, foldersFile);
    const kept = await unlessAbsent(readFile(path, 'utf8'));
    if (kept !== undefined) return JSON.parse(kept) as string[];
    const names = await this.#objects.folders?.();
    if (names) await writeFile(path, JSON.stringify(names));
    return names;
  }

  protected override async object(key: AbsolutePath): Promise<Uint8Array | undefined> {
    const kept = await super.object(key);
    if (kept) return kept;
    const path = this.path(key);
    if (await unlessAbsent(access(`${path}${absent}`).then(() => true))) return undefined;
    const bytes = await this.#fetch(key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, bytes ?? '');
    await rename(`${path}.part`, bytes ? path : `${path}${absent}`);
    return bytes;
  }

  override async getRange(key: AbsolutePath, range: RangeQuery): Promise<Uint8Array | undefined> {
    const words =
      'offset' in range
        ? `${range.offset}-${range.offset + range.length - 1}`
        : `-${range.suffixLength}`;
    return await this.#fetch(key, `bytes=${words}`);
  }

  async close(): Promise<void> {
    await this.#objects.close();
  }

  async #fetch(key: AbsolutePath, range?: string): Promise<Uint8Array | undefined> {
    this.path(key);
    try {
      const { status, body } = await this.#objects.get(key.slice(1), range);
      if (body) return await bodyOf(body);
      if (isAbsent(key, status)) return undefined;
      throw new JobError(
        'notThere',
        `Object "${key}" of a Zarr store is unavailable: its server answered ${status}.`,
      );
    } catch (error) {
      if (error instanceof JobError) throw error;
      throw new JobError(
        'unavailable',
        `Object "${key}" of a Zarr store is currently unavailable.`,
        { cause: error },
      );
    }
  }
}

/**
 * S3 responds with 403 for an absent object if the reader must not list the bucket. For a chunk, only a
 * definite 404 counts.
 */
function isAbsent(key: string, statusCode: number): boolean {
  return statusCode === 404 || (statusCode === 403 && isMetadata(key));
}

function isMetadata(key: string): boolean {
  return /\/(\.z[a-z]+|zarr\.json)$/.test(key);
}

async function bodyOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > largestObject) throw new Error('an object is too large');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function unlessAbsent<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
