import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Plugin } from 'rolldown';

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Assets {
  /** Hashed names by plain names. */
  readonly names: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { contentType: string; gzip: string }>>;
}

/**
 * Bundles the files that browsers load, and gives them to the function as two modules: the names, which every
 * page needs, and the contents, which only requests for the files need.
 *
 * @param client folder of the pages' scripts, styles and icon
 */
export function assetsPlugin(client: string): Plugin {
  let bundled: Promise<Assets> | undefined;
  return {
    name: 'assets',
    load: {
      filter: { id: /protocols\/html\/asset-(names|files)\.ts$/ },
      handler: async (path) => {
        bundled ??= bundleAssets(client);
        const { names, files } = await bundled;
        return path.endsWith('asset-files.ts')
          ? `export const assetFiles = ${JSON.stringify(files)};`
          : `const names = ${JSON.stringify(names)};
export const assetUrl = (name) => 'assets/' + names[name];`;
      },
    },
  };
}

export async function bundleAssets(client: string): Promise<Assets> {
  const entries = ['landing-page.ts', 'process-page.ts', 'job-page.ts', 'styles.css'];
  const { outputFiles, metafile } = await build({
    absWorkingDir: client,
    entryPoints: entries,
    outdir: 'assets',
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022', 'chrome111', 'firefox115', 'safari16'],
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    legalComments: 'none',
    metafile: true,
    write: false,
  });
  const names: Record<string, string> = {};
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint === undefined || !entries.includes(entryPoint)) continue;
    names[entryPoint.replace(/\.ts$/, '.js')] = basename(path);
  }
  const icon = await readFile(join(client, 'icon.svg'));
  const iconName = `icon-${createHash('sha256').update(icon).digest('hex').slice(0, 8)}.svg`;
  const contents: [string, Uint8Array][] = [
    ...outputFiles.map(({ path, contents }) => [basename(path), contents] as [string, Uint8Array]),
    [iconName, icon],
  ];
  const files = contents.map(([name, content]) => [
    name,
    {
      contentType: contentTypes[extname(name)] ?? 'application/octet-stream',
      // The highest compression level: a file is compressed once and sent often.
      gzip: gzipSync(content, { level: 9 }).toString('base64'),
    },
  ]);
  return { names: { ...names, 'icon.svg': iconName }, files: Object.fromEntries(files) };
}
