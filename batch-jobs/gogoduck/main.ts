/**
 * GoGoDuck's command, as defined by the batch job API (docs/batch-job-api.md). In addition to that API's
 * variables, it reads:
 *
 * - `GOGODUCK_LAYERS_DIR`: folder with one folder of NetCDF files per layer; or else
 * - `GOGODUCK_WFS_URL`: a WFS whose feature types list the files of layers, as CSV
 * - `GOGODUCK_FILES_URL`: base of the WFS's relative file URLs
 * - `GOGODUCK_WFS_FILE_COLUMN`, `GOGODUCK_WFS_SIZE_COLUMN`, `GOGODUCK_WFS_TIME_COLUMN`: columns with a file's
 *   URL, its bytes and its time (default `file_url`, `size`, `time`)
 * - `GOGODUCK_MAX_GIGABYTES`: limit for source files, and for a result before compression
 * - `GOGODUCK_ZARR_URL`: or else the URL (`https:`, `s3:`) below which each layer is a Zarr store,
 *   `<layer>.zarr`
 * - `GOGODUCK_PUBLIC_BUCKETS`: buckets, separated by commas, that are read with unsigned requests
 * - `GOGODUCK_ATTRIBUTE_RULES`: JSON with attributes of results to set and remove, by layer
 */

import type { AttributeRules } from './aggregate/discovery-attributes.ts';
import { FolderFileIndex } from './folder-file-index.ts';
import { readRequest } from './gogoduck-request.ts';
import { JobError } from './job-error.ts';
import { loadHdf5 } from './netcdf/hdf5-file.ts';
import { NetcdfWriter } from './netcdf/netcdf-writer.ts';
import { seldom } from './progress.ts';
import { type FileSource, localFiles, run } from './run.ts';

const variables = process.env;
const progressMilliseconds = 200;

function required(name: string): string {
  const value = variables[name];
  if (!value) throw new Error(`variable ${name} is not set`);
  return value;
}

function gigabytes(name: string): number | undefined {
  const text = variables[name];
  if (!text) return undefined;
  const number = Number(text);
  if (number > 0) return number;
  throw new Error(`variable ${name} is "${text}"; allowed: a number of gigabytes`);
}

async function fileSource(scratchFolder: string): Promise<FileSource> {
  const layersDir = variables['GOGODUCK_LAYERS_DIR'];
  if (layersDir) return { index: new FolderFileIndex(layersDir), obtain: localFiles };
  const [wfsUrl, zarrUrl] = [variables['GOGODUCK_WFS_URL'], variables['GOGODUCK_ZARR_URL']];
  if (!wfsUrl && !zarrUrl) {
    throw new Error('neither GOGODUCK_LAYERS_DIR, GOGODUCK_WFS_URL nor GOGODUCK_ZARR_URL is set');
  }
  const [{ obtainFiles }, { defaultHttpSettings, httpClient }] = await Promise.all([
    import('./obtain-files.ts'),
    import('./http-client.ts'),
  ]);
  const client = httpClient(defaultHttpSettings);
  const publicBuckets = (variables['GOGODUCK_PUBLIC_BUCKETS'] ?? '').split(/[\s,]+/);
  const obtain: FileSource['obtain'] = (files, onFile) =>
    obtainFiles(files, scratchFolder, client, onFile, publicBuckets);
  if (!wfsUrl) {
    const { ZarrUrlIndex } = await import('./zarr-url-index.ts');
    return { index: new ZarrUrlIndex(zarrUrl ?? ''), obtain };
  }
  const { WfsFileIndex } = await import('./wfs-file-index.ts');
  const columns = {
    file: variables['GOGODUCK_WFS_FILE_COLUMN'] ?? 'file_url',
    size: variables['GOGODUCK_WFS_SIZE_COLUMN'] ?? 'size',
    time: variables['GOGODUCK_WFS_TIME_COLUMN'] ?? 'time',
  };
  const settings = { wfsUrl, filesUrl: required('GOGODUCK_FILES_URL'), columns };
  return { index: new WfsFileIndex(settings, client), obtain };
}

async function rulesFor(layer: string): Promise<AttributeRules | undefined> {
  const text = variables['GOGODUCK_ATTRIBUTE_RULES'];
  if (!text) return undefined;
  const { attributeRulesOf } = await import('./attribute-rules.ts');
  return attributeRulesOf(text, layer);
}

try {
  const scratchFolder = process.cwd();
  const request = await readRequest(required('WPS_INPUTS'), required('WPS_OUTPUTS_REQUESTED'));
  const most = gigabytes('GOGODUCK_MAX_GIGABYTES');
  const attributeRules = await rulesFor(request.layer);
  await run(request, {
    ...(attributeRules ? { attributeRules } : {}),
    ...(most === undefined ? {} : { mostGigabytes: most }),
    warn: (text) => console.log(`WARNING ${text.replaceAll(/\s+/g, ' ')}`),
    jobId: required('WPS_JOB_ID'),
    createNetcdf: async (path, definition) => new NetcdfWriter(await loadHdf5(), path, definition),
    files: await fileSource(scratchFolder),
    scratchFolder,
    outputFolder: required('WPS_OUTPUT_DIR'),
    tell: seldom(
      (percent, message) => console.log(`PROGRESS ${percent} ${message}`),
      progressMilliseconds,
      () => performance.now(),
    ),
    now: () => new Date(),
  });
} catch (error) {
  const isExpected = error instanceof JobError;
  // A library may have printed an unfinished line.
  if (isExpected) console.error(`\nERROR ${error.message.replaceAll(/\s+/g, ' ')}`);
  const cause = isExpected ? error.cause : error;
  if (cause !== undefined) console.error(cause);
  process.exitCode = isExpected ? error.exitCode : 1;
}
