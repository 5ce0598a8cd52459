import {
  interruptedExitCode,
  isRequestFault,
  lostExitCode,
  storageFullExitCode,
} from '../api/exit-codes.ts';
import type { Job } from '../api/job.ts';
import { DamagedRecord, damagedFile } from '../api/job-record.ts';
import type { Log } from '../api/log.ts';
import { isStorageFull } from '../api/storage-full.ts';
import { untilAborted } from '../api/until-aborted.ts';
import { type Ends, endsOf } from './ends.ts';
import { JobFault } from './job-fault.ts';
import {
  type Attempt as AnyAttempt,
  type CommandDependencies,
  produceOutputs,
} from './produce-outputs.ts';
import { type Run, RunRecord } from './run-record.ts';
import { clearScratch, makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';
import { watchRecord } from './watch-record.ts';

export interface RunnerDependencies extends CommandDependencies {
  /** Folder in which each attempt creates its own folder. */
  readonly scratchFolder: string;
  /** How often the record is read during the run, to check whether the run still owns the job. */
  readonly watchIntervalMilliseconds: number;
}

type Attempt = AnyAttempt<RunnerDependencies>;

/**
 * Runs one attempt of a job: claims the job, writes its inputs, runs the process's command, publishes the
 * outputs, and only then reports success.
 *
 * @param signal aborted when the attempt must end (SIGTERM)
 * @returns the exit code for the engine: 0 done, 64-78 the request is at fault, others may be retried
 */
export async function runJob(
  run: Run,
  dependencies: RunnerDependencies,
  signal: AbortSignal,
): Promise<number> {
  // Nothing is claimed yet, so there is nothing to report.
  if (signal.aborted) return interruptedExitCode;
  const ends = endsOf(signal, dependencies.wait);
  const record = new RunRecord(run, dependencies, ends);
  const attempt = { run, record, ends, dependencies };
  try {
    const job = await untilAborted(() => record.claim(), ends.either);
    return job ? await workOn(job, attempt) : notOwn(record);
  } catch (error) {
    if (!signal.aborted) throw error;
    return await stopped(attempt);
  }
}

async function workOn(job: Job, attempt: Attempt): Promise<number> {
  const { run, record, ends, dependencies } = attempt;
  const { store, log, scratchFolder, watchIntervalMilliseconds } = dependencies;
  const endWatch = watchRecord(record, log, watchIntervalMilliseconds, ends.lose);
  let folder: string | undefined;
  try {
    await untilAborted(() => clearScratch(scratchFolder, store, log), ends.either);
    folder = await makeScratchFolder(scratchFolder, run);
    const { outputs, warnings } = await produceOutputs(job, folder, attempt);
    const isReported = await untilAborted(() => record.succeed(outputs, warnings), ends.last);
    if (!isReported) return ended(attempt);
    log.info('job succeeded', { attempt: run.attempt });
    return 0;
  } catch (error) {
    if (ends.lost.aborted) return ended(attempt);
    if (ends.stopped.aborted) return await stopped(attempt);
    return await failed(attempt, error);
  } finally {
    endWatch();
    if (folder !== undefined) await clearUp(folder, ends, log);
  }
}

/** The last step. After a stop there may be no time for it; a later run then clears what remains. */
async function clearUp(folder: string, ends: Ends, log: Log): Promise<void> {
  try {
    await untilAborted(() => removeScratchFolder(folder, log), ends.late);
  } catch {
    log.info('there was no time to remove the scratch folder', { left: folder });
  }
}

/** Another run decides how the job ends. */
function ended({ run, record, dependencies }: Attempt): number {
  dependencies.log.info('the job has ended, or another attempt works on it', {
    attempt: run.attempt,
  });
  return notOwn(record);
}

/** Only for a job that has ended can the runner report that nothing remains to be done. */
function notOwn(record: RunRecord): number {
  return record.isOver ? 0 : lostExitCode;
}

/**
 * SIGTERM does not say why it was sent: the machine is lost, the time is up, or someone ended the job. The
 * engine knows, and ends the record or reports the next attempt.
 */
async function stopped({ run, record, dependencies }: Attempt): Promise<number> {
  dependencies.log.warn('job stopped', { attempt: run.attempt });
  await record.stop();
  return interruptedExitCode;
}

async function failed({ run, record, dependencies }: Attempt, error: unknown): Promise<number> {
  const fault = error instanceof JobFault ? error : unexpected(error);
  const { attempt } = run;
  dependencies.log.error('job failed', { attempt, exitCode: fault.exitCode }, error);
  if (isRequestFault(fault.exitCode) || run.attempt >= run.attempts) {
    await record.fail({
      kind: fault.kind,
      text: fault.message,
      ...(fault.subject ? { subject: fault.subject } : {}),
    });
  } else {
    await record.pause(fault.message);
  }
  // The engine's rules know these codes. Other codes of a command could be confused with them.
  if (isRequestFault(fault.exitCode)) return fault.exitCode;
  return error instanceof JobFault || !isStorageFull(error) ? 1 : storageFullExitCode;
}

function unexpected(cause: unknown): JobFault {
  if (cause instanceof DamagedRecord) {
    // Every attempt would read the same damaged file.
    return new JobFault(damagedFile, { exitCode: 70 });
  }
  return isStorageFull(cause)
    ? new JobFault('There is not enough storage for the inputs and outputs of the job.', {
        kind: 'storage-full',
      })
    : new JobFault('The job failed for a reason inside the service.');
}
