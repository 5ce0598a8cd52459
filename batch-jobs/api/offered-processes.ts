import type { ObjectStore } from './object-store.ts';
import type { FolderProcess } from './process-folders.ts';

/**
 * The folder processes that the embedded service currently offers, stored beside its jobs. A job runs with
 * the description that its request was checked against, even while someone edits the process file.
 */
const key = 'offered/processes.json';

export async function storeOffered(
  objects: ObjectStore,
  processes: readonly FolderProcess[],
): Promise<void> {
  await objects.put(key, JSON.stringify(processes), { contentType: 'application/json' });
}

/** Returns undefined if no processes were ever stored. */
export async function readOffered(
  objects: ObjectStore,
): Promise<readonly FolderProcess[] | undefined> {
  const object = await objects.get(key);
  if (!object) return undefined;
  const processes: readonly FolderProcess[] = JSON.parse(new TextDecoder().decode(object.body));
  return processes;
}
