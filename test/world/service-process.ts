import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { distDir } from '../bundled.ts';
import type { Machine } from './machine.ts';

/** The built service as a process, on a machine that fails. */
export class ServiceProcess {
  readonly endpoint: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, endpoint: string) {
    this.#child = child;
    this.endpoint = endpoint;
  }

  /** Starts it as often as it takes: it may be told to start while its disk is broken. */
  static async start(machine: Machine): Promise<ServiceProcess> {
    for (;;) {
      const started = await ServiceProcess.#tryToStart(machine);
      if (started) return started;
      await machine.mend();
    }
  }

  static async #tryToStart(machine: Machine): Promise<ServiceProcess | undefined> {
    const local = join(distDir, 'lambda', 'local.js');
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
   * @returns false when none has run one for as long as it was waited for
   */
  async killRunnerAtWork(patienceMilliseconds: number): Promise<boolean> {
    const begun = performance.now();
    while (performance.now() - begun < patienceMilliseconds && !this.hasEnded) {
      for (const runner of await childrenOf(this.#child.pid)) {
        if ((await childrenOf(runner)).length > 0 && killed(runner)) return true;
      }
      await wait(2);
    }
    return false;
  }
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
    return false;
  }
}
