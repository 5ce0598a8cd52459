import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../../batch-jobs/api/log.ts';
import type { ObjectStore, StoredObject } from '../../batch-jobs/api/object-store.ts';
import { jobIdOfKey, type LocalJob, parseLocalJob } from './local-job.ts';

/** Pauses between attempts to read a file of the queue, in milliseconds: a disk may fail for a moment. */
const pauses = [100, 500, 1_000, 2_000, 5_000];

interface Reading {
  readonly objects: ObjectStore;
  /** Waits between attempts; if left out, uses the clock. */
  readonly pause?: ((milliseconds: number) => Promise<unknown>) | undefined;
  readonly log: Log;
}

/**
 * The jobs that an earlier engine stored and did not end. A file that cannot be understood affects only its
 * own job.
 *
 * @param onDamaged is called with the id of each such job
 */
export async function readLeftJobs(
  reading: Reading,
  onDamaged: (jobId: string) => Promise<void>,
): Promise<LocalJob[]> {
  const left: LocalJob[] = [];
  for await (const key of reading.objects.list('engine/')) {
    const jobId = jobIdOfKey(key);
    // A file that another program put there.
    if (jobId === undefined) continue;
    try {
      const object = await get(key, reading);
      if (object) left.push(await parse(key, jobId, object.body, reading));
    } catch (error) {
      const about = { jobId, file: key };
      reading.log.error('a file of the queue was not read; its job fails', about, error);
      await onDamaged(jobId);
    }
  }
  return left;
}

/**
 * A temporary failure to read a file (too many open files, a disk fault) does not mean that it is damaged.
 */
async function get(
  key: string,
  { objects, pause = wait, log }: Reading,
): Promise<StoredObject | undefined> {
  for (const milliseconds of pauses) {
    try {
      return await objects.get(key);
    } catch (error) {
      log.warn('a file of the queue was not read and is read again', {
        file: key,
        reason: String(error),
      });
    }
    await pause(milliseconds);
  }
  return await objects.get(key);
}

/** A damaged file is set aside for a person to look at. */
async function parse(
  key: string,
  jobId: string,
  body: Uint8Array,
  { objects }: Reading,
): Promise<LocalJob> {
  try {
    return parseLocalJob(jobId, body);
  } catch (error) {
    await objects.put(`damaged/${key}`, body, { contentType: 'application/octet-stream' });
    await objects.delete(key);
    throw error;
  }
}
