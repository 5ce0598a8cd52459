import type { Job } from './job.ts';
import { isJobId } from './job-id.ts';
import type { ObjectStore } from './object-store.ts';
import { sha256 } from './sha256.ts';

/** Whose jobs are listed: everybody's, or those of one owner. */
export type JobIndexScope = 'all' | { readonly owner: string };

/** Where a listing of jobs may begin and end; instants in milliseconds since 1970, both within. */
export interface JobIndexRange {
  /** Place of the entry after which it begins. */
  readonly after?: string;
  readonly createdFrom?: number;
  readonly createdTo?: number;
}

export interface JobIndexEntry {
  readonly id: string;
  /** Opaque; for {@link JobIndexRange.after}. */
  readonly place: string;
}

/** More milliseconds than any instant of ours has: what is subtracted from it sorts the other way. */
const end = 9_999_999_999_999;

const placePattern = /^\d{5}\/\d{3}\/\d{5}-[0-9a-f-]{36}$/;

/**
 * Which jobs there are, latest first, as keys without content: `index/<scope>/<time>-<id>`, where the time
 * counts down. A page of them costs one listing, however many there are. Folders of a day and of 100
 * seconds keep it so where keys are files.
 *
 * An entry is there before its record is, and may be left when the record is gone.
 */
export class JobIndex {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  async add(job: Pick<Job, 'id' | 'createdAt' | 'owner'>): Promise<void> {
    const keys = keysOf(job);
    await Promise.all(keys.map((key) => this.#objects.put(key, '', { contentType: 'text/plain' })));
  }

  async remove(job: Pick<Job, 'id' | 'createdAt' | 'owner'>): Promise<void> {
    const keys = keysOf(job);
    await Promise.all(keys.map((key) => this.#objects.delete(key)));
  }

  /** @param scope whose jobs */
  async *list(scope: JobIndexScope, range: JobIndexRange = {}): AsyncIterable<JobIndexEntry> {
    const prefix = prefixOf(scope);
    const { after, createdFrom, createdTo } = range;
    // `.` sorts before all digits: what was made at that very instant comes after it.
    const start = createdTo === undefined ? '' : `${timeOf(createdTo)}.`;
    const from = after !== undefined && isPlace(after) && after > start ? after : start;
    const last = createdFrom === undefined ? undefined : `${timeOf(createdFrom)}-~`;
    for await (const key of this.#objects.list(prefix, `${prefix}${from}`)) {
      const place = key.slice(prefix.length);
      if (last !== undefined && place > last) return;
      const id = place.slice(place.indexOf('-') + 1);
      if (isJobId(id)) yield { id, place };
    }
  }
}

/** Checked before a text that a client sent becomes part of a key. */
export function isPlace(text: string): boolean {
  return placePattern.test(text);
}

function keysOf({ id, createdAt, owner }: Pick<Job, 'id' | 'createdAt' | 'owner'>) {
  const place = `${timeOf(Date.parse(createdAt))}-${id}`;
  const scopes: JobIndexScope[] = ['all', ...(owner === undefined ? [] : [{ owner }])];
  return scopes.map((scope) => `${prefixOf(scope)}${place}`);
}

/** An owner's name may hold what keys may not. */
function prefixOf(scope: JobIndexScope): string {
  if (scope === 'all') return 'index/all/';
  return `index/owners/${sha256(scope.owner)}/`;
}

function timeOf(milliseconds: number): string {
  const digits = String(end - Math.max(0, Math.min(milliseconds, end))).padStart(13, '0');
  return `${digits.slice(0, 5)}/${digits.slice(5, 8)}/${digits.slice(8)}`;
}
