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
  /** Variables of each runner, beside those that come with a job. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Begins the mark of each runner's processes; names the data folder. */
  readonly mark: string;
  /** File descriptor that runners print to. */
  readonly output: number;
}

/** How an attempt ended. */
export interface RunnerExit {
  /** Null when the runner ended before it could say. */
  readonly code: number | null;
  /** What ended the runner, where something from outside did. */
  readonly signal: NodeJS.Signals | null;
}

/** The attempt never began. */
export class RunnerNotStarted extends Error {
  override readonly name = 'RunnerNotStarted';
  /** The machine is short of something (descriptors, processes, memory), and may not be later. */
  readonly isTransient: boolean;
  constructor(cause: unknown) {
    super(`the runner could not be started: ${String(cause)}`, { cause });
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    this.isTransient = ['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'].includes(code);
  }
}

/** As the container agent of AWS does it; the runner ends sooner by itself (`runner/ends.ts`). */
const killAfterMilliseconds = 30_000;

/** A runner is replaced after so many jobs, so that a leak cannot grow without bound. */
const jobsPerRunner = 100;

/** A child process that waits for a job, or runs one. */
class Runner {
  readonly mark: string;
  readonly #child: ChildProcess;
  #jobs = 0;
  #isEnding = false;
  /** Leader of the process group that its job's command and what that started belong to. */
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
      // Ctrl-C in a terminal goes to the whole group; the engine ends its runners itself.
      detached: true,
    });
    this.#child.on('message', (message) => this.#onMessage(message as RunnerMessage));
    this.#child.on('exit', (code, signal) => this.#ended(code, signal));
    this.#child.on('error', (error) => {
      if (this.#child.pid === undefined) this.#ended(null, null, error);
    });
  }

  /** Whether it can be given a job. */
  get isReady(): boolean {
    return !this.#isEnding && this.#child.connected && this.#jobs < jobsPerRunner;
  }

  /**
   * @returns how the attempt ended, and whether the runner may be given another job
   * @throws {RunnerNotStarted} when it never began
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
        // Before anybody learns of the end: nothing of this attempt may run beside the next.
        if (this.#child.pid !== undefined) await this.#endWhatIsLeft().catch(reject);
        if (hasBegun) resolve({ code, signal, isAsNew: false });
        else reject(new RunnerNotStarted(error ?? `it ended with ${signal ?? `code ${code}`}`));
      };
      // It could not be started, and has no channel: its error follows.
      if (this.#child.pid === undefined) return;
      this.#child.send({ variables } satisfies RunMessage, (error) => {
        // The exit follows where the process has ended.
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

/** An attempt that has been given to a runner. */
export interface Attempt {
  readonly exit: Promise<RunnerExit>;
  /** Tells the runner to end. */
  readonly end: () => void;
}

/**
 * Runners of jobs, child processes of this one. A runner that ran a job to its end is kept for the next
 * one, so that few jobs wait for one to start. It holds nothing of the jobs before: a runner that
 * ended a job in another way than it should, or that says it is no longer as it was, is replaced.
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

  /** Ends those that wait; those that run are ended by who runs them. */
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
