import type { Coverage } from '../api/process-advice.ts';
import { type GoGoDuckVariables, wfsSettingsOf } from './file-index-of.ts';

/** A layer as its source lists it, before anything is looked into. */
export interface ListedLayer {
  readonly name: string;
  readonly title?: string;
  readonly abstract?: string;
  readonly bbox?: NonNullable<Coverage['bbox']>;
}

/** Where layers come from: what a form asks of them. */
export interface LayerSource {
  /** Tells it from others. */
  readonly key: string;
  /** To look into a layer takes requests to another server, which are made for few of them. */
  readonly isRemote: boolean;
  /**
   * @returns undefined where layers cannot be listed, as stores below a URL of HTTP
   * @throws when they are currently unavailable
   */
  list(): Promise<readonly ListedLayer[] | undefined>;
  /**
   * What is known of the layer of exactly that name.
   *
   * @returns undefined where there is no such layer
   * @throws {JobError} when it cannot be looked into
   */
  coverage(name: string): Promise<Coverage | undefined>;
}

/** @returns undefined where the settings name no source */
export async function layerSourceOf(
  variables: GoGoDuckVariables,
): Promise<LayerSource | undefined> {
  const layersDir = variables['GOGODUCK_LAYERS_DIR'];
  if (layersDir) {
    const { FolderLayers } = await import('./folder-layers.ts');
    return new FolderLayers(layersDir);
  }
  const wfs = wfsSettingsOf(variables);
  const publicBuckets = (variables['GOGODUCK_PUBLIC_BUCKETS'] ?? '').split(/[\s,]+/);
  if (wfs) {
    const { WfsLayers } = await import('./wfs-layers.ts');
    return new WfsLayers(wfs, publicBuckets);
  }
  const zarrUrl = variables['GOGODUCK_ZARR_URL'];
  if (!zarrUrl) return undefined;
  const { ZarrLayers } = await import('./zarr-layers.ts');
  return new ZarrLayers(zarrUrl, publicBuckets);
}
