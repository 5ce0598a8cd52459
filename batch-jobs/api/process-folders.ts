import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
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
