import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parse } from 'es-module-lexer/js';
import { type Zippable, zipSync } from 'fflate';

/** Entry points of the functions, as `npm run build` writes them to `dist/`. */
export const functionEntries = {
  wps: 'lambda/handler.js',
  jobEvents: 'lambda/job-events.js',
  canary: 'lambda/canary.js',
} as const;

/** The code of the functions: both entry points, every module they import, and the files that these read. */
export interface FunctionPackage {
  readonly zip: Uint8Array;
  /** SHA-256 of the zip in base64, as Lambda reports it. */
  readonly sha256: string;
  /** Paths inside the zip. */
  readonly files: readonly string[];
}

/** A file that a module reads, as the build writes it: WebAssembly. */
const fileBeside = /new URL\(["'`](\.[^"'`]+)["'`],import\.meta\.url\)/g;

/** The first date that a zip can represent; the date of the build would make each build a new version. */
const date = new Date(1980, 0, 1);

/**
 * Packs the built functions. The same modules give the same bytes, so that a version is published only if the
 * code changed.
 *
 * @param distFolder the output of `npm run build`
 * @throws if an entry point does not exist
 */
export function packFunctions(distFolder: string): FunctionPackage {
  const files = [...modulesOf(Object.values(functionEntries), distFolder)].sort();
  const content: Zippable = {
    // Lambda treats `.js` as CommonJS unless a package.json says otherwise.
    'package.json': [Buffer.from('{"type":"module"}\n'), { mtime: date }],
  };
  for (const file of files) {
    content[file] = [readFileSync(join(distFolder, file)), { mtime: date }];
  }
  const zip = zipSync(content);
  return {
    zip,
    sha256: createHash('sha256').update(zip).digest('base64'),
    files: Object.keys(content),
  };
}

function modulesOf(entries: readonly string[], folder: string): Set<string> {
  const found = new Set<string>();
  const look = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    if (!existsSync(join(folder, file))) {
      throw new Error(`${join(folder, file)} is not there; build the functions: npm run build`);
    }
    if (!file.endsWith('.js')) return;
    const source = readFileSync(join(folder, file), 'utf8');
    const [imports] = parse(source);
    for (const module of imports) {
      if (!('specifier' in module) || !module.specifier?.startsWith('.')) continue;
      look(posix.join(dirname(file), module.specifier));
    }
    for (const [, path] of source.matchAll(fileBeside)) {
      if (path) look(posix.join(dirname(file), path));
    }
  };
  for (const entry of entries) look(entry);
  return found;
}
