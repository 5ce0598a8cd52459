import { access, constants, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import type { ProcessDescription } from '../api/process-description.ts';

export interface SelfTestDependencies {
  readonly catalogue: readonly ProcessDescription[];
  /** Folder that contains a folder for each process, with its command. */
  readonly processesFolder: string;
  readonly scratchFolder: string;
  /** Where to look for programs. */
  readonly searchPath: string;
}

/**
 * What prevents an image from running a process: its program or interpreter is missing, or the scratch folder
 * cannot be written. Empty if there is no fault.
 *
 * @param image the process's folder below `batch-jobs/`
 */
export async function selfTest(
  image: string,
  dependencies: SelfTestDependencies,
): Promise<string[]> {
  const processes = dependencies.catalogue.filter(({ job }) => job.image === image);
  if (processes.length === 0) {
    const images = [...new Set(dependencies.catalogue.map(({ job }) => job.image))];
    return [`no process has image "${image}"; allowed: ${images.join(', ')}`];
  }
  const faults = await Promise.all([
    scratchFault(dependencies.scratchFolder),
    ...processes.map(({ job }) => commandFault(image, job.command, dependencies)),
  ]);
  return faults.filter((fault) => fault !== undefined);
}

async function commandFault(
  image: string,
  [program, ...args]: readonly [string, ...string[]],
  { processesFolder, searchPath }: SelfTestDependencies,
): Promise<string | undefined> {
  const inFolder = (part: string) => part.replace('{process}', join(processesFolder, image));
  if (!(await findProgram(inFolder(program), searchPath))) {
    return `program "${program}" is not there or cannot be run; looked in ${searchPath}`;
  }
  for (const arg of args.filter((part) => part.includes('{process}'))) {
    const path = inFolder(arg);
    if (!(await isAccessible(path, constants.R_OK)))
      return `file ${path} of the command is not there`;
  }
  return undefined;
}

async function findProgram(program: string, searchPath: string): Promise<boolean> {
  const folders = isAbsolute(program) ? [''] : searchPath.split(delimiter);
  for (const folder of folders) {
    const path = join(folder, program);
    if ((await isAccessible(path, constants.X_OK)) && (await stat(path)).isFile()) return true;
  }
  return false;
}

async function isAccessible(path: string, mode: number): Promise<boolean> {
  return (await access(path, mode).catch((error: unknown) => error)) === undefined;
}

async function scratchFault(folder: string): Promise<string | undefined> {
  const probe = join(folder, `self-test-${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(probe, 'written');
    await rm(probe);
    return undefined;
  } catch (error) {
    return `scratch folder ${folder} cannot be written: ${String(error)}`;
  }
}
