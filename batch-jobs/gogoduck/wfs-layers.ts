import type { Coverage } from '../api/process-advice.ts';
import { adviceClient } from './http-client.ts';
import { KeptAnswers } from './kept-answers.ts';
import { instantsPeriod } from './layer-coverage.ts';
import { isLayerName } from './layer-name.ts';
import type { LayerSource, ListedLayer } from './layer-source.ts';
import { featureTypes } from './wfs-capabilities.ts';
import { WfsFileIndex, type WfsSettings } from './wfs-file-index.ts';

/** Capabilities of a large service take seconds, and seldom change. */
const lists = new KeptAnswers<readonly ListedLayer[]>(10 * 60_000, 10);

/** The feature types of a WFS. */
export class WfsLayers implements LayerSource {
  readonly key: string;
  readonly isRemote = true;
  readonly #settings: WfsSettings;
  readonly #publicBuckets: readonly string[];

  constructor(settings: WfsSettings, publicBuckets: readonly string[]) {
    this.key = settings.wfsUrl;
    this.#settings = settings;
    this.#publicBuckets = publicBuckets;
  }

  async list(): Promise<readonly ListedLayer[]> {
    return await lists.get(this.key, async () => {
      const types = await featureTypes(this.#settings.wfsUrl, adviceClient());
      return types.filter(({ name }) => isLayerName(name));
    });
  }

  /** Variables, depths and spacing are only in the files, and are read only from Zarr stores. */
  async coverage(name: string): Promise<Coverage | undefined> {
    const index = new WfsFileIndex(this.#settings, adviceClient());
    const { count, ends } = await index.summary(name);
    const [first] = ends;
    if (!first) return undefined;
    const { isZarrUrl } = await import('./obtain-files.ts');
    if (count === 1 && 'url' in first.location && isZarrUrl(first.location.url)) {
      const { storeCoverage } = await import('./zarr-layers.ts');
      return await storeCoverage(first.location.url, this.#publicBuckets);
    }
    const listed = await this.list().catch(() => []);
    const { bbox } = listed.find((layer) => layer.name === name) ?? {};
    return {
      ...(count === undefined ? {} : { files: count }),
      ...(bbox ? { bbox } : {}),
      ...instantsPeriod(ends.map(({ time }) => time)),
    };
  }
}
