import type { FileIndex } from './file-index.ts';
import { FolderFileIndex } from './folder-file-index.ts';
import type { WfsSettings } from './wfs-file-index.ts';

/** Settings of the process, as described in `main.ts`. */
export type GoGoDuckVariables = Readonly<Record<string, string | undefined>>;

/** @returns undefined if the settings name no WFS */
export function wfsSettingsOf(variables: GoGoDuckVariables): WfsSettings | undefined {
  const [wfsUrl, filesUrl] = [variables['GOGODUCK_WFS_URL'], variables['GOGODUCK_FILES_URL']];
  if (!wfsUrl || !filesUrl) return undefined;
  const columns = {
    file: variables['GOGODUCK_WFS_FILE_COLUMN'] ?? 'file_url',
    size: variables['GOGODUCK_WFS_SIZE_COLUMN'] ?? 'size',
    time: variables['GOGODUCK_WFS_TIME_COLUMN'] ?? 'time',
  };
  return { wfsUrl, filesUrl, columns };
}

/**
 * The file index that the settings name.
 *
 * @returns undefined if the settings name none
 */
export async function fileIndexOf(variables: GoGoDuckVariables): Promise<FileIndex | undefined> {
  const layersDir = variables['GOGODUCK_LAYERS_DIR'];
  if (layersDir) return new FolderFileIndex(layersDir);
  const wfs = wfsSettingsOf(variables);
  if (wfs) {
    const [{ WfsFileIndex }, { adviceClient }] = await Promise.all([
      import('./wfs-file-index.ts'),
      import('./http-client.ts'),
    ]);
    return new WfsFileIndex(wfs, adviceClient());
  }
  const zarrUrl = variables['GOGODUCK_ZARR_URL'];
  if (!zarrUrl) return undefined;
  const { ZarrUrlIndex } = await import('./zarr-url-index.ts');
  return new ZarrUrlIndex(zarrUrl);
}
