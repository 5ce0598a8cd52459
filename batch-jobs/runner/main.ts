/**
 * The container's entry point.
 *
 * - Without arguments it runs one attempt of one job, named by its variables
 *   (`batch-jobs/api/runner-variables.ts`), and ends with the exit code for the engine.
 * - `--jobs-by-message` runs one job after another, as requested by the embedded engine.
 * - `--self-test <image>` reports whether this image can run its process: exit code 0 or 1.
 */

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jobsByMessage } from '../api/runner-messages.ts';
import { offeredProcesses } from './find-process.ts';
import { runJobsByMessage } from './jobs-by-message.ts';
import { runAttempt } from './run-attempt.ts';
import { scratchFolder, type Variables } from './runner-settings.ts';
import { selfTest } from './self-test.ts';

const processesFolder = join(dirname(fileURLToPath(import.meta.url)), '..');

async function main(): Promise<number> {
  const [option, image = ''] = process.argv.slice(2);
  if (option === '--self-test') return await runSelfTest(image);
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  if (option !== jobsByMessage) return await attempt(process.env, stop.signal);
  // The channel closes when the service ends; the run must then end too.
  process.on('disconnect', () => stop.abort());
  return await runJobsByMessage(attempt, process.env, stop.signal);
}

function attempt(
  variables: Variables,
  stop: AbortSignal,
  onCommand?: (pid: number) => void,
): Promise<number> {
  return runAttempt(variables, stop, {
    processesFolder,
    writeLine: (line) => process.stdout.write(line),
    ...(onCommand ? { onCommand } : {}),
  });
}

async function runSelfTest(image: string): Promise<number> {
  const faults = await selfTest(image, {
    catalogue: await offeredProcesses(process.env, processesFolder),
    processesFolder,
    scratchFolder: scratchFolder(process.env),
    searchPath: process.env['PATH'] ?? '',
  });
  process.stdout.write(
    faults.length === 0
      ? `self-test of ${image}: ready\n`
      : `self-test of ${image}: ${faults.join('; ')}\n`,
  );
  return faults.length === 0 ? 0 : 1;
}

// Work still in progress after a stop must not keep the process alive.
process.exit(await main());
