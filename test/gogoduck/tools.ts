import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';

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

/** What the machine may lack, and how each is had. */
const tools = {
  ncdump: { has: () => isInstalled('ncdump'), from: 'apt-get install netcdf-bin' },
  ncks: { has: () => isInstalled('ncks'), from: 'apt-get install nco' },
  netCDF4: { has: () => pythonWith('netCDF4'), from: 'apt-get install python3-netcdf4' },
  xarray: { has: () => pythonWith('xarray'), from: 'apt-get install python3-xarray' },
  'real files': {
    has: () => existsSync(realFiles),
    from: 'NETCDF_DIR, a folder with the NetCDF files that real-files.test.ts names',
  },
} as const;

/**
 * A suite that needs tools. Where one is missing it is skipped, and says so; where `CI` is set
 * nothing but the real files may be missing.
 */
export function describeWith(
  needed: readonly (keyof typeof tools)[],
  name: string,
  suite: () => void,
): void {
  const missing = needed.filter((tool) => !tools[tool].has());
  if (missing.length === 0) {
    describe(name, suite);
    return;
  }
  const words = missing.map((tool) => `${tool} (${tools[tool].from})`).join(', ');
  if (process.env['CI'] && missing.some((tool) => tool !== 'real files')) {
    throw new Error(`the suite "${name}" needs ${words}`);
  }
  console.warn(`SKIPPED: "${name}" needs ${words}`);
  describe.skip(name, suite);
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
