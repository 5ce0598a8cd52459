import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { assetsPlugin } from './assets-plugin.ts';
import { httpPlugin } from './http-plugin.ts';
import type { BuiltFile } from './lay-down.ts';
import { wasmPlugin } from './wasm-plugin.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What browsers load. */
const client = join(root, 'lambda', 'protocols', 'html', 'client');

const functions = ['lambda/handler.ts', 'lambda/job-events.ts'];
const localPrograms = ['lambda/local.ts', 'lambda/demo/demo.ts'];

/**
 * Every file of the built service, by its path below `dist/`. The functions, the programs of the
 * embedded mode and those in the images of processes share no chunk. An image is built again only for a
 * change of its own; and what is left out of a package for one of them is not brought back by another,
 * for a chunk has what any of its users needs.
 *
 * @param plugins see each file before it is bundled
 */
export async function buildFiles(plugins: readonly Plugin[] = []): Promise<Map<string, BuiltFile>> {
  const files = new Map<string, BuiltFile>();
  await bundle(functions, 'chunks', plugins, files);
  await bundle(localPrograms, 'lambda/chunks', plugins, files);
  await bundle(await jobPrograms(), 'batch-jobs/chunks', plugins, files);
  // Wherever the folder is copied to, its files are ES modules.
  files.set('package.json', { content: Buffer.from('{ "type": "module" }\n') });
  for (const path of await readdir(join(root, 'batch-jobs'), { recursive: true })) {
    const source = join(root, 'batch-jobs', path);
    if (/\.(ts|md)$|Dockerfile$|__pycache__/.test(source)) continue;
    const found = await stat(source);
    if (!found.isFile()) continue;
    files.set(join('batch-jobs', path), { content: await readFile(source), mode: found.mode });
  }
  return files;
}

/** A process whose command is TypeScript has a `main.ts`; it need not be listed here. */
async function jobPrograms(): Promise<string[]> {
  const folders = await readdir(join(root, 'batch-jobs'));
  const programs = folders.map((folder) => `batch-jobs/${folder}/main.ts`);
  return programs.filter((program) => existsSync(join(root, program)));
}

async function bundle(
  entryPoints: string[],
  chunks: string,
  plugins: readonly Plugin[],
  files: Map<string, BuiltFile>,
): Promise<void> {
  const outdir = join(root, 'dist');
  const wasm = wasmPlugin((name, content) => files.set(`${chunks}/${name}`, { content }));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
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
    chunkNames: `${chunks}/[name]-[hash]`,
    legalComments: 'none',
    plugins: [...plugins, httpPlugin, wasm, assetsPlugin(client)],
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
}
