import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { distDir } from '../bundled.ts';
import type { Machine } from './machine.ts';

/** The built service as a process on a machine with faults. */
export class ServiceProcess {
  readonly endpoint: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, endpoint: string) {
    this.#child = child;
    this.endpoint = endpoint;
  }

  /** Starts the service, and repairs the machine and tries again until it starts: its disk may be broken. */
  static async start(machine: Machine): Promise<ServiceProcess> {
    for (;;) {
      const started = await ServiceProcess.#tryToStart(machine);
      if (started) return started;
      await machine.mend();
    }
  }

  static async #tryToStart(machine: Machine): Promise<ServiceProcess | undefined> {
    const local = join(distDir, 'lambda', 'local.cjs');
    const args = ['--port', '0', '--data-dir', machine.dataFolder, '--waiting-jobs', '100000'];
    const child = spawn(process.execPath, [local, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...machine.variables },
    });
    const endpoint = await new Promise<string | undefined>((resolve) => {
      child.once('exit', () => resolve(undefined));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^WPS endpoint: (\S+)/.exec(line)?.[1];
        if (found) resolve(found);
      });
    });
    return endpoint === undefined ? undefined : new ServiceProcess(child, endpoint);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.hasEnded) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  /**
   * Kills a runner while the command of its job runs.
   *
   * @returns the job; undefined if no runner ran one in that time
   */
  async killRunnerAtWork(patienceMilliseconds: number): Promise<string | undefined> {
    const begun = performance.now();
    while (performance.now() - begun < patienceMilliseconds && !this.hasEnded) {
      for (const runner of await childrenOf(this.#child.pid)) {
        const [command] = await childrenOf(runner);
        const jobId = command === undefined ? undefined : await jobOf(command);
        if (jobId !== undefined && killed(runner)) return jobId;
      }
      await wait(2);
    }
    return undefined;
  }
}

/** Ids of the processes whose environment contains a text. */
export async function processesWith(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const environments = await Promise.all(pids.map(environmentOf));
  return pids.filter((pid, at) => pid !== process.pid && environments[at]?.includes(text));
}

/** The job of a command. */
async function jobOf(pid: number): Promise<string | undefined> {
  return /\0WPS_JOB_ID=([0-9a-f-]{36})\0/.exec(await environmentOf(pid))?.[1];
}

async function environmentOf(pid: number): Promise<string> {
  return await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended.
    return false;
  }
}
