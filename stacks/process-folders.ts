import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import {
  type NamedFolderProcess,
  readNamedFolders,
  wordsOf,
} from '../batch-jobs/api/process-folders.ts';
import type { Environment } from '../environments/environment.ts';
import type { InstallationData } from '../environments/installation.ts';
import { SettingsError } from '../environments/parse-settings.ts';
import { processFoldersOf } from '../environments/process-folders.ts';

const root = join(import.meta.dirname, '..');

/** Every process that an installation may offer, and the environments that offer it. */
export class OfferedCatalogue {
  /** Includes the processes of every environment's folders. */
  readonly all: readonly ProcessDescription[];
  readonly #named: ReadonlyMap<string, NamedFolderProcess>;

  /** @param catalogue without the processes of folders */
  constructor(catalogue: readonly ProcessDescription[], named: readonly NamedFolderProcess[] = []) {
    this.#named = new Map(named.map((each) => [each.process.job.image, each]));
    this.all = [...catalogue, ...named.map(({ process }) => process)];
  }

  /** What an environment may offer: the built-in processes, and those of its folders. */
  of({ processes }: Environment): readonly ProcessDescription[] {
    return this.all.filter(({ job }) => {
      const named = this.#named.get(job.image);
      return named === undefined || processes.folders.includes(named.directory);
    });
  }

  /** The folder of a process's program and Dockerfile. */
  folderOf(image: string): string {
    return this.#named.get(image)?.folder ?? join(root, 'batch-jobs', image);
  }
}

/**
 * The catalogue with the current content of the folders in the settings.
 *
 * @param catalogue the built catalogue, with the processes of folders as they were at the build
 * @throws {SettingsError} with every fault, its file, line and column
 */
export async function readOfferedCatalogue(
  data: InstallationData,
  catalogue: readonly ProcessDescription[],
): Promise<OfferedCatalogue> {
  const directories = processFoldersOf(data);
  const builtIn = catalogue.filter(({ job }) => existsSync(join(root, 'batch-jobs', job.image)));
  const { processes, faults } = await readNamedFolders(directories, root, builtIn);
  const messages = [...faults.map(wordsOf), ...processes.flatMap(({ folder }) => unfit(folder))];
  if (messages.length > 0) {
    throw new SettingsError(messages.map((message) => ({ path: 'processes.folders', message })));
  }
  return new OfferedCatalogue(builtIn, processes);
}

/** What AWS needs in a process's folder beyond what the embedded mode does. */
function unfit(folder: string): readonly string[] {
  const messages: string[] = [];
  const name = basename(folder);
  // It names a registry, a job definition and a key of the configuration.
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    messages.push(
      `${folder} cannot name an image; allowed: lower-case letters and digits, with single hyphens between them`,
    );
  }
  if (!existsSync(join(folder, 'Dockerfile'))) {
    messages.push(
      `${folder} has no Dockerfile; take the one that npm run new-process writes, or that of batch-jobs/echo`,
    );
  }
  return messages;
}
