import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { interruptedExitCode, isRequestFault } from '../api/exit-codes.ts';
import { isFinal, type Job, type JobFailure } from '../api/job.ts';
import type { JobStore } from '../api/job-store.ts';
import type { Log } from '../api/log.ts';
import type { ProcessDescription } from '../api/process-description.ts';
import { isStorageFull } from '../api/storage-full.ts';
import { JobFault } from './job-fault.ts';
import { type FetchReference, materialiseInputs } from './materialise-inputs.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { publishOutputs } from './publish-outputs.ts';
import { runCommand } from './run-command.ts';

export interface Run {
  readonly jobId: string;
  /** The engine's name for this run's job; the claim is made under it. */
  readonly engineJobId: string;
  /** This attempt, from 1, and how many there may be. */
  readonly attempt: number;
  readonly attempts: number;
}

export interface RunnerParts {
  readonly store: JobStore;
  readonly findProcess: (identifier: string) => ProcessDescription | undefined;
  /** Folder that holds a folder for each process, with its command. */
  readonly processesFolder: string;
  readonly scratchFolder: string;
  /** Variables the command inherits. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetchReference: FetchReference;
  /** Largest output kept for the status document itself, in bytes. */
  readonly inlineOutputBytes: number;
  readonly progressIntervalMilliseconds: number;
  readonly log: Log;
  readonly now: () => Date;
}

/**
 * Runs one attempt of a job: claims it, lays its inputs out, runs the process's command, publishes
 * what it left, and only then reports success.
 *
 * @param signal aborted when the host is about to go (SIGTERM)
 * @returns the exit code for the engine: 0 done, 64-78 the request is at fault, others try again
 */
export async function runJob(run: Run, parts: RunnerParts, signal: AbortSignal): Promise<number> {
  const { store, log } = parts;
  const job = await claim(run, parts);
  if (!job) return 0;
  try {
    const outputs = await inScratchFolder(parts.scratchFolder, (folder) =>
      execute(job, run, folder, parts, signal),
    );
    await store.update(run.jobId, (now) =>
      isFinal(now.status)
        ? undefined
        : {
            status: 'succeeded',
            message: 'The outputs are ready.',
            percentCompleted: 100,
            outputs,
          },
    );
    log.info('job succeeded', { attempt: run.attempt });
    return 0;
  } catch (error) {
    if (signal.aborted) return await interrupted(run, parts);
    return await failed(run, parts, error);
  }
}

/** Undefined when there is nothing to do: the job has ended, or another run works on it. */
async function claim(run: Run, parts: RunnerParts): Promise<Job | undefined> {
  const at = parts.now().toISOString();
  const { job } = await parts.store.update(run.jobId, (job) => {
    if (isFinal(job.status)) return undefined;
    if (job.claim !== undefined && job.claim !== run.engineJobId) return undefined;
    if ((job.attempt ?? 0) > run.attempt) return undefined;
    return {
      status: 'running',
      message: run.attempt > 1 ? `The job runs again, attempt ${run.attempt}.` : 'The job runs.',
      claim: run.engineJobId,
      attempt: run.attempt,
      percentCompleted: 0,
      startedAt: job.startedAt ?? at,
    };
  });
  if (!isFinal(job.status) && isOwn(job, run)) return job;
  parts.log.info('nothing to do', { status: job.status, claim: job.claim });
  return undefined;
}

async function execute(
  job: Job,
  run: Run,
  folder: string,
  parts: RunnerParts,
  signal: AbortSignal,
) {
  const process = parts.findProcess(job.process.identifier);
  if (!process) {
    throw new JobFault(`The process "${job.process.identifier}" is no longer offered.`, {
      exitCode: 70,
    });
  }
  const inputs = await parts.store.readInputs(job.id);
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
  await Promise.all([mkdir(outputFolder), mkdir(workFolder)]);

  const processFolder = join(parts.processesFolder, process.job.image);
  const [program, ...args] = process.job.command.map((part) =>
    part.replace('{process}', processFolder),
  );
  const progress = new ProgressReporter(
    parts.store,
    job.id,
    parts.log,
    parts.progressIntervalMilliseconds,
  );
  try {
    const result = await runCommand(
      {
        program: program as string,
        args,
        folder: workFolder,
        environment: {
          ...parts.environment,
          ...process.job.environment,
          WPS_JOB_ID: job.id,
          WPS_JOB_ATTEMPT: String(run.attempt),
          WPS_INPUTS: inputsFile,
          WPS_OUTPUT_DIR: outputFolder,
          WPS_OUTPUTS_REQUESTED: requestedFile,
        },
      },
      (percent, message) => progress.report(percent, message),
      signal,
      parts.log,
    );
    signal.throwIfAborted();
    if (result.exitCode !== 0) throw faultOf(result);
  } finally {
    await progress.end();
  }
  return await publishOutputs(job, outputFolder, parts.store, parts.inlineOutputBytes);
}

function faultOf(result: Awaited<ReturnType<typeof runCommand>>): JobFault {
  const how = result.signal
    ? `was ended by ${result.signal}`
    : `ended with exit code ${result.exitCode}`;
  const exitCode = result.exitCode ?? 1;
  return new JobFault(result.errorText ?? `The process ${how} without saying why.`, {
    exitCode,
    ...(isRequestFault(exitCode) ? { code: 'InvalidParameterValue' } : {}),
  });
}

/** The host is about to go: the record says so, and another attempt may follow. */
async function interrupted(run: Run, parts: RunnerParts): Promise<number> {
  parts.log.warn('job interrupted', { attempt: run.attempt });
  if (run.attempt >= run.attempts) {
    await end(run, parts, {
      code: 'NoApplicableCode',
      text: `The machine that ran the job was taken away, on its last of ${run.attempts} attempts. Please send the request again.`,
    });
  } else {
    await pause(run, parts, 'The machine that ran the job was taken away.');
  }
  return interruptedExitCode;
}

async function failed(run: Run, parts: RunnerParts, error: unknown): Promise<number> {
  const fault = error instanceof JobFault ? error : unexpected(error);
  parts.log.error('job failed', { attempt: run.attempt, exitCode: fault.exitCode }, error);
  if (isRequestFault(fault.exitCode) || run.attempt >= run.attempts) {
    await end(run, parts, {
      code: fault.code,
      text: fault.message,
      ...(fault.locator ? { locator: fault.locator } : {}),
    });
  } else {
    await pause(run, parts, fault.message);
  }
  return fault.exitCode;
}

function unexpected(cause: unknown): JobFault {
  return isStorageFull(cause)
    ? new JobFault('There is not enough storage for the inputs and outputs of the job.', {
        exitCode: 1,
        code: 'NotEnoughStorage',
        cause,
      })
    : new JobFault('The job failed for a reason inside the service.', { exitCode: 1, cause });
}

async function end(run: Run, parts: RunnerParts, failure: JobFailure): Promise<void> {
  await parts.store.update(run.jobId, (job) =>
    isFinal(job.status) || !isOwn(job, run)
      ? undefined
      : { status: 'failed', message: failure.text, failure },
  );
}

async function pause(run: Run, parts: RunnerParts, why: string): Promise<void> {
  await parts.store.update(run.jobId, (job) =>
    job.status === 'running' && isOwn(job, run)
      ? {
          status: 'paused',
          message: `${why} Attempt ${run.attempt} of ${run.attempts} ended; the next one follows.`,
        }
      : undefined,
  );
}

/** A run that was cut off may still write while the next attempt runs; the record is not its own. */
function isOwn(job: Job, run: Run): boolean {
  return job.claim === run.engineJobId && job.attempt === run.attempt;
}

async function inScratchFolder<T>(
  parent: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'job-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
