import { readFile, writeFile } from 'node:fs/promises';
import { readProcessFolders, wordsOf } from '../../batch-jobs/api/process-folders.ts';

/**
 * Reads the process files below a folder into one module, which the catalogue imports. Nothing
 * is written where nothing has changed.
 *
 * @throws with every fault of a process file, its line and its column
 */
export async function writeDescribedProcesses(directory: string, file: string): Promise<void> {
  const { processes, faults } = await readProcessFolders(directory);
  if (faults.length > 0) {
    throw new Error(`process files are at fault:\n${faults.map(wordsOf).join('\n')}`);
  }
  const data = JSON.stringify(
    processes.map(({ process }) => process),
    null,
    2,
  );
  const text = `// Written by \`npm run build\` from the process files in batch-jobs/; do not edit.
import type { ProcessDescription } from './api/process-description.ts';

export const describedProcesses: readonly ProcessDescription[] = ${data};
`;
  const before = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== before) await writeFile(file, text);
}
