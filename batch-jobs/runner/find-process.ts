import { relative } from 'node:path';
import type { ObjectStore } from '../api/object-store.ts';
import type { ProcessDescription } from '../api/process-description.ts';
import type { FolderProcess } from '../api/process-folders.ts';
import { runnerVariables } from '../api/runner-variables.ts';
import { catalogue } from '../catalogue.ts';
import type { Variables } from './runner-settings.ts';

/**
 * Processes of the catalogue, and those of folders if a variable names a folder.
 *
 * @param processesFolder folder of the built processes, where the runner looks for their commands
 * @param objects store in which the embedded service records the folder processes it currently offers
 */
export async function offeredProcesses(
  variables: Variables,
  processesFolder: string,
  objects?: ObjectStore,
): Promise<readonly ProcessDescription[]> {
  const directory = variables[runnerVariables.processesDir];
  if (!directory) return catalogue;
  const { readOffered } = await import('../api/offered-processes.ts');
  const inForce = (objects && (await readOffered(objects))) ?? (await processesIn(directory));
  const within = inForce.map(({ process, folder }) => ({
    ...process,
    job: { ...process.job, image: relative(processesFolder, folder) },
  }));
  return [...catalogue, ...within];
}

async function processesIn(directory: string): Promise<readonly FolderProcess[]> {
  const { readProcessFolders } = await import('../api/process-folders.ts');
  const taken = new Set(catalogue.map(({ identifier }) => identifier));
  return (await readProcessFolders(directory, taken)).processes;
}

/** Finds one of the {@link offeredProcesses} by its identifier. */
export async function processFinder(
  ...where: Parameters<typeof offeredProcesses>
): Promise<(identifier: string) => ProcessDescription | undefined> {
  const offered = await offeredProcesses(...where);
  return (identifier) => offered.find((process) => process.identifier === identifier);
}
