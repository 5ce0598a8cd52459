import { readdir } from 'node:fs/promises';
import type { Coverage } from '../api/process-advice.ts';
import { FolderFileIndex } from './folder-file-index.ts';
import { layerCoverage } from './layer-coverage.ts';
import type { LayerSource, ListedLayer } from './layer-source.ts';

/** The layers of a folder, by name. */
export class FolderLayers implements LayerSource {
  readonly key: string;
  readonly isRemote = false;
  readonly #folder: string;

  constructor(folder: string) {
    this.key = folder;
    this.#folder = folder;
  }

  async list(): Promise<readonly ListedLayer[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    return entries
      .filter(
        (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'),
      )
      .map(({ name }) => ({ name }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async coverage(name: string): Promise<Coverage | undefined> {
    const files = await new FolderFileIndex(this.#folder).list(name);
    return files.length > 0 ? await layerCoverage(files) : undefined;
  }
}
