import { basename, join } from 'node:path';
import { build } from 'esbuild';

const folder = join(import.meta.dirname, '..', '.cache', 'programs');
const written = new Map<string, Promise<string>>();

/**
 * Bundles a TypeScript program into one file that Node.js starts directly; with tsx, each start takes a
 * second longer. Useful where a test file starts a program several times. The program must not ask for its
 * own location (`import.meta`).
 *
 * @param source path of the program
 * @returns path of the file, which each process writes only once
 */
export function asOneFile(source: string): Promise<string> {
  const file = written.get(source) ?? bundle(source);
  written.set(source, file);
  return file;
}

async function bundle(source: string): Promise<string> {
  const outfile = join(folder, `${basename(source, '.ts')}-${process.pid}.mjs`);
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  return outfile;
}
