import { interruptedExitCode } from '../api/exit-codes.ts';
import { FileObjectStore } from '../api/file-object-store.ts';
import { JobStore } from '../api/job-store.ts';
import { jsonLog } from '../api/log.ts';
import type { ObjectStore } from '../api/object-store.ts';
import { runnerVariables } from '../api/runner-variables.ts';
import { s3Connection } from '../api/s3-connection.ts';
import { S3ObjectStore } from '../api/s3-object-store.ts';
import { countOomKills, kernelFiles } from './count-oom-kills.ts';
import { processFinder } from './find-process.ts';
import { realWait } from './insist.ts';
import { runCommand } from './run-command.ts';
import { runJob } from './run-job.ts';
import { type RunnerSettings, runnerSettings, type Variables } from './runner-settings.ts';

/** S3 may respond slowly while many jobs end at the same time. */
const silenceMilliseconds = 20_000;

export interface AttemptSurroundings {
  /** Folder that contains a folder for each process, with its command. */
  readonly processesFolder: string;
  /** Receives each line of the log. */
  readonly writeLine: (line: string) => void;
  /** Called with the ID of the command's process, which leads a process group. */
  readonly onCommand?: (pid: number) => void;
}

/**
 * Runs one attempt of one job, as its variables say. Nothing of it outlives the call.
 *
 * @param stop aborted when the attempt must end (SIGTERM)
 * @returns the exit code for the engine
 */
export async function runAttempt(
  variables: Variables,
  stop: AbortSignal,
  { processesFolder, writeLine, onCommand }: AttemptSurroundings,
): Promise<number> {
  const log = jsonLog(writeLine, {
    environment: variables[runnerVariables.environment],
    jobId: variables[runnerVariables.jobId],
  });
  try {
    const settings = runnerSettings(variables);
    const objects = openObjectStore(settings);
    const offeredIn = 'folder' in settings.store ? objects : undefined;
    return await runJob(
      settings.run,
      {
        store: new JobStore(objects),
        findProcess: await processFinder(variables, processesFolder, offeredIn),
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

function openObjectStore({ store, region, kmsKey }: RunnerSettings): ObjectStore {
  if ('folder' in store) return new FileObjectStore(store.folder);
  return new S3ObjectStore({
    ...store,
    ...(kmsKey === undefined ? {} : { kmsKeyId: kmsKey }),
    client: s3Connection({ ...(region === undefined ? {} : { region }), silenceMilliseconds }),
  });
}
