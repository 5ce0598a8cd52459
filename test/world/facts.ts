import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DamagedKind } from './damage.ts';

/** What the world has done to one job. */
export interface JobFacts {
  /** How often its runner was killed while its command ran. */
  runnerKills: number;
  /** How often the service ended while the engine had recorded the job as running. */
  crashes: number;
  /** Whether the disk was full at some time while the job was unfinished. */
  sawFullDisk: boolean;
  readonly damaged: Set<DamagedKind>;
  /** Final statuses that clients were told, in the words of the status document. */
  readonly told: Set<string>;
}

/** Facts about each job that the world has affected. */
export class Facts {
  readonly #jobs = new Map<string, JobFacts>();

  of(id: string): JobFacts {
    const known = this.#jobs.get(id);
    if (known) return known;
    const facts: JobFacts = {
      runnerKills: 0,
      crashes: 0,
      sawFullDisk: false,
      damaged: new Set(),
      told: new Set(),
    };
    this.#jobs.set(id, facts);
    return facts;
  }

  /** Records the jobs that were running when the service ended. */
  async noteCrash(dataFolder: string): Promise<void> {
    const folder = join(dataFolder, 'engine');
    for (const name of await readdir(folder).catch(() => [])) {
      const [, id] = /^local-([0-9a-f-]{36})\.json$/.exec(name) ?? [];
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      if (id !== undefined && text.includes('"status":"RUNNING"')) this.of(id).crashes++;
    }
  }

  /** Records the jobs that have not ended while the disk is full. */
  async noteFullDisk(dataFolder: string): Promise<void> {
    for (const id of await readdir(join(dataFolder, 'unfinished')).catch(() => [])) {
      this.of(id).sawFullDisk = true;
    }
  }
}
