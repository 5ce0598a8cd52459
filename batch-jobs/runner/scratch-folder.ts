import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isFinal } from '../api/job.ts';
import type { JobStore } from '../api/job-store.ts';
import type { Log } from '../api/log.ts';

/** `job-<id>-<attempt>-<random>` */
const name = /^job-([0-9a-f-]{36})-(\d+)-[A-Za-z0-9]+$/;

/**
 * Gives work a folder of its own and takes it away afterwards, whatever becomes of the work.
 *
 * @param parent may be shared with other runs, of other containers of the machine
 */
export async function inScratchFolder<T>(
  parent: string,
  run: { readonly jobId: string; readonly attempt: number },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `job-${run.jobId}-${run.attempt}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Takes away what killed runs left: folders of jobs that have ended, or whose next attempt has
 * begun. Process ids would tell nothing, for each container counts its own.
 */
export async function clearScratch(parent: string, store: JobStore, log: Log): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const found of names) {
    const [, jobId, attempt] = name.exec(found) ?? [];
    if (!jobId) continue;
    try {
      const job = (await store.read(jobId))?.job;
      if (!job || (!isFinal(job.status) && (job.attempt ?? 0) <= Number(attempt))) continue;
      await rm(join(parent, found), { recursive: true, force: true, maxRetries: 3 });
      log.info('cleared what a killed run left', { left: found });
    } catch (error) {
      log.warn('what a killed run left was not cleared', { left: found, reason: String(error) });
    }
  }
}
