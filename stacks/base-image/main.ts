/**
 * `npm run pin-base-image`: writes the digest that the tag of the Node.js image has now into the Dockerfiles which
 * name it. `-- --tag 22.21.0-bookworm-slim` goes over to another tag.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { baseImageIn, digestOf, dockerfiles, withBaseImage } from './base-image.ts';

const root = join(import.meta.dirname, '..', '..');

const program = new Command('pin-base-image')
  .description('Pins the Node.js image that all images stand on, by its digest.')
  .option('--tag <tag>', 'go over to this tag; left out, the tag that is there')
  .option('--registry <url>', 'of Docker Hub’s official images, or a mirror of it')
  .option('--root <folder>', 'of the project', root)
  .action(async (options: { tag?: string; registry?: string; root: string }) => {
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

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`pin-base-image: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
