/**
 * `npm run build`: bundles every entry point into `dist/`, laid out as the sources are. One set of
 * shared chunks serves them all; each process's own files (scripts) are copied beside.
 */

import { existsSync } from 'node:fs';
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { httpPlugin } from './http-plugin.ts';
import { wasmPlugin } from './wasm-plugin.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const outdir = join(root, 'dist');

/** A process whose command is TypeScript has a `main.ts`; it need not be listed here. */
const entryPoints = [
  'lambda/local.ts',
  'lambda/demo/demo.ts',
  'lambda/handler.ts',
  'lambda/job-events.ts',
  'batch-jobs/runner/main.ts',
  'batch-jobs/gogoduck/writer-worker.ts',
  ...(await readdir(join(root, 'batch-jobs'))).map((folder) => `batch-jobs/${folder}/main.ts`),
].filter((entry) => existsSync(join(root, entry)));

await rm(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: [...new Set(entryPoints)],
  outdir,
  outbase: '.',
  bundle: true,
  minify: true,
  keepNames: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // ES modules of packages that have both: what is not used of them is left out.
  mainFields: ['module', 'main'],
  // libxml2-wasm waits for its own module at the top level: in one file with its importer the two
  // would wait for each other.
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'none',
  plugins: [httpPlugin, wasmPlugin(join(outdir, 'chunks'))],
  // CommonJS dependencies call `require`, which ES modules lack.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
// Wherever the folder is copied to, its files are ES modules.
await writeFile(join(outdir, 'package.json'), '{ "type": "module" }\n');
for (const folder of await readdir(join(root, 'batch-jobs'))) {
  await cp(join(root, 'batch-jobs', folder), join(outdir, 'batch-jobs', folder), {
    recursive: true,
    filter: (source) => !/\.(ts|md)$|Dockerfile$|__pycache__/.test(source),
  }).catch(() => undefined);
}
