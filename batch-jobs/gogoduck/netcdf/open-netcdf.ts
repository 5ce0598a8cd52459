import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { JobError } from '../job-error.ts';
import { ClassicNetcdfFile } from './classic/classic-netcdf-file.ts';
import type { Hdf5 } from './hdf5-file.ts';
import { Hdf5NetcdfFile } from './hdf5-netcdf-file.ts';
import type { NetcdfFile } from './netcdf-file.ts';
import { isZarr } from './zarr/is-zarr.ts';

/**
 * Opens a NetCDF file of any format.
 *
 * @throws {JobError} if the format is not supported, or the file is damaged
 */
export async function openNetcdf(hdf5: Hdf5, path: string): Promise<NetcdfFile> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder && (await isZarr(path))) {
    const { ZarrNetcdfFile } = await import('./zarr/zarr-netcdf-file.ts');
    return await ZarrNetcdfFile.open(path);
  }
  const start = startOf(path);
  if (start === '\x89HDF') return Hdf5NetcdfFile.open(hdf5, path);
  if (start.startsWith('CDF')) return ClassicNetcdfFile.open(path);
  throw refusal(path, 'is no NetCDF file.');
}

/** The first bytes of a file, which identify its format. */
function startOf(path: string): string {
  const head = Buffer.alloc(4);
  try {
    // Opening a pipe would wait for a writer.
    if (!statSync(path).isFile())
      throw refusal(path, 'is no file of data, but a folder, pipe or device.');
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (error instanceof JobError) throw error;
    throw refusal(path, 'is listed for the layer but cannot be opened.');
  }
  return head.toString('latin1');
}

function refusal(path: string, what: string): JobError {
  return new JobError('badData', `File "${basename(path)}" ${what}`);
}
