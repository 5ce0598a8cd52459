import { readdir } from 'node:fs/promises';
import type { AdviceSurroundings, Coverage } from '../api/process-advice.ts';
import { fileIndexOf } from './file-index-of.ts';
import { JobError } from './job-error.ts';

/** The layers of a folder, by name; those of a WFS are not listed. */
export async function layerNames(folder: string | undefined): Promise<string[]> {
  if (!folder) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter(
      (entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'),
    )
    .map(({ name }) => name)
    .sort();
}

/** All that is known of the layer of exactly that name, if there is one. */
export async function coverageOfLayer(
  name: string,
  variables: AdviceSurroundings['variables'],
): Promise<Coverage | undefined> {
  if (name === '') return undefined;
  try {
    const files = await (await fileIndexOf(variables))?.list(name);
    if (!files?.length) return undefined;
    const { layerCoverage } = await import('./layer-coverage.ts');
    return await layerCoverage(files);
  } catch (error) {
    // There is no such layer, or its files cannot be read: a run would say which.
    if (error instanceof JobError) return undefined;
    throw error;
  }
}
