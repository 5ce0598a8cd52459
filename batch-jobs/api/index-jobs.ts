import PQueue from 'p-queue';
import { DamagedRecord } from './job-record.ts';
import type { JobStore } from './job-store.ts';

export interface IndexedJobs {
  readonly indexed: number;
  /** Jobs whose record cannot be read, which no list shows. */
  readonly damaged: number;
}

export interface IndexJobsOptions {
  /** Id of the job after which to begin, as an interrupted run told it; left out, with the first. */
  readonly after?: string;
  /** Told of each job up to which all are in the index. */
  readonly onProgress?: (done: number, jobId: string) => void;
}

/** Records read together; the index is whole up to the last of them. */
const together = 64;
const atOnce = 16;

/**
 * Enters all stored jobs in the index of jobs, also those that are older than it. What is there already stays as it is,
 * so that this may run again, beside the service, and go on where it was interrupted.
 */
export async function indexJobs(
  store: JobStore,
  { after, onProgress }: IndexJobsOptions = {},
): Promise<IndexedJobs> {
  const queue = new PQueue({ concurrency: atOnce });
  let indexed = 0;
  let damaged = 0;
  const enter = async (id: string) => {
    try {
      const stored = await store.read(id);
      if (!stored) return;
      await store.index.add(stored.job);
      indexed++;
    } catch (error) {
      if (!(error instanceof DamagedRecord)) throw error;
      damaged++;
    }
  };
  const enterAll = async (ids: readonly string[]) => {
    await Promise.all(ids.map((id) => queue.add(() => enter(id))));
    onProgress?.(indexed, ids.at(-1) ?? '');
  };
  let ids: string[] = [];
  for await (const id of store.ids(after)) {
    ids.push(id);
    if (ids.length < together) continue;
    await enterAll(ids);
    ids = [];
  }
  if (ids.length > 0) await enterAll(ids);
  return { indexed, damaged };
}
