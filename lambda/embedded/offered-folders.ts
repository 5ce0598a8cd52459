import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputBounds } from '../../batch-jobs/api/input-bounds.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import {
  type ProcessDescription,
  processFileNames,
} from '../../batch-jobs/api/process-description.ts';
import type { FolderFault, FolderProcess } from '../../batch-jobs/api/process-folders.ts';

const loadFolderReader = loadOnce(() => import('../../batch-jobs/api/process-folders.ts'));

export interface OfferedFoldersOptions {
  /** Folder that contains the process folders. */
  readonly directory: string;
  /** Processes that are always offered. */
  readonly builtIn: readonly ProcessDescription[];
  /** Limits of the service: a description that promises more is at fault. */
  readonly bounds: InputBounds;
  /** Stores the processes in force, for the runners, before requests see them. */
  readonly store: (processes: readonly FolderProcess[]) => Promise<void>;
  /** Receives each fault, with file, line and column, once per change of its folder. */
  readonly tell: (fault: string) => void;
  readonly log: Log;
}

/** A folder as last read. */
interface ReadFolder {
  /** Changes whenever its process file changes. */
  readonly state: string;
  /** Undefined if its file is at fault. */
  readonly process: FolderProcess | undefined;
}

/**
 * The processes of a folder of folders, from the current state of their files: the next request sees a
 * change. While a file is at fault, its folder's last correct description stays in force. If two folders have
 * the same identifier, the folder that was offered first has it.
 */
export class OfferedFolders {
  readonly #options: OfferedFoldersOptions;
  #read: ReadonlyMap<string, ReadFolder> = new Map();
  /** By name of the folder. */
  #inForce: ReadonlyMap<string, FolderProcess> = new Map();
  /** Folders whose identifier belongs to another folder. */
  #refused: ReadonlySet<string> = new Set();
  #offered: readonly ProcessDescription[];
  #reading: Promise<readonly ProcessDescription[]> | undefined;

  constructor(options: OfferedFoldersOptions) {
    this.#options = options;
    this.#offered = options.builtIn;
  }

  /** All offered processes; if the folder cannot be read now, those offered before. */
  async current(): Promise<readonly ProcessDescription[]> {
    // Simultaneous requests share one look.
    this.#reading ??= this.#look().finally(() => {
      this.#reading = undefined;
    });
    return await this.#reading;
  }

  async #look(): Promise<readonly ProcessDescription[]> {
    const { directory, log } = this.#options;
    try {
      const states = await statesOf(directory);
      const isSame = ([name, state]: readonly [string, string]) =>
        this.#read.get(name)?.state === state;
      if (states.size !== this.#read.size || ![...states].every(isSame)) await this.#take(states);
    } catch (error) {
      log.error('the folder of processes cannot be read', {}, error);
    }
    return this.#offered;
  }

  /** Reads what has changed, and decides which processes are in force. */
  async #take(states: ReadonlyMap<string, string>): Promise<void> {
    const { directory, builtIn, bounds, store, log } = this.#options;
    const { readProcessFolder, identifierTaken } = await loadFolderReader();
    const faults: FolderFault[] = [];
    const changed = new Set<string>();
    const read = new Map<string, ReadFolder>();
    for (const [name, state] of states) {
      const before = this.#read.get(name);
      if (before?.state === state) {
        read.set(name, before);
        continue;
      }
      changed.add(name);
      const found = await readProcessFolder(join(directory, name), bounds);
      // Removed since: the next look notices that.
      if (!found) continue;
      read.set(name, { state, process: found.process });
      faults.push(...found.faults);
    }
    const taken = new Set(builtIn.map(({ identifier }) => identifier));
    const { inForce, refused } = decide(read, this.#inForce, taken);
    for (const [name, process] of refused) {
      if (changed.has(name) || !this.#refused.has(name)) faults.push(identifierTaken(process));
    }
    const processes = [...inForce.values()];
    await store(processes);
    this.#read = read;
    this.#inForce = inForce;
    this.#refused = new Set(refused.keys());
    this.#offered = [...builtIn, ...processes.map(({ process }) => process)];
    await this.#tellAll(faults);
    const identifiers = processes.map(({ process }) => process.identifier).join(', ');
    log.info('processes of folders were read', { identifiers, faults: faults.length });
  }

  async #tellAll(faults: readonly FolderFault[]): Promise<void> {
    const { wordsOf } = await loadFolderReader();
    for (const fault of faults) this.#options.tell(wordsOf(fault));
  }
}

/** @param taken identifiers that no folder may have */
function decide(
  read: ReadonlyMap<string, ReadFolder>,
  before: ReadonlyMap<string, FolderProcess>,
  taken: ReadonlySet<string>,
) {
  const owners = new Map<string, string>();
  const candidates = [...read].map(([name, { process }]) => ({
    name,
    found: process,
    last: before.get(name),
  }));
  // Folders that keep their identifier come first, then the others by name.
  for (const { name, found, last } of candidates) {
    const identifier = last?.process.identifier;
    if (identifier === undefined || taken.has(identifier)) continue;
    if (!found || found.process.identifier === identifier) owners.set(identifier, name);
  }
  const inForce = new Map<string, FolderProcess>();
  const refused = new Map<string, FolderProcess>();
  const claim = (name: string, candidate: FolderProcess | undefined): boolean => {
    if (!candidate) return false;
    const { identifier } = candidate.process;
    if (taken.has(identifier) || (owners.get(identifier) ?? name) !== name) return false;
    owners.set(identifier, name);
    inForce.set(name, candidate);
    return true;
  };
  for (const { name, found, last } of candidates) {
    if (claim(name, found)) continue;
    if (found) refused.set(name, found);
    claim(name, last);
  }
  return { inForce, refused };
}

/**
 * The state of each folder that has a process file, by name. It does not cover programs, because each run
 * reads its own program.
 */
async function statesOf(directory: string): Promise<ReadonlyMap<string, string>> {
  const folders = (await readdir(directory)).sort();
  const states = await Promise.all(
    folders.map(async (folder): Promise<[string, string]> => {
      const ofFiles = await Promise.all(
        processFileNames.map(async (name) => {
          const found = await stat(join(directory, folder, name), { bigint: true }).catch(
            () => undefined,
          );
          return found
            ? `${name} ${found.mtimeNs} ${found.ctimeNs} ${found.size} ${found.ino}`
            : '';
        }),
      );
      return [folder, ofFiles.filter(Boolean).join('\n')];
    }),
  );
  return new Map(states.filter(([, state]) => state !== ''));
}
