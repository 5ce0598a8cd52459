import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reachesCommand } from '../api/command-variables.ts';
import { interruptedExitCode, isRequestFault, lostExitCode } from '../api/exit-codes.ts';
import type { Job } from '../api/job.ts';
import type { Log } from '../api/log.ts';
import { outOfMemory } from '../api/out-of-memory.ts';
import type { ProcessDescription } from '../api/process-description.ts';
import { isStorageFull } from '../api/storage-full.ts';
import { type Ends, endsOf } from './ends.ts';
import { JobFault } from './job-fault.ts';
import { type FetchReference, materialiseInputs } from './materialise-inputs.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { type Publish, publishOutputs } from './publish-outputs.ts';
import type { CommandResult, runCommand } from './run-command.ts';
import { type Run, RunRecord, type RunRecordParts } from './run-record.ts';
import { clearScratch, makeScratchFolder, removeScratchFolder } from './scratch-folder.ts';
import { untilAborted } from './until-aborted.ts';
import { watchRecord } from './watch-record.ts';

export interface RunnerParts extends RunRecordParts {
  readonly findProcess: (identifier: string) => ProcessDescription | undefined;
  /** Folder that holds a folder for each process, with its command. */
  readonly processesFolder: string;
  readonly scratchFolder: string;
  /** Variables of the container; the command inherits some (`command-variables.ts`). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetchReference: FetchReference;
  /** Largest output kept in the record itself, in bytes. */
  readonly inlineOutputBytes: number;
  readonly progressIntervalMilliseconds: number;
  /** How often the record is looked at meanwhile: whether the job is still to be worked on. */
  readonly watchIntervalMilliseconds: number;
  /** Memory that the command may use, where no container limits it. */
  readonly memoryMiB?: number | undefined;
  /** Told of the command's process, which leads a process group. */
  readonly onCommand?: (pid: number) => void;
  readonly runCommand: typeof runCommand;
  /** How many processes the kernel has killed so far for their memory, where it tells. */
  readonly countOomKills: () => Promise<number | undefined>;
}

/**
 * Runs one attempt of a job: claims it, lays its inputs out, runs the process's command, publishes
 * what it left, and only then reports success.
 *
 * @param signal aborted when the attempt is to end (SIGTERM)
 * @returns the exit code for the engine: 0 done, 64-78 the request is at fault, others try again
 */
export async function runJob(run: Run, parts: RunnerParts, signal: AbortSignal): Promise<number> {
  // Nothing is claimed yet, so there is nothing to tell.
  if (signal.aborted) return interruptedExitCode;
  const ends = endsOf(signal, parts.wait);
  const record = new RunRecord(run, parts, ends);
  try {
    const job = await untilAborted(() => record.claim(), ends.either);
    return job ? await workOn(job, run, parts, record, ends) : notOwn(record);
  } catch (error) {
    if (!signal.aborted) throw error;
    return await stopped(run, record, parts.log);
  }
}

async function workOn(
  job: Job,
  run: Run,
  parts: RunnerParts,
  record: RunRecord,
  ends: Ends,
): Promise<number> {
  const { store, log, scratchFolder } = parts;
  const endWatch = watchRecord(record, log, parts.watchIntervalMilliseconds, ends.lose);
  let folder: string | undefined;
  try {
    await untilAborted(() => clearScratch(scratchFolder, store, log), ends.either);
    folder = await makeScratchFolder(scratchFolder, run);
    const outputs = await execute(job, run, folder, parts, record, ends);
    if (!(await untilAborted(() => record.succeed(outputs), ends.last)))
      return ended(run, record, log);
    log.info('job succeeded', { attempt: run.attempt });
    return 0;
  } catch (error) {
    if (ends.lost.aborted) return ended(run, record, log);
    if (ends.stopped.aborted) return await stopped(run, record, log);
    return await failed(run, record, log, error);
  } finally {
    endWatch();
    if (folder !== undefined) await clearUp(folder, ends, log);
  }
}

/** Last of all: after a stop there may be no time left for it, and what stays is cleared later. */
async function clearUp(folder: string, ends: Ends, log: Log): Promise<void> {
  try {
    await untilAborted(() => removeScratchFolder(folder, log), ends.late);
  } catch {
    log.info('there was no time to remove the scratch folder', { left: folder });
  }
}

async function execute(
  job: Job,
  run: Run,
  folder: string,
  parts: RunnerParts,
  record: RunRecord,
  ends: Ends,
) {
  const signal = ends.either;
  const process = parts.findProcess(job.process.identifier);
  if (!process) {
    throw new JobFault(`The process "${job.process.identifier}" is no longer offered.`, {
      exitCode: 70,
    });
  }
  const inputs = await untilAborted(
    () => record.insist('reading the inputs', () => parts.store.readInputs(job.id)),
    signal,
  );
  const inputsFile = await materialiseInputs(
    inputs,
    process.inputs,
    join(folder, 'inputs'),
    parts.fetchReference,
    signal,
  );
  const requestedFile = join(folder, 'outputs-requested.json');
  const requested = job.requestedOutputs.map(({ identifier, mimeType }) => ({
    identifier,
    ...(mimeType ? { mimeType } : {}),
  }));
  await writeFile(requestedFile, JSON.stringify(requested, null, 2));
  const outputFolder = join(folder, 'outputs');
  const workFolder = join(folder, 'work');
  const temporaryFolder = join(folder, 'tmp');
  await Promise.all([outputFolder, workFolder, temporaryFolder].map((path) => mkdir(path)));

  const inherited = Object.fromEntries(
    Object.entries(parts.environment).filter(([name]) => reachesCommand(name, process.job)),
  );
  const processFolder = join(parts.processesFolder, process.job.image);
  const [program, ...args] = process.job.command.map((part) =>
    part.replace('{process}', processFolder),
  );
  const progress = new ProgressReporter(
    record,
    parts.log,
    parts.progressIntervalMilliseconds,
    ends.lose,
  );
  try {
    const killed = await parts.countOomKills();
    const result = await parts.runCommand(
      {
        program: program as string,
        args,
        folder: workFolder,
        environment: {
          ...inherited,
          ...process.job.environment,
          WPS_JOB_ID: job.id,
          WPS_JOB_ATTEMPT: String(run.attempt),
          WPS_INPUTS: inputsFile,
          WPS_OUTPUT_DIR: outputFolder,
          WPS_OUTPUTS_REQUESTED: requestedFile,
          // The rest of a container may be read-only.
          TMPDIR: temporaryFolder,
        },
        memoryMiB: parts.memoryMiB,
        ...(parts.onCommand ? { onStarted: parts.onCommand } : {}),
      },
      (percent, message) => progress.report(percent, message),
      signal,
      parts.log,
    );
    signal.throwIfAborted();
    if (
      result.isOutOfMemory ||
      (wasKilled(result) && isMore(await parts.countOomKills(), killed))
    ) {
      throw new JobFault(outOfMemory.text, { exitCode: outOfMemory.exitCode });
    }
    if (result.exitCode !== 0) throw faultOf(result, process);
  } finally {
    const isWritten = progress.end();
    await untilAborted(() => isWritten, ends.last);
  }
  const publish: Publish = (name, path, contentType) =>
    record.insist('publishing an output', async () => {
      const { attempt } = run;
      const stored = await parts.store.publishOutput(job.id, { attempt, name }, path, contentType);
      return { attempt, ...stored };
    });
  return await untilAborted(
    () => publishOutputs(job, outputFolder, publish, parts.inlineOutputBytes),
    ends.last,
  );
}

/** By SIGKILL, or the command's own shell says so of what it started. */
function wasKilled({ exitCode, signal }: CommandResult): boolean {
  return signal === 'SIGKILL' || exitCode === 137;
}

function isMore(count: number | undefined, before: number | undefined): boolean {
  return count !== undefined && before !== undefined && count > before;
}

function faultOf(result: CommandResult, { inputs }: ProcessDescription): JobFault {
  const how = result.signal
    ? `was ended by ${result.signal}`
    : `ended with exit code ${result.exitCode}`;
  const exitCode = result.exitCode ?? 1;
  const text = result.errorText ?? `The process ${how} without saying why.`;
  if (!isRequestFault(exitCode)) return new JobFault(text, { exitCode });
  const [, named] = /^Input "([^"]+)"/.exec(text) ?? [];
  const subject = inputs.find(({ identifier }) => identifier === named)?.identifier;
  return new JobFault(text, {
    exitCode,
    kind: 'invalid-value',
    ...(subject === undefined ? {} : { subject }),
  });
}

/** Another has the last word on the job. */
function ended(run: Run, record: RunRecord, log: Log): number {
  log.info('the job has ended, or another attempt works on it', { attempt: run.attempt });
  return notOwn(record);
}

/** Only of a job that has ended may be said that nothing is left to do. */
function notOwn(record: RunRecord): number {
  return record.isOver ? 0 : lostExitCode;
}

/**
 * SIGTERM does not say why it comes: the machine goes, the time is up, or somebody ended the job.
 * The engine knows, and ends the record or tells of the next attempt.
 */
async function stopped(run: Run, record: RunRecord, log: Log): Promise<number> {
  log.warn('job stopped', { attempt: run.attempt });
  await record.stop();
  return interruptedExitCode;
}

async function failed(run: Run, record: RunRecord, log: Log, error: unknown): Promise<number> {
  const fault = error instanceof JobFault ? error : unexpected(error);
  log.error('job failed', { attempt: run.attempt, exitCode: fault.exitCode }, error);
  if (isRequestFault(fault.exitCode) || run.attempt >= run.attempts) {
    await record.fail({
      kind: fault.kind,
      text: fault.message,
      ...(fault.subject ? { subject: fault.subject } : {}),
    });
  } else {
    await record.pause(fault.message);
  }
  // The engine's rules know these codes; a command's others could be taken for one of them.
  return isRequestFault(fault.exitCode) ? fault.exitCode : 1;
}

function unexpected(cause: unknown): JobFault {
  return isStorageFull(cause)
    ? new JobFault('There is not enough storage for the inputs and outputs of the job.', {
        exitCode: 1,
        kind: 'storage-full',
        cause,
      })
    : new JobFault('The job failed for a reason inside the service.', { exitCode: 1, cause });
}
