import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

// The build puts each file named here beside the program (lambda/build/package-files-plugin.ts).
const packages = createRequire(import.meta.url);

/** Files of packages that are read, not imported. */
export const packageFiles = {
  font: packages.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  renderer: packages.resolve('@resvg/resvg-wasm/index_bg.wasm'),
  coarseLand: packages.resolve('world-atlas/land-110m.json'),
  land: packages.resolve('world-atlas/land-50m.json'),
  fineLand: packages.resolve('world-atlas/land-10m.json'),
};

export async function readPackageFile(name: keyof typeof packageFiles): Promise<Buffer> {
  return await readFile(packageFiles[name]);
}
