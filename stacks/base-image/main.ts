/**
 * `npm run pin-base-image`: writes the current digest of the Node.js image's tag into the Dockerfiles that
 * name it. `-- --tag 22.24.0-bookworm-slim` changes to another tag; `-- --check` writes nothing, and fails if
 * the major version has a newer image.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { baseImageIn, digestOf, dockerfiles, movingImage, withBaseImage } from './base-image.ts';

interface Options {
  readonly tag?: string;
  readonly check: boolean;
  readonly registry?: string;
  readonly root: string;
}

const root = join(import.meta.dirname, '..', '..');

const program = new Command('pin-base-image')
  .description('Pins the Node.js image that all images stand on, by its digest.')
  .option('--tag <tag>', 'go over to this tag; left out, the tag that is there')
  .option('--check', 'write nothing; fail where there is a newer image', false)
  .option('--registry <url>', 'of Docker Hub’s official images, or a mirror of it')
  .option('--root <folder>', 'of the project', root)
  .action(async (options: Options) => {
    if (options.check) return await check(options);
    for (const file of dockerfiles) {
      const path = join(options.root, file);
      const text = readFileSync(path, 'utf8');
      const { name, tag } = baseImageIn(text);
      const image = { name, tag: options.tag ?? tag };
      const digest = await digestOf(image, options.registry);
      writeFileSync(path, withBaseImage(text, { ...image, digest }));
      process.stdout.write(`${file}: ${image.name}:${image.tag}@${digest}\n`);
    }
  });

async function check({ root: folder, registry }: Options): Promise<void> {
  const [file = ''] = dockerfiles;
  const image = baseImageIn(readFileSync(join(folder, file), 'utf8'));
  const moving = movingImage(image);
  const newest = await digestOf(moving, registry);
  if (newest !== image.digest) {
    throw new Error(
      `${file} names ${image.name}:${image.tag}@${image.digest ?? 'no digest'}, and ${moving.name}:${moving.tag} is ${newest} now; run "npm run pin-base-image", with "-- --tag" where there is a newer version of Node.js, and commit what it writes`,
    );
  }
  process.stdout.write(`${image.name}:${image.tag} is the newest ${moving.name}:${moving.tag}\n`);
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`pin-base-image: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
