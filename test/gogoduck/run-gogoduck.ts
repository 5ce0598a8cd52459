import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderFileIndex } from '../../batch-jobs/gogoduck/folder-file-index.ts';
import type { GoGoDuckRequest } from '../../batch-jobs/gogoduck/gogoduck-request.ts';
import { loadHdf5 } from '../../batch-jobs/gogoduck/netcdf/hdf5-file.ts';
import { NetcdfWriter } from '../../batch-jobs/gogoduck/netcdf/netcdf-writer.ts';
import { localFiles, type RunParts, run } from '../../batch-jobs/gogoduck/run.ts';
import { parseSubset } from '../../batch-jobs/gogoduck/subset.ts';
import { type ReadNetcdf, readNetcdf } from './read-netcdf.ts';

/** Runs GoGoDuck on the folder `layer` below a folder of layers. @returns path of the result */
export async function runGogoduck(
  layers: string,
  subset: string,
  change: Partial<GoGoDuckRequest> = {},
  parts: Partial<RunParts> = {},
): Promise<string> {
  const folder = await mkdtemp(join(layers, 'run-'));
  const [scratchFolder, outputFolder] = [join(folder, 'scratch'), join(folder, 'outputs')];
  await Promise.all([mkdir(scratchFolder), mkdir(outputFolder)]);
  const request: GoGoDuckRequest = {
    layer: 'layer',
    subset: parseSubset(subset),
    subsetText: subset,
    testMode: false,
    filename: 'layer',
    result: 'application/x-netcdf',
    content: 'application/x-netcdf',
    provenance: true,
    receipt: true,
    ...change,
  };
  await run(request, {
    jobId: 'c0ffee00-0000-4000-8000-000000000000',
    createNetcdf: async (path, definition) => new NetcdfWriter(await loadHdf5(), path, definition),
    files: { index: new FolderFileIndex(layers), obtain: localFiles },
    scratchFolder,
    outputFolder,
    tell: () => {},
    now: () => new Date('2024-05-06T07:08:09Z'),
    ...parts,
  });
  return join(outputFolder, 'result');
}

export async function aggregated(
  layers: string,
  subset: string,
  change: Partial<GoGoDuckRequest> = {},
): Promise<ReadNetcdf> {
  return await readNetcdf(await runGogoduck(layers, subset, change));
}

/** The lines of the CSV that a request returns. */
export async function csvLines(
  layers: string,
  subset: string,
  change: Partial<GoGoDuckRequest> = {},
): Promise<string[]> {
  const path = await runGogoduck(layers, subset, {
    ...change,
    result: 'text/csv',
    content: 'text/csv',
  });
  return (await readFile(path, 'utf8')).trimEnd().split('\r\n');
}
