import type { Coverage } from '../api/process-advice.ts';
import { type GoGoDuckVariables, wfsSettingsOf } from './file-index-of.ts';

/** A layer as its source lists it, before it is inspected. */
export interface ListedLayer {
  readonly name: string;
  readonly title?: string;
  readonly abstract?: string;
  readonly bbox?: NonNullable<Coverage['bbox']>;
}

/** Where layers come from, with the questions that a form asks. */
export interface LayerSource {
  /** Identifies the source. */
  readonly key: string;
  /** Whether inspecting a layer takes requests to another server, so that only few layers are inspected. */
  readonly isRemote: boolean;
  /**
   * @returns undefined if layers cannot be listed, such as stores below an HTTP URL
   * @throws if they are currently unavailable
   */
  list(): Promise<readonly ListedLayer[] | undefined>;
  /**
   * What is known about the layer with exactly this name.
   *
   * @returns undefined if the layer does not exist
   * @throws {JobError} if it cannot be inspected
   */
  coverage(name: string): Promise<Coverage | undefined>;
}

/** @returns undefined if the settings name no source */
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
