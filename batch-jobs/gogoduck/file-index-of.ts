import type { FileIndex } from './file-index.ts';
import { FolderFileIndex } from './folder-file-index.ts';

/** Settings of the process, as `main.ts` describes them. */
export type GoGoDuckVariables = Readonly<Record<string, string | undefined>>;

/**
 * Where the settings say that files are listed.
 *
 * @returns undefined where they say nothing
 */
export async function fileIndexOf(variables: GoGoDuckVariables): Promise<FileIndex | undefined> {
  const layersDir = variables['GOGODUCK_LAYERS_DIR'];
  if (layersDir) return new FolderFileIndex(layersDir);
  const wfsUrl = variables['GOGODUCK_WFS_URL'];
  const filesUrl = variables['GOGODUCK_FILES_URL'];
  if (!wfsUrl || !filesUrl) return undefined;
  const [{ WfsFileIndex }, { defaultHttpSettings, httpClient }] = await Promise.all([
    import('./wfs-file-index.ts'),
    import('./http-client.ts'),
  ]);
  const columns = {
    file: variables['GOGODUCK_WFS_FILE_COLUMN'] ?? 'file_url',
    size: variables['GOGODUCK_WFS_SIZE_COLUMN'] ?? 'size',
    time: variables['GOGODUCK_WFS_TIME_COLUMN'] ?? 'time',
  };
  // An estimate does not wait for a busy server.
  const client = httpClient({ ...defaultHttpSettings, retries: 1, silenceMilliseconds: 5_000 });
  return new WfsFileIndex({ wfsUrl, filesUrl, columns }, client);
}
