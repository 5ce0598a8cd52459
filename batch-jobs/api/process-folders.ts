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
  /** Holds the program: `{process}` in its command stands for it. */
  readonly folder: string;
}

/** A fault in a process file. */
export interface FolderFault extends ProcessFileFault {
  readonly file: string;
}

export interface ProcessFolders {
  readonly processes: readonly FolderProcess[];
  /** Of the files that offer nothing. */
  readonly faults: readonly FolderFault[];
}

/**
 * What the folders in a folder offer: each that has a process file is a process.
 *
 * @param taken identifiers of processes that are offered already
 * @param bounds of the service that offers them, where they are known
 * @throws when the folder cannot be read
 */
export async function readProcessFolders(
  directory: string,
  taken: ReadonlySet<string> = new Set(),
  bounds?: InputBounds,
): Promise<ProcessFolders> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = await Promise.all(
    names.sort().map((name) => readProcessFolder(join(directory, name), bounds)),
  );
  const processes: FolderProcess[] = [];
  const faults: FolderFault[] = [];
  const seen = new Set(taken);
  for (const each of found) {
    if (!each) continue;
    faults.push(...each.faults);
    for (const { process, folder, file } of each.processes) {
      if (seen.has(process.identifier)) {
        const text = `identifier: "${process.identifier}" is offered already; give this process another`;
        faults.push({ file, line: 1, column: 1, text });
        continue;
      }
      seen.add(process.identifier);
      processes.push({ process, folder });
    }
  }
  return { processes, faults };
}

/** A process with the folder of folders that it is in, as the settings name it. */
export interface NamedFolderProcess extends FolderProcess {
  readonly directory: string;
}

/**
 * What several folders of folders offer together: identifiers, and the names of the folders of processes, which name
 * images and job definitions, are given once.
 *
 * @param directories by path; relative ones are below `root`
 * @param builtIn what is offered beside them
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
    for (const { process, folder } of found.processes) {
      const { image } = process.job;
      if (images.has(image)) {
        const text = `a process in another folder of that name, ${image}, is offered already; rename this folder`;
        faults.push({ file: folder, line: 1, column: 1, text });
        continue;
      }
      images.add(image);
      identifiers.add(process.identifier);
      processes.push({ process, folder, directory });
    }
  }
  return { processes, faults };
}

/** What one folder offers; undefined where it has no process file. */
export async function readProcessFolder(
  folder: string,
  bounds?: InputBounds,
): Promise<
  | {
      readonly processes: readonly (FolderProcess & { readonly file: string })[];
      readonly faults: readonly FolderFault[];
    }
  | undefined
> {
  for (const name of processFileNames) {
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) continue;
    if (found.size > mostBytes) {
      const text = `the file has ${found.size} bytes; allowed: ${mostBytes}`;
      return { processes: [], faults: [{ file, line: 1, column: 1, text }] };
    }
    const parsed = parseProcessFile(await readFile(file, 'utf8'), basename(folder), bounds);
    return 'process' in parsed
      ? { processes: [{ process: parsed.process, folder, file }], faults: [] }
      : { processes: [], faults: parsed.faults.map((fault) => ({ file, ...fault })) };
  }
  return undefined;
}

/** A fault as editors and terminals link it: `hello/process.yaml:4:3: ...`. */
export function wordsOf({ file, line, column, text }: FolderFault): string {
  return `${file}:${line}:${column}: ${text}`;
}
