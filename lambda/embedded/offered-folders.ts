import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputBounds } from '../../batch-jobs/api/input-bounds.ts';
import { loadOnce } from '../../batch-jobs/api/load-once.ts';
import type { Log } from '../../batch-jobs/api/log.ts';
import {
  type ProcessDescription,
  processFileNames,
} from '../../batch-jobs/api/process-description.ts';

const loadFolderReader = loadOnce(() => import('../../batch-jobs/api/process-folders.ts'));

/**
 * The processes of a folder of folders, as their files are now: a change is taken up by the next
 * request. A faulty file offers nothing and is reported once per change.
 */
export class OfferedFolders {
  readonly #directory: string;
  readonly #builtIn: readonly ProcessDescription[];
  readonly #bounds: InputBounds;
  readonly #log: Log;
  readonly #tell: (fault: string) => void;
  #seen = '';
  #offered: readonly ProcessDescription[];
  #reading: Promise<readonly ProcessDescription[]> | undefined;

  /**
   * @param builtIn processes that are always on offer
   * @param bounds of the service: a description that promises more is at fault
   * @param tell receives each fault, with file, line and column
   */
  constructor(
    directory: string,
    builtIn: readonly ProcessDescription[],
    bounds: InputBounds,
    log: Log,
    tell: (fault: string) => void,
  ) {
    this.#directory = directory;
    this.#builtIn = builtIn;
    this.#offered = builtIn;
    this.#bounds = bounds;
    this.#log = log;
    this.#tell = tell;
  }

  /** All that is on offer; where the folder cannot be read now, what it offered before. */
  async current(): Promise<readonly ProcessDescription[]> {
    // Requests that come together share one look.
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return await this.#reading;
  }

  async #read(): Promise<readonly ProcessDescription[]> {
    try {
      const state = await stateOf(this.#directory);
      if (state === this.#seen) return this.#offered;
      const { readProcessFolders, wordsOf } = await loadFolderReader();
      const taken = new Set(this.#builtIn.map(({ identifier }) => identifier));
      const { processes, faults } = await readProcessFolders(this.#directory, taken, this.#bounds);
      for (const fault of faults) this.#tell(wordsOf(fault));
      this.#offered = [...this.#builtIn, ...processes.map(({ process }) => process)];
      this.#seen = state;
      const identifiers = processes.map(({ process }) => process.identifier).join(', ');
      this.#log.info('processes of folders were read', { identifiers, faults: faults.length });
    } catch (error) {
      this.#log.error('the folder of processes cannot be read', {}, error);
    }
    return this.#offered;
  }
}

/** Changes whenever a process file does; programs are not part of it, for each run reads its own. */
async function stateOf(directory: string): Promise<string> {
  const folders = (await readdir(directory)).sort();
  const states = await Promise.all(
    folders.flatMap((folder) =>
      processFileNames.map(async (name) => {
        const found = await stat(join(directory, folder, name)).catch(() => undefined);
        return found ? `${folder}/${name} ${found.mtimeMs} ${found.size} ${found.ino}` : '';
      }),
    ),
  );
  return states.filter(Boolean).join('\n');
}
