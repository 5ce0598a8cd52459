/**
 * `npm run build`: bundles every entry point into `dist/`, with the same layout as the sources. Each kind of
 * program has its own chunks (`build-files.ts`).
 *
 * With `--described`, it uses the described processes as last written: the build in a container has neither
 * settings nor the folders that they name.
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
  // Leaves out the stack trace: the fault is in a process file or a source, not in this program.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
