import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileIndex, IndexedFile } from './file-index.ts';
import { checkLayerName, noSuchLayer } from './layer-name.ts';
import { isZarr } from './netcdf/zarr/is-zarr.ts';

/** One folder per layer, with NetCDF files in it or in its subfolders. */
export class FolderFileIndex implements FileIndex {
  readonly #folder: string;

  /** @param folder contains one folder per layer */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Lists all files, because a folder does not know their times. */
  async list(layer: string): Promise<IndexedFile[]> {
    checkLayerName(layer);
    const folder = join(this.#folder, layer);
    const found = await stat(folder).catch(() => undefined);
    if (!found?.isDirectory()) throw noSuchLayer(layer, await this.#layers());
    const files: IndexedFile[] = [];
    if (await isZarr(folder)) return [{ name: layer, location: { path: folder } }];
    for await (const path of dataIn(folder)) {
      const name = basename(path);
      // If a file disappears between the two calls, the later read fails and reports it.
      const { size } = await stat(path).catch(() => ({ size: 0 }));
      files.push({ name, location: { path }, size });
    }
    return files.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
  async #layers(): Promise<string[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    return entries
      .filter(
        (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'),
      )
      .map(({ name }) => name);
  }
}

/** NetCDF files and Zarr stores, in the folder and its subfolders. */
async function* dataIn(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (/\.nc4?$/i.test(entry.name)) yield path;
    else if (entry.isDirectory()) {
      // A store has thousands of files; do not walk through them.
      if (await isZarr(path)) yield path;
      else yield* dataIn(path);
    }
  }
}
