/**
 * The container's entry point.
 *
 * - Without arguments it runs one attempt of one job, named by its variables
 *   (`batch-jobs/api/runner-variables.ts`), and ends with the exit code for the engine.
 * - `--jobs-by-message` runs one job after another, as requested by the embedded engine.
 * - `--self-test <image>` reports whether this image can run its process: exit code 0 or 1.
 */

import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interruptedExitCode } from '../api/exit-codes.ts';
import { FileObjectStore } from '../api/file-object-store.ts';
import { JobStore } from '../api/job-store.ts';
import { jsonLog } from '../api/log.ts';
import type { ObjectStore } from '../api/object-store.ts';
import type { ProcessDescription } from '../api/process-description.ts';
import type { FolderProcess } from '../api/process-folders.ts';
import { jobsByMessage } from '../api/runner-messages.ts';
import { runnerVariables } from '../api/runner-variables.ts';
import { s3Connection } from '../api/s3-connection.ts';
import { S3ObjectStore } from '../api/s3-object-store.ts';
import { catalogue } from '../catalogue.ts';
import { countOomKills, kernelFiles } from './count-oom-kills.ts';
import { realWait } from './insist.ts';
import { runJobsByMessage } from './jobs-by-message.ts';
import { runCommand } from './run-command.ts';
import { runJob } from './run-job.ts';
import {
  type RunnerSettings,
  runnerSettings,
  scratchFolder,
  type Variables,
} from './runner-settings.ts';
import { selfTest } from './self-test.ts';

const processesFolder = join(dirname(fileURLToPath(import.meta.url)), '..');

/** S3 may respond slowly while many jobs end at the same time. */
const silenceMilliseconds = 20_000;

/**
 * Runs one attempt of one job. Nothing of it outlives the call.
 *
 * @returns the exit code for the engine
 */
async function runAttempt(
  variables: Variables,
  stop: AbortSignal,
  onCommand?: (pid: number) => void,
): Promise<number> {
  const log = jsonLog((line) => process.stdout.write(line), {
    environment: variables[runnerVariables.environment],
    jobId: variables[runnerVariables.jobId],
  });
  try {
    const settings = runnerSettings(variables);
    const objects = openObjectStore(settings);
    return await runJob(
      settings.run,
      {
        store: new JobStore(objects),
        findProcess: await processFinder(
          variables,
          'folder' in settings.store ? objects : undefined,
        ),
        processesFolder,
        scratchFolder: settings.scratchFolder,
        environment: variables,
        fetchReference: async (...input) => {
          // Most jobs fetch nothing, and need no HTTP client.
          const { referenceFetcher } = await import('./fetch-reference.ts');
          await referenceFetcher(settings.references)(...input);
        },
        inlineOutputBytes: settings.inlineOutputBytes,
        progressIntervalMilliseconds: settings.progressIntervalMilliseconds,
        watchIntervalMilliseconds: 30_000,
        memoryMiB: settings.memoryMiB,
        ...(onCommand ? { onCommand } : {}),
        runCommand,
        countOomKills: () => countOomKills(kernelFiles),
        log,
        now: () => new Date(),
        monotonic: () => performance.now(),
        wait: realWait,
      },
      stop,
    );
  } catch (error) {
    log.error('the run ended before it could report', {}, error);
    return stop.aborted ? interruptedExitCode : 1;
  }
}

/**
 * Processes of the catalogue, and those of folders if a variable names a folder.
 *
 * @param objects store in which the embedded service records the folder processes it currently offers
 */
async function offeredProcesses(
  variables: Variables,
  objects?: ObjectStore,
): Promise<readonly ProcessDescription[]> {
  const directory = variables[runnerVariables.processesDir];
  if (!directory) return catalogue;
  const { readOffered } = await import('../api/offered-processes.ts');
  const inForce = (objects && (await readOffered(objects))) ?? (await processesIn(directory));
  // Relative to the folder of the built processes, where the runner looks for them.
  const within = inForce.map(({ process, folder }) => ({
    ...process,
    job: { ...process.job, image: relative(processesFolder, folder) },
  }));
  return [...catalogue, ...within];
}

async function processesIn(directory: string): Promise<readonly FolderProcess[]> {
  const { readProcessFolders } = await import('../api/process-folders.ts');
  const taken = new Set(catalogue.map(({ identifier }) => identifier));
  return (await readProcessFolders(directory, taken)).processes;
}

async function processFinder(
  variables: Variables,
  objects: ObjectStore | undefined,
): Promise<(identifier: string) => ProcessDescription | undefined> {
  const offered = await offeredProcesses(variables, objects);
  return (identifier) => offered.find((process) => process.identifier === identifier);
}

async function main(): Promise<number> {
  const [option, image = ''] = process.argv.slice(2);
  if (option === '--self-test') return await runSelfTest(image);
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  if (option !== jobsByMessage) return await runAttempt(process.env, stop.signal);
  // The channel closes when the service ends; the run must then end too.
  process.on('disconnect', () => stop.abort());
  return await runJobsByMessage(runAttempt, process.env, stop.signal);
}

function openObjectStore({ store, region, kmsKey }: RunnerSettings): ObjectStore {
  if ('folder' in store) return new FileObjectStore(store.folder);
  return new S3ObjectStore({
    ...store,
    ...(kmsKey === undefined ? {} : { kmsKeyId: kmsKey }),
    client: s3Connection({ ...(region === undefined ? {} : { region }), silenceMilliseconds }),
  });
}

async function runSelfTest(image: string): Promise<number> {
  const faults = await selfTest(image, {
    catalogue: await offeredProcesses(process.env),
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
