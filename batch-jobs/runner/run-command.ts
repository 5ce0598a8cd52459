import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Log } from '../api/log.ts';
import { whenFilesCanBeOpened } from '../api/open-files.ts';
import { followLines } from './follow-lines.ts';
import { LastWords } from './last-words.ts';
import { limitMemory } from './limit-memory.ts';

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Scratch folder in which the command starts. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Memory that the command and its descendants may use together, if no container limits it. */
  readonly memoryMiB?: number | undefined;
  /** Called with the process ID once the command runs; the process leads a process group. */
  readonly onStarted?: (pid: number) => void;
}

export interface CommandResult {
  /** Undefined if a signal ended the command. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** The last line of standard error that began with `ERROR `, without that word. */
  readonly errorText: string | undefined;
  /** Lines of standard output that began with `WARNING `, without that word. */
  readonly warnings?: readonly string[];
  /**
   * The line of standard error that most likely says why the command ended, for when `errorText` is
   * undefined.
   */
  readonly lastWords?: string;
  /** The command was ended because it exceeded its memory limit, or it reported that memory ran out. */
  readonly isOutOfMemory?: boolean;
}

const progressLine = /^PROGRESS\s+(\d+(?:\.\d+)?)\s*(.*)$/;
const warningLine = /^WARNING\s+(.*)$/;
const errorLine = /^ERROR\s+(.*)$/;

/** Text that a user may see is cut to this length. */
const longestText = 1000;

/** Number of warnings that are kept; all are logged. */
const mostWarnings = 10;

/** How much of a line is read: the text, and the words before it. */
const longestLine = 2 * longestText;

/** How long a command may take to end after SIGTERM, before SIGKILL. */
const graceMilliseconds = 5_000;

/** How long output may continue after the command has ended. */
const lingeringMilliseconds = 1_000;

/**
 * Runs a process's command as defined by the batch job API, and follows its progress.
 *
 * Processes that the command started end with it, unless they left its process group (`setsid`). The runner
 * does not wait for those; they end with the container.
 *
 * @param onProgress called for each `PROGRESS <percent> <message>` line of standard output
 * @param signal ends the command and its process group, gently first
 * @throws if the program cannot be started
 */
export async function runCommand(
  command: Command,
  onProgress: (percent: number, message: string) => void,
  signal: AbortSignal,
  log: Log,
): Promise<CommandResult> {
  signal.throwIfAborted();
  const child = await whenFilesCanBeOpened(() => started(command));
  // A program that has started has an ID.
  const pid = Number(child.pid);
  command.onStarted?.(pid);
  let isOutOfMemory = false;
  const endLimit =
    command.memoryMiB === undefined
      ? undefined
      : limitMemory(pid, command.memoryMiB, () => {
          isOutOfMemory = true;
          endGroup(pid, 'SIGKILL');
        });
  // If the container's memory runs out, the kernel kills the command, and this process can report it.
  writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => undefined);
  let errorText: string | undefined;
  const warnings = new Set<string>();
  const words = new LastWords();
  const output = followLines(child.stdout, longestLine, (line) => {
    const [, percent, message] = progressLine.exec(line) ?? [];
    const [, warning] = warningLine.exec(line) ?? [];
    if (percent) onProgress(Math.min(100, Number(percent)), (message ?? '').slice(0, longestText));
    else if (warning) {
      if (warnings.size < mostWarnings) warnings.add(warning.slice(0, longestText));
      log.warn(warning.slice(0, longestText), { stream: 'stdout' });
    } else log.info(line.slice(0, longestText), { stream: 'stdout' });
  });
  const errors = followLines(child.stderr, longestLine, (line) => {
    const [, text] = errorLine.exec(line) ?? [];
    if (text) errorText = text.slice(0, longestText);
    else words.add(line);
    log.info(line.slice(0, longestText), { stream: 'stderr' });
  });

  let grace: NodeJS.Timeout | undefined;
  const stop = () => {
    endGroup(pid, 'SIGTERM');
    grace = setTimeout(() => endGroup(pid, 'SIGKILL'), graceMilliseconds);
  };
  signal.addEventListener('abort', stop);
  // The signal may have been aborted during the start.
  if (signal.aborted) stop();
  try {
    const ended = await new Promise<Omit<CommandResult, 'errorText'>>((resolve) => {
      child.on('exit', () => {
        // Processes that the command left running would keep its streams open.
        endGroup(pid, 'SIGKILL');
        const timer = setTimeout(() => {
          child.stdout.destroy();
          child.stderr.destroy();
        }, lingeringMilliseconds);
        child.on('close', () => clearTimeout(timer));
      });
      child.on('close', (code, killedBy) => {
        resolve({ exitCode: code ?? undefined, signal: killedBy ?? undefined });
      });
    });
    await Promise.all([output, errors]);
    const result = {
      ...ended,
      errorText,
      ...(warnings.size > 0 ? { warnings: [...warnings] } : {}),
    };
    // A command that was asked to stop did not fail.
    if (ended.exitCode === 0 || signal.aborted) return result;
    const { exitCode, signal: killedBy } = ended;
    log.warn('the command failed', { exitCode, signal: killedBy, stderr: words.text });
    return {
      ...result,
      ...(words.reason === undefined ? {} : { lastWords: words.reason.slice(0, longestText) }),
      ...(isOutOfMemory || words.isOutOfMemory ? { isOutOfMemory: true } : {}),
    };
  } finally {
    endLimit?.();
    signal.removeEventListener('abort', stop);
    // By then, the ID may be that of another group.
    clearTimeout(grace);
  }
}

/** @throws if the program does not start; it then has no streams, and nothing remains of it */
async function started({ program, args, folder, environment }: Command) {
  const child = spawn(program, args, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The command gets its own process group, so that everything it started ends with it.
    detached: true,
  });
  await once(child, 'spawn');
  return child;
}

function endGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group has already ended.
  }
}
