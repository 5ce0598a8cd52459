import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DamagedKind } from './damage.ts';

/** What the world itself has done to one job. */
export interface JobFacts {
  /** Times that its runner was killed while its command ran. */
  runnerKills: number;
  /** Times that the service ended while the engine had it down as running. */
  crashes: number;
  /** Whether the disk was full at a time that the job was unfinished. */
  sawFullDisk: boolean;
  readonly damaged: Set<DamagedKind>;
  /** Final statuses that a client was told, in the words of the status document. */
  readonly told: Set<string>;
}

/** Facts of each job that the world did something to. */
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

  /** The service has just ended: notes the jobs that ran. */
  async noteCrash(dataFolder: string): Promise<void> {
    const folder = join(dataFolder, 'engine');
    for (const name of await readdir(folder).catch(() => [])) {
      const [, id] = /^local-([0-9a-f-]{36})\.json$/.exec(name) ?? [];
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      if (id !== undefined && text.includes('"status":"RUNNING"')) this.of(id).crashes++;
    }
  }

  /** The disk is full: notes the jobs that have not ended. */
  async noteFullDisk(dataFolder: string): Promise<void> {
    for (const id of await readdir(join(dataFolder, 'unfinished')).catch(() => [])) {
      this.of(id).sawFullDisk = true;
    }
  }
}
