import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { InputBounds } from './input-bounds.ts';
import { type ProcessDescription, processFileNames } from './process-description.ts';
import { type ProcessFileFault, parseProcessFile } from './process-file.ts';

/** Larger files are not read: a description is a few kilobytes. */
const mostBytes = 1024 * 1024;

/** A process that a folder offers. */
export interface FolderProcess {
  readonly process: ProcessDescription;
  /** Contains the program: `{process}` in its command stands for this folder. */
  readonly folder: string;
  /** Where the identifier is. */
  readonly place: FilePlace;
}

/** A place in a process file; lines and columns are counted from 1. */
export type FilePlace = Pick<FolderFault, 'file' | 'line' | 'column'>;

/** A fault in a process file. */
export interface FolderFault extends ProcessFileFault {
  readonly file: string;
}

export interface ProcessFolders {
  readonly processes: readonly FolderProcess[];
  /** Faults of the files that offer nothing. */
  readonly faults: readonly FolderFault[];
}

/**
 * Finds the processes in a folder: each subfolder with a process file is a process.
 *
 * @param taken identifiers of processes that are already offered
 * @param bounds of the service that offers the processes, if known
 * @throws if the folder cannot be read
 */
export async function readProcessFolders(
  directory: string,
  taken: ReadonlySet<string> = new Set(),
  bounds?: InputBounds,
): Promise<ProcessFolders> {
  const names = (await readdir(directory)).sort();
  const found = await Promise.all(
    names.map((name) => readProcessFolder(join(directory, name), bounds)),
  );
  const processes: FolderProcess[] = [];
  const faults: FolderFault[] = [];
  const seen = new Set(taken);
  for (const each of found) {
    if (!each) continue;
    faults.push(...each.faults);
    if (!each.process) continue;
    const { identifier } = each.process.process;
    if (seen.has(identifier)) {
      faults.push(identifierTaken(each.process));
      continue;
    }
    seen.add(identifier);
    processes.push(each.process);
  }
  return { processes, faults };
}

/** A process together with the folder it was found in, as named in the settings. */
export interface NamedFolderProcess extends FolderProcess {
  readonly directory: string;
}

/**
 * Finds the processes in several folders. Identifiers must be unique, and so must the names of the processes'
 * folders, which are also the names of images and job definitions.
 *
 * @param directories paths; relative paths are below `root`
 * @param builtIn processes that are offered beside them
 */
export async function readNamedFolders(
  directories: readonly string[],
  root: string,
  builtIn: readonly ProcessDescription[],
): Promise<{
  readonly processes: readonly NamedFolderProcess[];
  readonly faults: readonly FolderFault[];
}> {
  const processes: NamedFolderProcess[] = [];
  const faults: FolderFault[] = [];
  const images = new Set(builtIn.map(({ job }) => job.image));
  const identifiers = new Set(builtIn.map(({ identifier }) => identifier));
  for (const directory of directories) {
    const path = resolve(root, directory);
    const place = { file: path, line: 1, column: 1 };
    const found = await readProcessFolders(path, identifiers).catch((error: unknown) => {
      const text = `the folder cannot be read: ${error instanceof Error ? error.message : error}`;
      return { processes: [], faults: [{ ...place, text }] };
    });
    faults.push(...found.faults);
    if (found.processes.length === 0 && found.faults.length === 0) {
      const text = `no folder in it has one of ${processFileNames.join(', ')}; name a folder that has folders of processes`;
      faults.push({ ...place, text });
    }
    for (const { process, folder, place: at } of found.processes) {
      const { image } = process.job;
      if (images.has(image)) {
        const text = `a process in another folder of that name, ${image}, is offered already; rename this folder`;
        faults.push({ file: folder, line: 1, column: 1, text });
        continue;
      }
      images.add(image);
      identifiers.add(process.identifier);
      processes.push({ process, folder, place: at, directory });
    }
  }
  return { processes, faults };
}

/** What one folder offers, or all faults of its process file; undefined if it has no process file. */
export async function readProcessFolder(
  folder: string,
  bounds?: InputBounds,
): Promise<
  | { readonly process: FolderProcess | undefined; readonly faults: readonly FolderFault[] }
  | undefined
> {
  for (const name of processFileNames) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) continue;
    const atFault = (text: string) => ({
      process: undefined,
      faults: [{ file, line: 1, column: 1, text }],
    });
    if (found.size > mostBytes) {
      return atFault(`the file has ${found.size} bytes; allowed: ${mostBytes}`);
    }
    let content: string;
    try {
      content = await readFile(file, 'utf8');
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      return atFault(`the file cannot be read: ${reason}`);
    }
    const parsed = parseProcessFile(content, basename(folder), bounds);
    return 'process' in parsed
      ? {
          process: { process: parsed.process, folder, place: { file, ...parsed.identifierAt } },
          faults: [],
        }
      : { process: undefined, faults: parsed.faults.map((fault) => ({ file, ...fault })) };
  }
  return undefined;
}

/** The fault of a process whose identifier is already used. */
export function identifierTaken({ process, place }: FolderProcess): FolderFault {
  const text = `identifier: "${process.identifier}" is offered already; give this process another`;
  return { ...place, text };
}

/** A fault in the form that editors and terminals turn into a link: `hello/process.yaml:4:3: ...`. */
export function wordsOf({ file, line, column, text }: FolderFault): string {
  return `${file}:${line}:${column}: ${text}`;
}
