import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isFinal } from '../api/job.ts';
import type { JobStore } from '../api/job-store.ts';
import type { Log } from '../api/log.ts';
import { whenFilesCanBeOpened } from '../api/open-files.ts';

/** `job-<id>-<attempt>-<random>` */
const name = /^job-([0-9a-f-]{36})-(\d+)-[A-Za-z0-9]+$/;

/**
 * Creates a new folder for one run.
 *
 * @param parent may be shared with runs in other containers on the machine
 */
export async function makeScratchFolder(
  parent: string,
  run: { readonly jobId: string; readonly attempt: number },
): Promise<string> {
  await mkdir(parent, { recursive: true });
  return await mkdtemp(join(parent, `job-${run.jobId}-${run.attempt}-`));
}

/** Removes a run's folder. A failure is only logged: {@link clearScratch} removes the folder later. */
export async function removeScratchFolder(folder: string, log: Log): Promise<void> {
  try {
    await remove(folder);
  } catch (error) {
    log.warn('the scratch folder was not removed', { left: folder, reason: String(error) });
  }
}

async function remove(folder: string): Promise<void> {
  const options = { recursive: true, force: true, maxRetries: 3 };
  try {
    await rm(folder, options);
  } catch {
    // A command may leave folders without write permission, from which nothing can be deleted.
    await makeWritable(folder);
    await rm(folder, options);
  }
}

/**
 * Ignores failures: the removal that follows reports what cannot be removed. The failed removal may still be
 * removing other files, so they can disappear here.
 */
async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700).catch(() => undefined);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

/**
 * Removes folders that killed runs left behind: those of jobs that have ended, or whose next attempt has
 * begun. Process IDs would not help, because each container has its own numbering.
 */
export async function clearScratch(parent: string, store: JobStore, log: Log): Promise<void> {
  const found = await whenFilesCanBeOpened(() => readdir(parent)).catch(() => []);
  await Promise.all(found.map((folder) => clearWhenOver(folder, parent, store, log)));
}

async function clearWhenOver(
  folder: string,
  parent: string,
  store: JobStore,
  log: Log,
): Promise<void> {
  const [, jobId = '', attempt] = name.exec(folder) ?? [];
  try {
    const job = (await store.read(jobId))?.job;
    if (!job || (!isFinal(job.status) && (job.attempt ?? 0) <= Number(attempt))) return;
    await remove(join(parent, folder));
    log.info('cleared what a killed run left', { left: folder });
  } catch (error) {
    log.warn('what a killed run left was not cleared', { left: folder, reason: String(error) });
  }
}
