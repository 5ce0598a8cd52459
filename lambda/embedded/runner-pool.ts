import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  jobsByMessage,
  type RunMessage,
  type RunnerMessage,
} from '../../batch-jobs/api/runner-messages.ts';
import { runnerVariables } from '../../batch-jobs/api/runner-variables.ts';
import { endMarkedProcesses } from './marked-processes.ts';

export interface RunnerPoolOptions {
  /** The runner's program, a Node.js module. */
  readonly runner: string;
  /** Variables of each runner, in addition to those of a job. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Prefix of the mark of each runner's processes; identifies the data folder. */
  readonly mark: string;
  /** File descriptor that runners print to. */
  readonly output: number;
}

/** How an attempt ended. */
export interface RunnerExit {
  /** Null if the runner ended before it could report a code. */
  readonly code: number | null;
  /** The signal that ended the runner, if it was ended from outside. */
  readonly signal: NodeJS.Signals | null;
}

/** The attempt never began. */
export class RunnerNotStarted extends Error {
  override readonly name = 'RunnerNotStarted';
  /** Whether the machine lacks a resource (descriptors, processes, memory) that it may have again later. */
  readonly isTransient: boolean;
  constructor(cause: unknown) {
    super(`the runner could not be started: ${String(cause)}`, { cause });
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    this.isTransient = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes(code);
  }
}

/** The same as AWS's container agent; the runner ends sooner by itself (`runner/ends.ts`). */
const killAfterMilliseconds = 30_000;

/** A runner is replaced after this many jobs, so that a leak cannot grow indefinitely. */
const jobsPerRunner = 100;

/** A child process that waits for a job, or runs one. */
class Runner {
  readonly mark: string;
  readonly #child: ChildProcess;
  #jobs = 0;
  #isEnding = false;
  /** Leader of the process group of the job's command and its children. */
  #command: number | undefined;
  #onMessage: (message: RunnerMessage) => void = () => undefined;
  #onExit: (code: number | null, signal: NodeJS.Signals | null, error?: unknown) => void = () =>
    undefined;

  constructor({ runner, environment, mark, output }: RunnerPoolOptions) {
    this.mark = `${mark}/${randomUUID()}`;
    this.#child = fork(runner, [jobsByMessage], {
      env: { ...environment, [runnerVariables.mark]: this.mark },
      execArgv: [],
      stdio: ['ignore', output, output, 'ipc'],
      // A Ctrl-C in a terminal goes to the whole process group, but the engine ends its runners itself.
      detached: true,
    });
    this.#child.on('message', (message) => this.#onMessage(message as RunnerMessage));
    this.#child.on('exit', (code, signal) => this.#ended(code, signal));
    this.#child.on('error', (error) => {
      if (this.#child.pid === undefined) this.#ended(null, null, error);
    });
  }

  /** Whether it can run another job. */
  get isReady(): boolean {
    return !this.#isEnding && this.#child.connected && this.#jobs < jobsPerRunner;
  }

  /**
   * @returns how the attempt ended, and whether the runner may get another job
   * @throws {RunnerNotStarted} if the attempt never began
   */
  run(variables: RunMessage['variables']): Promise<RunnerExit & { readonly isAsNew: boolean }> {
    this.#jobs++;
    return new Promise((resolve, reject) => {
      let hasBegun = false;
      this.#onMessage = (message) => {
        if (message.kind === 'begun') hasBegun = true;
        else if (message.kind === 'command') this.#command = message.pid;
        else {
          this.#command = undefined;
          resolve({ code: message.exitCode, signal: null, isAsNew: message.isAsNew });
        }
      };
      this.#onExit = async (code, signal, error) => {
        // Before the end is reported: nothing of this attempt may run beside the next one.
        if (this.#child.pid !== undefined) await this.#endWhatIsLeft().catch(reject);
        if (hasBegun) resolve({ code, signal, isAsNew: false });
        else reject(new RunnerNotStarted(error ?? `it ended with ${signal ?? `code ${code}`}`));
      };
      // The process could not be started and has no channel; its error event follows.
      if (this.#child.pid === undefined) return;
      this.#child.send({ variables } satisfies RunMessage, (error) => {
        // If the process has ended, its exit event follows.
        if (error && this.#child.exitCode === null && this.#child.signalCode === null) this.end();
      });
    });
  }

  /** Gently first; the end of a run in progress is reported when the runner ends. */
  end(): void {
    this.#isEnding = true;
    this.#child.kill('SIGTERM');
    setTimeout(() => this.#child.kill('SIGKILL'), killAfterMilliseconds).unref();
  }

  #ended(code: number | null, signal: NodeJS.Signals | null, error?: unknown): void {
    this.#isEnding = true;
    this.#onExit(code, signal, error);
  }

  async #endWhatIsLeft(): Promise<void> {
    if (this.#command !== undefined) {
      try {
        process.kill(-this.#command, 'SIGKILL');
      } catch {
        // The group has ended.
      }
    }
    await endMarkedProcesses(runnerVariables.mark, this.mark);
  }
}

/** An attempt that was given to a runner. */
export interface Attempt {
  readonly exit: Promise<RunnerExit>;
  /** Asks the runner to end. */
  readonly end: () => void;
}

/**
 * Runners of jobs, as child processes of this process. A runner that ran a job to its end is reused, so that
 * few jobs wait for a runner to start. It retains nothing of earlier jobs: a runner that ended a job
 * abnormally, or that reports that it is no longer in its initial state, is replaced.
 */
export class RunnerPool {
  readonly #options: RunnerPoolOptions;
  readonly #idle: Runner[] = [];
  #isClosed = false;

  constructor(options: RunnerPoolOptions) {
    this.#options = options;
  }

  run(variables: RunMessage['variables']): Attempt {
    const runner = this.#take();
    const exit = runner.run(variables).then(
      ({ isAsNew, ...exit }) => {
        if (isAsNew && exit.code === 0 && !this.#isClosed && runner.isReady)
          this.#idle.push(runner);
        else runner.end();
        return exit;
      },
      (error: unknown) => {
        runner.end();
        throw error;
      },
    );
    return { exit, end: () => runner.end() };
  }

  /** Ends idle runners; the code that started a run ends it. */
  close(): void {
    this.#isClosed = true;
    for (const runner of this.#idle.splice(0)) runner.end();
  }

  #take(): Runner {
    for (let runner = this.#idle.pop(); runner; runner = this.#idle.pop()) {
      if (runner.isReady) return runner;
      runner.end();
    }
    try {
      return new Runner(this.#options);
    } catch (error) {
      throw new RunnerNotStarted(error);
    }
  }
}
