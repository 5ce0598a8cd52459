/**
 * `npm run pin-base-image`: writes the current digest of the Node.js image's tag into the files that name it.
 * `-- --tag 22.24.0-bookworm-slim` changes to another tag; `-- --check` writes nothing, and fails if the major
 * version has a newer image.
 */

import { join } from 'node:path';
import { Command } from 'commander';
import { checkBaseImage, type PinOptions, pinBaseImage } from './pin-base-image.ts';

const root = join(import.meta.dirname, '..', '..');

const program = new Command('pin-base-image')
  .description('Pins the Node.js image that all images stand on, by its digest.')
  .option('--tag <tag>', 'go over to this tag; left out, the tag that is there')
  .option('--check', 'write nothing; fail where there is a newer image', false)
  .option('--registry <url>', 'of Docker Hub’s official images, or a mirror of it')
  .option('--root <folder>', 'of the project', root)
  .action(async ({ check, ...options }: PinOptions & { readonly check: boolean }) => {
    const lines = check ? [await checkBaseImage(options)] : await pinBaseImage(options);
    process.stdout.write(`${lines.join('\n')}\n`);
  });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`pin-base-image: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
