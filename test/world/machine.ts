import { execFileSync } from 'node:child_process';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Random } from '../faults/random.ts';

/** Errors of calls for files: a full disk, a read-only one, a broken one, too many open files. */
const codes = ['ENOSPC', 'EROFS', 'EIO', 'EMFILE'] as const;
export type FaultCode = (typeof codes)[number];

interface State {
  /** Error of calls for files of the data folder. */
  readonly code: FaultCode | null;
  /** Share of these calls that fail. */
  readonly share: number;
  /** How far the clock is ahead, in milliseconds. */
  readonly clock: number;
}

const hour = 3_600_000;

/** The machine that the service runs on. The world controls the faults of its disk and its clock. */
export class Machine {
  readonly dataFolder: string;
  readonly #folder: string;
  readonly #file: string;
  #state: State = { code: null, share: 0, clock: 0 };
  #writing: Promise<void> = Promise.resolve();
  #isMounted = false;

  /** @param folder contains the data folder and the file that the processes read */
  constructor(folder: string) {
    this.#folder = folder;
    this.dataFolder = join(folder, 'data');
    this.#file = join(folder, 'machine.json');
  }

  /** Variables of processes that run on it. */
  get variables(): Readonly<Record<string, string>> {
    const preloaded = pathToFileURL(join(import.meta.dirname, 'faulty-machine.mjs')).href;
    return {
      NODE_OPTIONS: `--import ${preloaded}`,
      WORLD_MACHINE: this.#file,
      WORLD_FOLDER: `${this.dataFolder}/`,
    };
  }

  /**
   * Puts the data folder on a small disk of its own, if this process may mount one.
   *
   * @returns whether it did: {@link fill} then fills a real disk
   */
  mountSmallDisk(mebibytes: number): boolean {
    try {
      const options = ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', this.dataFolder];
      execFileSync('mount', options, { stdio: 'ignore' });
      this.#isMounted = true;
    } catch {
      // This process is not root, or the system is not Linux.
    }
    return this.#isMounted;
  }

  async breakDisk(code: FaultCode, share: number): Promise<void> {
    await this.#change({ code, share });
  }

  /** Writes until the disk is full. */
  async fill(): Promise<void> {
    if (!this.#isMounted) return await this.breakDisk('ENOSPC', 1);
    const ballast = Buffer.alloc(64 * 1024);
    for (let index = 0; ; index++) {
      try {
        await writeFile(join(this.dataFolder, `.ballast-${index % 4}`), ballast, { flag: 'a' });
      } catch {
        return;
      }
    }
  }

  async mend(): Promise<void> {
    if (this.#isMounted) {
      for (let index = 0; index < 4; index++) {
        await rm(join(this.dataFolder, `.ballast-${index}`), { force: true });
      }
    }
    await this.#change({ code: null, share: 0 });
  }

  /** Sets the clock up to a day ahead or back. */
  async setClock(random: Random): Promise<void> {
    const ahead = Math.floor((random.next() * 2 - 1) * 24 * hour);
    await this.#change({ clock: random.chance(0.3) ? 0 : ahead });
  }

  async setClockRight(): Promise<void> {
    await this.#change({ clock: 0 });
  }

  async start(): Promise<void> {
    await this.#change({});
  }

  remove(): void {
    if (this.#isMounted) execFileSync('umount', ['-l', this.dataFolder]);
  }

  /** Makes changes one after another. A process that reads the file always finds a complete one. */
  async #change(change: Partial<State>): Promise<void> {
    this.#state = { ...this.#state, ...change };
    const state = this.#state;
    this.#writing = this.#writing.then(async () => {
      const next = join(this.#folder, 'machine.next');
      await writeFile(next, JSON.stringify(state));
      await rename(next, this.#file);
    });
    await this.#writing;
  }
}

/** A random fault of the disk, and the share of calls that it affects. */
export function someDiskFault(random: Random): { code: FaultCode; share: number } {
  const code = codes[random.below(codes.length)] ?? 'EIO';
  return { code, share: random.chance(0.5) ? 1 : 0.3 };
}
