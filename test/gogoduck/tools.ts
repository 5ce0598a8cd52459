import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeWhere, type Need } from '../left-out.ts';

/** Real files of IMOS and CSIRO, a folder a collection. */
export const realFiles =
  process.env['NETCDF_DIR'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'netcdf');

/** A Python that has the module, for checking with other people's software. */
function pythonWith(module: string): string | undefined {
  return ['python3', '/usr/bin/python3'].find(
    (python) => spawnSync(python, ['-c', `import ${module}`]).status === 0,
  );
}

function isInstalled(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

/** What the machine may lack, and how to get each. */
const tools = {
  ncdump: need('ncdump', () => isInstalled('ncdump'), 'apt-get install netcdf-bin'),
  ncks: need('ncks', () => isInstalled('ncks'), 'apt-get install nco'),
  netCDF4: need(
    'netCDF4',
    () => pythonWith('netCDF4') !== undefined,
    'apt-get install python3-netcdf4',
  ),
  h5py: need('h5py', () => pythonWith('h5py') !== undefined, 'apt-get install python3-h5py'),
  zarr: need('zarr', () => pythonWith('zarr') !== undefined, 'apt-get install python3-zarr'),
  xarray: need(
    'xarray',
    () => pythonWith('xarray') !== undefined,
    'apt-get install python3-xarray',
  ),
  'real files': need(
    'real NetCDF files',
    () => existsSync(realFiles),
    'set NETCDF_DIR to a folder with the NetCDF files that real-files.test.ts names',
  ),
} as const;

function need(name: string, isMet: () => boolean, from: string): Need {
  return { name, isMet, from };
}

/** A suite that needs tools, and is left out where one is missing. */
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

/** What a Python script prints, as JSON. */
export function python(module: string, script: string, ...args: string[]): unknown {
  const program = pythonWith(module) ?? 'python3';
  return JSON.parse(output(program, ['-W', 'ignore', '-c', script, ...args]));
}

/** What a program prints. */
export function output(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout;
}
