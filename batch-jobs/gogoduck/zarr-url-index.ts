import type { FileIndex, IndexedFile } from './file-index.ts';
import { checkLayerName } from './layer-name.ts';

/** A Zarr store per layer, all of them below one URL: `<url>/<layer>.zarr`. */
export class ZarrUrlIndex implements FileIndex {
  readonly #url: string;

  /** @param url of the folder or bucket that holds the stores */
  constructor(url: string) {
    this.#url = url.replace(/\/*$/, '/');
  }

  /** Whether there is such a store is known when it is opened. */
  async list(layer: string): Promise<IndexedFile[]> {
    checkLayerName(layer);
    const name = `${layer}.zarr`;
    return [{ name, location: { url: new URL(encodeURIComponent(name), this.#url).href } }];
  }
}
