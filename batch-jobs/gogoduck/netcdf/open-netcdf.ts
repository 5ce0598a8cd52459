import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { JobError } from '../job-error.ts';
import type { Hdf5 } from './hdf5-file.ts';
import { Hdf5NetcdfFile } from './hdf5-netcdf-file.ts';
import type { NetcdfFile } from './netcdf-file.ts';

/**
 * Opens a NetCDF file, whatever its format.
 *
 * @throws {JobError} when it is none that is read here, or is damaged
 */
export async function openNetcdf(hdf5: Hdf5, path: string): Promise<NetcdfFile> {
  const fault = faultOfStart(path);
  if (fault) throw new JobError('badData', `File "${basename(path)}" ${fault}`);
  return Hdf5NetcdfFile.open(hdf5, path);
}

/** Why a file cannot be NetCDF-4, as its first bytes tell; undefined when it can. */
function faultOfStart(path: string): string | undefined {
  const head = Buffer.alloc(4);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head, 0, head.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return 'is listed for the layer but cannot be opened.';
  }
  const start = head.toString('latin1');
  if (start === '\x89HDF') return undefined;
  return start.startsWith('CDF')
    ? 'is classic NetCDF (NetCDF-3); allowed: NetCDF-4. "nccopy -k nc4" turns one into the other.'
    : 'is no NetCDF-4 file.';
}
