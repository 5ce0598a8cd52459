/**
 * GoGoDuck's command, by the batch job API (docs/batch-job-api.md). Beside that API's variables:
 *
 * - `GOGODUCK_LAYERS_DIR`: folder with one folder of NetCDF files a layer; or else
 * - `GOGODUCK_WFS_URL`: a WFS whose feature types list the files of layers, as CSV
 * - `GOGODUCK_FILES_URL`: what the file URLs of the WFS are relative to
 * - `GOGODUCK_WFS_FILE_COLUMN`, `GOGODUCK_WFS_SIZE_COLUMN`, `GOGODUCK_WFS_TIME_COLUMN`: columns with
 *   a file's URL, its bytes and its time (default `file_url`, `size`, `time`)
 */

import { FolderFileIndex } from './folder-file-index.ts';
import { readRequest } from './gogoduck-request.ts';
import { JobError } from './job-error.ts';
import { seldom } from './progress.ts';
import { run } from './run.ts';

const variables = process.env;

function required(name: string): string {
  const value = variables[name];
  if (!value) throw new Error(`variable ${name} is not set`);
  return value;
}

try {
  const request = await readRequest(required('WPS_INPUTS'), required('WPS_OUTPUTS_REQUESTED'));
  await run(request, {
    jobId: variables['WPS_JOB_ID'] ?? '',
    fileIndex: new FolderFileIndex(required('GOGODUCK_LAYERS_DIR')),
    obtain: async (files) => files.map(({ location }) => ('path' in location ? location.path : '')),
    scratchFolder: process.cwd(),
    outputFolder: required('WPS_OUTPUT_DIR'),
    tell: seldom(
      (percent, message) => console.log(`PROGRESS ${percent} ${message}`),
      200,
      () => performance.now(),
    ),
    now: () => new Date(),
  });
} catch (error) {
  if (error instanceof JobError) {
    console.error(`ERROR ${error.message.replaceAll(/\s+/g, ' ')}`);
    if (error.cause) console.error(error.cause);
    process.exitCode = error.exitCode;
  } else {
    console.error(error);
    process.exitCode = 1;
  }
}
