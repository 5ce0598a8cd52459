import { basename, join } from 'node:path';
import { build } from 'esbuild';

const folder = join(import.meta.dirname, '..', '.cache', 'programs');
const written = new Map<string, Promise<string>>();

/**
 * A program in TypeScript as one file that Node starts by itself: with tsx each start takes a second longer. Of use
 * where a test file starts it several times. It may not ask where it is (`import.meta`).
 *
 * @param source path of the program
 * @returns path of the file, which is written once per process
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
