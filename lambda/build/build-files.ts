import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CodeSplittingGroup, type InputOptions, type Plugin, rolldown } from 'rolldown';
import { addonPlugin } from './addon-plugin.ts';
import { assetsPlugin } from './assets-plugin.ts';
import { builtinsPlugin } from './builtins-plugin.ts';
import type { BuiltFile } from './lay-down.ts';
import { packageFilesPlugin } from './package-files-plugin.ts';
import { wasmPlugin } from './wasm-plugin.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** The files that browsers load. */
const client = join(root, 'lambda', 'protocols', 'html', 'client');

const functions = ['lambda/handler.ts', 'lambda/job-events.ts', 'lambda/canary.ts'];

/**
 * Every file of the built service, by its path below `dist/`. The functions, the service on one machine, the
 * demo, and the programs in the images of processes share no chunk. An image is therefore rebuilt only for a
 * change of its own, and a part of a package that one of them leaves out does not come back because of
 * another: a chunk contains whatever any of its users needs.
 *
 * @param plugins see each file before it is bundled
 * @param named folders of processes elsewhere, placed as if they were in `batch-jobs/`
 */
export async function buildFiles(
  plugins: readonly Plugin[] = [],
  named: readonly string[] = [],
): Promise<Map<string, BuiltFile>> {
  // One plugin for all bundles, so that the files for browsers are bundled once.
  const all = [...plugins, assetsPlugin(client)];
  const bundled = await Promise.all([
    bundle(functions, 'chunks', all),
    bundle(['lambda/local.ts'], 'lambda/chunks', all, commonJs),
    bundle(['lambda/demo/demo.ts'], 'lambda/demo/chunks', all),
    bundle(await jobPrograms(), 'batch-jobs/chunks', all),
  ]);
  const files = new Map(bundled.flatMap((each) => [...each]));
  // Makes the files ES modules wherever the folder is copied to.
  files.set('package.json', { content: Buffer.from('{ "type": "module" }\n') });
  await addPrograms(join(root, 'batch-jobs'), 'batch-jobs', files);
  for (const folder of named) {
    await addPrograms(folder, join('batch-jobs', basename(folder)), files);
  }
  return files;
}

/** Adds files that are run or read without bundling. */
async function addPrograms(
  folder: string,
  target: string,
  files: Map<string, BuiltFile>,
): Promise<void> {
  for (const path of await readdir(folder, { recursive: true })) {
    if (/\.(ts|md)$|Dockerfile$|__pycache__/.test(path)) continue;
    const source = join(folder, path);
    const found = await stat(source);
    if (!found.isFile()) continue;
    files.set(join(target, path), { content: await readFile(source), mode: found.mode });
  }
}

/** A process whose command is TypeScript has a `main.ts`, so it need not be listed here. */
async function jobPrograms(): Promise<string[]> {
  const folders = await readdir(join(root, 'batch-jobs'));
  const programs = folders.map((folder) => `batch-jobs/${folder}/main.ts`);
  return programs.filter((program) => existsSync(join(root, program)));
}

interface ModuleFormat {
  readonly format: 'cjs' | 'esm';
  readonly extension: 'cjs' | 'js';
}

const esModules: ModuleFormat = { format: 'esm', extension: 'js' };

/** Without the loader of ES modules, Node.js starts 8 ms sooner. Lambda has loaded it before a function. */
const commonJs: ModuleFormat = { format: 'cjs', extension: 'cjs' };

async function bundle(
  entryPoints: string[],
  chunks: string,
  plugins: readonly Plugin[],
  { format, extension }: ModuleFormat = esModules,
): Promise<Map<string, BuiltFile>> {
  const files = new Map<string, BuiltFile>();
  const outdir = join(root, 'dist');
  const writeBeside = (name: string, content: Uint8Array) =>
    files.set(`${chunks}/${name}`, { content });
  const wasm = wasmPlugin(writeBeside);
  const packageFiles = packageFilesPlugin(writeBeside);
  const options: InputOptions = {
    cwd: root,
    input: Object.fromEntries(entryPoints.map((path) => [path.replace(/\.ts$/, ''), path])),
    platform: 'node',
    // Prefers the ES modules of packages that have both kinds, so that unused parts are left out.
    resolve: { mainFields: ['module', 'main'] },
    transform: { target: 'node20' },
    plugins: [...plugins, builtinsPlugin, addonPlugin, wasm, packageFiles],
    // Other chunks may need more of an entry than it exports.
    preserveEntrySignatures: 'allow-extension',
    logLevel: 'warn',
    // On a busy machine it would warn of slow plugins, which tells the user of `npm start` nothing.
    checks: { bundlerTimings: false },
  };
  const bundle = await rolldown(options);
  const { output } = await bundle.generate({
    dir: outdir,
    format,
    strict: true,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `${chunks}/[name]-[hash].${extension}`,
    codeSplitting: {
      groups: await startGroups(
        entryPoints.map((path) => join(root, path)),
        options,
      ),
    },
    minify: true,
    keepNames: true,
  });
  await bundle.close();
  for (const file of output) {
    const content = file.type === 'chunk' ? file.code : file.source;
    files.set(file.fileName, { content: Buffer.from(content) });
  }
  return files;
}

/** Modules that every request about a job loads later on AWS. */
const clientOfS3 = join(root, 'batch-jobs', 'api', 's3-client.ts');

/**
 * One chunk for the modules that a program loads at start, one for those that several programs load, and one
 * for the S3 client: each file adds about a millisecond to a start. Other late imports are split by use.
 *
 * A part of a package that the programs leave out is not included, although the package's index names it. To
 * find the remaining parts, the programs are bundled once in advance.
 */
async function startGroups(
  entryPoints: readonly string[],
  options: InputOptions,
): Promise<CodeSplittingGroup[]> {
  const startedModules = await modulesOfStarts([...entryPoints, clientOfS3], options);
  const nameOf = (id: string): string | null => {
    // A late import waits for its own imports; they must not include a program that may be waiting for it.
    if (entryPoints.includes(id)) return null;
    const programs = entryPoints.filter((entry) => startedModules.get(entry)?.has(id));
    if (programs.length > 0) return programs.map(nameOfProgram).join('-');
    return startedModules.get(clientOfS3)?.has(id) ? 's3-client' : null;
  };
  return [{ debugName: 'loaded at a start', name: nameOf, includeDependenciesRecursively: false }];
}

/** Programs of different folders have the same file name, but must not have the same chunk. */
function nameOfProgram(entry: string): string {
  const name = basename(entry, '.ts');
  return name === 'main' ? basename(dirname(entry)) : name;
}

/** For each entry point, the modules of which a part is loaded with it. */
async function modulesOfStarts(
  entryPoints: readonly string[],
  options: InputOptions,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  // Only the modules matter here, not their code: without `builtinsPlugin`, which sees the code of each chunk.
  const plugins = [options.plugins].flat().filter((plugin) => plugin !== builtinsPlugin);
  const bundle = await rolldown({ ...options, plugins, input: [...entryPoints] });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const chunks = new Map(
    output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])),
  );
  const modulesOf = (fileName: string, seen = new Set<string>()): readonly string[] => {
    const chunk = chunks.get(fileName);
    if (!chunk || seen.has(fileName)) return [];
    seen.add(fileName);
    return [
      ...Object.keys(chunk.modules),
      ...chunk.imports.flatMap((name) => modulesOf(name, seen)),
    ];
  };
  return new Map(
    [...chunks.values()].flatMap(({ fileName, facadeModuleId }) =>
      facadeModuleId && entryPoints.includes(facadeModuleId)
        ? [[facadeModuleId, new Set(modulesOf(fileName))]]
        : [],
    ),
  );
}
