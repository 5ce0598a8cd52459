import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeWhere, type Need } from '../left-out.ts';
import { type PythonModule, pythonWith } from './python.ts';

/** Real files of IMOS and CSIRO, one folder per collection. */
export const realFiles =
  process.env['NETCDF_DIR'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'netcdf');

function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

/** Tools that the machine may not have, and how to get each. */
const tools = {
  ncdump: need('ncdump', () => isInstalled('ncdump'), 'apt-get install netcdf-bin'),
  ncks: need('ncks', () => isInstalled('ncks'), 'apt-get install nco'),
  netCDF4: moduleOf('netCDF4', 'python3-netcdf4'),
  h5py: moduleOf('h5py', 'python3-h5py'),
  zarr: moduleOf('zarr', 'python3-zarr'),
  xarray: moduleOf('xarray', 'python3-xarray'),
  'real files': need(
    'real NetCDF files',
    () => existsSync(realFiles),
    'set NETCDF_DIR to a folder with the NetCDF files that real-files.test.ts names',
  ),
} as const;

function need(name: string, isMet: () => boolean, from: string): Need {
  return { name, isMet, from };
}

function moduleOf(name: PythonModule, debianPackage: string): Need {
  return need(name, () => pythonWith(name) !== undefined, `apt-get install ${debianPackage}`);
}

/** A suite that needs tools, and is left out when one is missing. */
export function describeWith(
  needed: readonly (keyof typeof tools)[],
  name: string,
  suite: () => void,
): void {
  describeWhere(
    needed.map((tool) => tools[tool]),
    name,
    suite,
  );
}

/** The output of a program. */
export function output(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
