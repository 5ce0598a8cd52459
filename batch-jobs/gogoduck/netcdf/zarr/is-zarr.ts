import { readdir } from 'node:fs/promises';

/** Says of a folder that it mirrors a store elsewhere, by that store's URL. */
export const mirrorFile = '.mirror-of';

/** What a Zarr store has at its top, one of them. */
const topFiles = new Set(['.zgroup', '.zmetadata', 'zarr.json', mirrorFile]);

/** Whether a folder is a Zarr store, or mirrors one. */
export async function isZarr(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []);
  return names.some((name) => topFiles.has(name));
}
