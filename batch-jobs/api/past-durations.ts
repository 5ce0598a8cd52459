import type { Job } from './job.ts';
import { type ObjectStore, PreconditionFailed } from './object-store.ts';
import { sha256 } from './sha256.ts';

/** How long the latest runs of a process took, from their first start to their end. */
export interface PastDuration {
  /** Seconds. */
  readonly minimum: number;
  readonly maximum: number;
  /** Number of runs that the range is based on. */
  readonly runs: number;
}

/** Fewer runs do not predict the next one. */
const leastRuns = 3;
const mostRuns = 20;

/**
 * Recent durations of each process's jobs: `index/durations/<hash of the process>` holds the seconds of the
 * latest {@link mostRuns} successful jobs. Reading costs one read; adding costs one read and one write,
 * whatever the number of jobs. Only the process and the seconds are stored, so any caller may see the range.
 */
export class PastDurations {
  readonly #objects: ObjectStore;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** Adds a job that succeeded. If two jobs end at the same time, one may be left out. */
  async note({ process, startedAt, endedAt }: Pick<Job, 'process' | 'startedAt' | 'endedAt'>) {
    if (startedAt === undefined || endedAt === undefined) return;
    const seconds = Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000);
    if (!Number.isFinite(seconds)) return;
    const found = await this.#read(process.identifier);
    const latest = [seconds, ...found.seconds].slice(0, mostRuns);
    const condition = found.etag === undefined ? 'absent' : { etag: found.etag };
    await this.#objects
      .put(keyOf(process.identifier), JSON.stringify(latest), {
        contentType: 'application/json',
        condition,
      })
      .catch((error: unknown) => {
        if (!(error instanceof PreconditionFailed)) throw error;
      });
  }

  /**
   * @param process identifier
   * @returns undefined if there are too few runs
   */
  async of(process: string): Promise<PastDuration | undefined> {
    const { seconds } = await this.#read(process);
    if (seconds.length < leastRuns) return undefined;
    return { minimum: Math.min(...seconds), maximum: Math.max(...seconds), runs: seconds.length };
  }

  async #read(process: string): Promise<{ seconds: readonly number[]; etag?: string }> {
    const found = await this.#objects.get(keyOf(process));
    if (!found) return { seconds: [] };
    return { seconds: secondsIn(new TextDecoder().decode(found.body)), etag: found.etag };
  }
}

/** Damaged content counts as empty; the next job overwrites it. */
function secondsIn(text: string): readonly number[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter((each) => Number.isFinite(each)) : [];
  } catch {
    return [];
  }
}

function keyOf(process: string): string {
  return `index/durations/${sha256(process)}`;
}
