/**
 * `npm run build`: bundles every entry point into `dist/`, laid out as the sources are. One set of
 * shared chunks serves them all; each process's own files (scripts) are copied beside.
 */

import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { httpPlugin } from './http-plugin.ts';
import { type BuiltFile, layDown } from './lay-down.ts';
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
  ...(await readdir(join(root, 'batch-jobs'))).map((folder) => `batch-jobs/${folder}/main.ts`),
].filter((entry) => existsSync(join(root, entry)));

const files = new Map<string, BuiltFile>();
const { outputFiles } = await build({
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
  plugins: [httpPlugin, wasmPlugin((name, content) => files.set(`chunks/${name}`, { content }))],
  // CommonJS dependencies call `require`, which ES modules lack.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  // Holds compiled code. Only the file store and the embedded service load it, when they lock.
  external: ['fs-native-extensions'],
  logLevel: 'warning',
  write: false,
});
for (const { path, contents } of outputFiles) {
  files.set(relative(outdir, path), { content: contents });
}
// Wherever the folder is copied to, its files are ES modules.
files.set('package.json', { content: Buffer.from('{ "type": "module" }\n') });
for (const path of await readdir(join(root, 'batch-jobs'), { recursive: true })) {
  const source = join(root, 'batch-jobs', path);
  if (/\.(ts|md)$|Dockerfile$|__pycache__/.test(source)) continue;
  const found = await stat(source);
  if (found.isFile())
    files.set(join('batch-jobs', path), { content: await readFile(source), mode: found.mode });
}
await layDown(files, outdir);
