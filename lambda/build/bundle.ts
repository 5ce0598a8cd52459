/**
 * `npm run build`: bundles every entry point into `dist/`, laid out as the sources are. Each kind of
 * program has chunks of its own (`build-files.ts`).
 *
 * With `--described` it takes the described processes as they were written before: the build in a container has
 * neither settings nor the folders that they name.
 */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFiles } from './build-files.ts';
import { writeDescribedProcesses } from './described-processes.ts';
import { layDown } from './lay-down.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

async function describeProcesses() {
  const { installationData } = await import('../../environments/index.ts');
  const { processFoldersOf } = await import('../../environments/process-folders.ts');
  return await writeDescribedProcesses(root, processFoldersOf(installationData));
}

try {
  const named = process.argv.includes('--described') ? [] : await describeProcesses();
  await layDown(
    await buildFiles(
      [],
      named.map(({ folder }) => folder),
    ),
    join(root, 'dist'),
  );
} catch (error) {
  // What is wrong is wrong in a process file or a source; where this program noticed it does not help.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
