import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type FolderProcess,
  readNamedFolders,
  readProcessFolders,
  wordsOf,
} from '../../batch-jobs/api/process-folders.ts';

/**
 * Reads the process files in `batch-jobs/` and in the folders that the settings name into one module, which
 * the catalogue imports. Writes nothing if nothing has changed.
 *
 * @param root of the project
 * @param named folders of folders
 * @returns the processes of the named folders
 * @throws with every fault of a process file, its line and its column
 */
export async function writeDescribedProcesses(
  root: string,
  named: readonly string[],
  file = join(root, 'batch-jobs', 'described-processes.ts'),
): Promise<readonly FolderProcess[]> {
  const own = await readProcessFolders(join(root, 'batch-jobs'));
  const others = await readNamedFolders(
    named,
    root,
    own.processes.map(({ process }) => process),
  );
  const faults = [...own.faults, ...others.faults];
  if (faults.length > 0) {
    throw new Error(`process files are at fault:\n${faults.map(wordsOf).join('\n')}`);
  }
  const data = JSON.stringify(
    [...own.processes, ...others.processes].map(({ process }) => process),
    null,
    2,
  );
  const text = `// Written by \`npm run build\` from the process files in batch-jobs/ and in processes.folders; do not edit.
import type { ProcessDescription } from './api/process-description.ts';

export const describedProcesses: readonly ProcessDescription[] = ${data};
`;
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== before) await writeFile(file, text);
  return others.processes;
}
