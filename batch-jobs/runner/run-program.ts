import { jobsByMessage } from '../api/runner-messages.ts';
import { offeredProcesses } from './find-process.ts';
import { type KeptProcess, runJobsByMessage } from './jobs-by-message.ts';
import { runAttempt } from './run-attempt.ts';
import { scratchFolder, type Variables } from './runner-settings.ts';
import { selfTest } from './self-test.ts';

/** The process that runs the program. Tests use one of their own. */
export interface RunnerProcess extends KeptProcess {
  readonly argv: readonly string[];
  readonly stdout: { write(text: string): unknown };
  on(event: 'SIGTERM' | 'disconnect', listener: () => void): unknown;
  on(...how: Parameters<KeptProcess['on']>): unknown;
}

/**
 * The container's program.
 *
 * - Without arguments it runs one attempt of one job, named by its variables
 *   (`batch-jobs/api/runner-variables.ts`).
 * - `--jobs-by-message` runs one job after another, as requested by the embedded engine.
 * - `--self-test <image>` reports whether this image can run its process.
 *
 * @param processesFolder contains a folder for each process, with its command
 * @returns the exit code: for the engine, or 0 or 1 of a self-test
 */
export async function runProgram(self: RunnerProcess, processesFolder: string): Promise<number> {
  const { argv, env, stdout } = self;
  const [option, image = ''] = argv.slice(2);
  if (option === '--self-test') {
    const faults = await faultsOf(image, env, processesFolder);
    stdout.write(`self-test of ${image}: ${faults.join('; ') || 'ready'}\n`);
    return faults.length === 0 ? 0 : 1;
  }
  const stop = new AbortController();
  self.on('SIGTERM', () => stop.abort());
  const attempt = (variables: Variables, until: AbortSignal, onCommand?: (pid: number) => void) =>
    runAttempt(variables, until, {
      processesFolder,
      writeLine: (line) => stdout.write(line),
      ...(onCommand ? { onCommand } : {}),
    });
  if (option !== jobsByMessage) return await attempt(env, stop.signal);
  // The channel closes when the service ends; the run must then end too.
  self.on('disconnect', () => stop.abort());
  return await runJobsByMessage(attempt, stop.signal, self);
}

async function faultsOf(
  image: string,
  variables: Variables,
  processesFolder: string,
): Promise<readonly string[]> {
  return await selfTest(image, {
    catalogue: await offeredProcesses(variables, processesFolder),
    processesFolder,
    scratchFolder: scratchFolder(variables),
    searchPath: variables['PATH'] ?? '',
  });
}
