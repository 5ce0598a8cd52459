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

/** Every process that an installation may offer, and which environment offers which. */
export class OfferedCatalogue {
  /** With those of the folders of every environment. */
  readonly all: readonly ProcessDescription[];
  readonly #named: ReadonlyMap<string, NamedFolderProcess>;

  constructor(catalogue: readonly ProcessDescription[], named: readonly NamedFolderProcess[] = []) {
    this.#named = new Map(named.map((each) => [each.process.job.image, each]));
    this.all = [
      ...catalogue.filter(({ job }) => !this.#named.has(job.image)),
      ...named.map(({ process }) => process),
    ];
  }

  /** What an environment may offer: what is built in, and what its folders have. */
  of({ processes }: Environment): readonly ProcessDescription[] {
    return this.all.filter(({ job }) => {
      const named = this.#named.get(job.image);
      return named === undefined || processes.folders.includes(named.directory);
    });
  }

  /** Where a process's program and Dockerfile are. */
  folderOf(image: string): string {
    return this.#named.get(image)?.folder ?? join(root, 'batch-jobs', image);
  }
}

/**
 * The catalogue with what the folders of the settings hold now.
 *
 * @param catalogue what is built, which has processes of folders too, as they were at the build
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

/** What a folder lacks that the embedded mode does not ask for. */
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
