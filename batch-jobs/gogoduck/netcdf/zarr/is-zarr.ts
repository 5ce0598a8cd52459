import { readdir } from 'node:fs/promises';

/** A file with the URL of the remote store that its folder mirrors. */
export const mirrorFile = '.mirror-of';

/** Files at the top level of a Zarr store, at least one of which exists. */
const topFiles = new Set(['.zgroup', '.zmetadata', 'zarr.json', mirrorFile]);

/** Whether a folder is a Zarr store, or mirrors one. */
export async function isZarr(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => topFiles.has(name));
}
