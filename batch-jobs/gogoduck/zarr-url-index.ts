import type { FileIndex, IndexedFile } from './file-index.ts';
import { checkLayerName } from './layer-name.ts';

/** One Zarr store per layer, all of them below one URL: `<url>/<layer>.zarr`. */
export class ZarrUrlIndex implements FileIndex {
  readonly #url: string;

  /** @param url of the folder or bucket that contains the stores */
  constructor(url: string) {
    this.#url = url.replace(/\/*$/, '/');
  }

  /** Returns the store without checking that it exists; opening it will show. */
  async list(layer: string): Promise<IndexedFile[]> {
    checkLayerName(layer);
    const name = `${layer}.zarr`;
    return [{ name, location: { url: new URL(encodeURIComponent(name), this.#url).href } }];
  }
}
