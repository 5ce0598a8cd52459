import type { ObjectStore } from './object-store.ts';
import type { FolderProcess } from './process-folders.ts';

/**
 * The processes of folders that the embedded service has in force, stored beside its jobs: a job runs by the description
 * that its request was checked against, also while the file of it is being edited.
 */
const key = 'offered/processes.json';

export async function storeOffered(
  objects: ObjectStore,
  processes: readonly FolderProcess[],
): Promise<void> {
  await objects.put(key, JSON.stringify(processes), { contentType: 'application/json' });
}

/** Undefined where none were ever stored. */
export async function readOffered(
  objects: ObjectStore,
): Promise<readonly FolderProcess[] | undefined> {
  const object = await objects.get(key);
  if (!object) return undefined;
  const processes: readonly FolderProcess[] = JSON.parse(new TextDecoder().decode(object.body));
  return processes;
}
