import type { Job } from './job.ts';
import { isJobId } from './job-id.ts';
import type { ObjectStore } from './object-store.ts';
import { sha256 } from './sha256.ts';

/** Whose jobs to list: all jobs, or those of one owner. */
export type JobIndexScope = 'all' | { readonly owner: string };

/** Where a list of jobs begins and ends. Times are in milliseconds since 1970, both inclusive. */
export interface JobIndexRange {
  /** Place of the entry after which the list begins. */
  readonly after?: string | undefined;
  readonly createdFrom?: number | undefined;
  readonly createdTo?: number | undefined;
}

export interface JobIndexEntry {
  readonly id: string;
  /** Opaque; for {@link JobIndexRange.after}. */
  readonly place: string;
}

/** Larger than any timestamp in use. Subtracting from it reverses the sort order. */
const end = 9_999_999_999_999;

const placePattern = /^\d{5}\/\d{3}\/\d{5}-[0-9a-f-]{36}$/;

/**
 * All jobs, latest first, as keys without content: `index/<scope>/<time>-<id>`, where the time counts down. A
 * page costs one list request, however many jobs there are. If keys are files, folders per day and per 100
 * seconds keep each folder small.
 *
 * An entry exists before its record does, and may remain after the record is gone.
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

  async *list(scope: JobIndexScope, range: JobIndexRange = {}): AsyncIterable<JobIndexEntry> {
    const prefix = prefixOf(scope);
    const { after, createdFrom, createdTo } = range;
    // Places of jobs created at that very millisecond begin with it, and so come after it.
    const start = timeOf(createdTo ?? end);
    const from = isPlace(after) && after > start ? after : start;
    const last = createdFrom === undefined ? undefined : `${timeOf(createdFrom)}-~`;
    for await (const key of this.#objects.list(prefix, `${prefix}${from}`)) {
      const place = key.slice(prefix.length);
      if (last !== undefined && place > last) return;
      const id = place.slice(place.indexOf('-') + 1);
      if (isJobId(id)) yield { id, place };
    }
  }
}

/** Checked before text from a client becomes part of a key. */
export function isPlace(text: string | undefined): text is string {
  return text !== undefined && placePattern.test(text);
}

function keysOf({ id, createdAt, owner }: Pick<Job, 'id' | 'createdAt' | 'owner'>) {
  const place = `${timeOf(Date.parse(createdAt))}-${id}`;
  const scopes: JobIndexScope[] = ['all', ...(owner === undefined ? [] : [{ owner }])];
  return scopes.map((scope) => `${prefixOf(scope)}${place}`);
}

/** An owner's name may contain characters that keys must not. */
function prefixOf(scope: JobIndexScope): string {
  if (scope === 'all') return 'index/all/';
  return `index/owners/${sha256(scope.owner)}/`;
}

function timeOf(milliseconds: number): string {
  const digits = String(end - Math.max(0, Math.min(milliseconds, end))).padStart(13, '0');
  return `${digits.slice(0, 5)}/${digits.slice(5, 8)}/${digits.slice(8)}`;
}
