import PQueue from 'p-queue';
import { DamagedRecord } from './job-record.ts';
import type { JobStore } from './job-store.ts';

export interface IndexedJobs {
  readonly indexed: number;
  /** Jobs whose record cannot be read. They appear in no list. */
  readonly damaged: number;
}

export interface IndexJobsOptions {
  /**
   * ID of the job after which to begin, as reported by an interrupted run. Default: begin with the first job.
   */
  readonly after?: string;
  /** Called with each job up to which all jobs are in the index. */
  readonly onProgress?: (done: number, jobId: string) => void;
}

/** How many records are read as one batch. The index is complete up to the end of the last batch. */
const together = 64;
const atOnce = 16;

/**
 * Adds all stored jobs to the index, including those older than the index. Existing entries stay as they are,
 * so this can run again, run beside the service, and continue after an interruption.
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
