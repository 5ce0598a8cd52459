import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { Plugin } from 'rolldown';

const packages = createRequire(import.meta.url);
const resolved = /packages\.resolve\('([^']+)'\)/g;

/**
 * Puts files of packages that a program reads rather than imports next to its chunks: a font, a map,
 * WebAssembly. These are the files that a module named `package-file.ts` resolves.
 *
 * @param writeBeside receives each file that belongs next to the chunks
 */
export function packageFilesPlugin(
  writeBeside: (name: string, content: Uint8Array) => void,
): Plugin {
  return {
    name: 'package-files',
    transform: {
      filter: { id: /\/package-file\.ts$/ },
      handler: async (source) => {
        const names = [...source.matchAll(resolved)].map(([, name = '']) => name);
        if (names.length === 0) throw new Error('package-file.ts resolves no file of a package');
        for (const name of names) {
          writeBeside(basename(name), await readFile(packages.resolve(name)));
        }
        return source.replaceAll(
          resolved,
          (_, name: string) => `new URL('./${basename(name)}', import.meta.url)`,
        );
      },
    },
  };
}
