import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Coverage } from '../api/process-advice.ts';
import { KeptAnswers } from './kept-answers.ts';
import { layerCoverage } from './layer-coverage.ts';
import { isLayerName } from './layer-name.ts';
import type { LayerSource, ListedLayer } from './layer-source.ts';
import { MirroredStore } from './netcdf/zarr/zarr-store.ts';
import { isPublicUrl } from './obtain-files.ts';
import { ZarrUrlIndex } from './zarr-url-index.ts';

const lists = new KeptAnswers<readonly ListedLayer[]>(10 * 60_000, 10);

/** The Zarr stores below a URL, named `<layer>.zarr`. */
export class ZarrLayers implements LayerSource {
  readonly key: string;
  readonly isRemote = true;
  readonly #url: string;
  readonly #publicBuckets: readonly string[];

  constructor(url: string, publicBuckets: readonly string[]) {
    this.key = url;
    this.#url = url;
    this.#publicBuckets = publicBuckets;
  }

  /** HTTP cannot list what is below a URL; S3 can. */
  async list(): Promise<readonly ListedLayer[] | undefined> {
    if (!this.#url.startsWith('s3:')) return undefined;
    return await lists.get(this.key, async () => {
      const { s3Objects } = await import('./s3-objects.ts');
      const objects = s3Objects(this.#url, isPublicUrl(this.#url, this.#publicBuckets));
      try {
        const folders = (await objects.folders?.()) ?? [];
        return folders
          .flatMap((folder) => /^(.+)\.zarr$/.exec(folder)?.[1] ?? [])
          .filter(isLayerName)
          .map((name) => ({ name }));
      } finally {
        await objects.close();
      }
    });
  }

  async coverage(name: string): Promise<Coverage | undefined> {
    const [store] = await new ZarrUrlIndex(this.#url).list(name);
    if (!store || !('url' in store.location)) return undefined;
    return await storeCoverage(store.location.url, this.#publicBuckets);
  }
}

/**
 * The coverage of a remote store. Fetches its metadata and coordinates, but no data.
 *
 * @throws {JobError} if it cannot be read
 */
export async function storeCoverage(
  url: string,
  publicBuckets: readonly string[],
): Promise<Coverage> {
  const folder = await mkdtemp(join(tmpdir(), 'layer-'));
  try {
    const path = join(folder, 'store.zarr');
    await MirroredStore.prepare(path, { url, isPublic: isPublicUrl(url, publicBuckets) });
    const { files: _, ...coverage } = await layerCoverage([
      { name: 'store.zarr', location: { path } },
    ]);
    return coverage;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
