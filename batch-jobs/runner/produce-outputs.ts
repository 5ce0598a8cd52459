import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reachesCommand } from '../api/command-variables.ts';
import { isRequestFault } from '../api/exit-codes.ts';
import type { Job, PublishedOutput } from '../api/job.ts';
import { whenFilesCanBeOpened } from '../api/open-files.ts';
import { outOfMemory } from '../api/out-of-memory.ts';
import type { ProcessDescription } from '../api/process-description.ts';
import { untilAborted } from '../api/until-aborted.ts';
import type { Ends } from './ends.ts';
import { JobFault } from './job-fault.ts';
import { type FetchReference, materialiseInputs } from './materialise-inputs.ts';
import { ProgressReporter } from './progress-reporter.ts';
import { type Publish, publishOutputs } from './publish-outputs.ts';
import { readOwnOutput } from './read-own-output.ts';
import type { Command, CommandResult, runCommand } from './run-command.ts';
import type { Run, RunRecord, RunRecordDependencies } from './run-record.ts';
import { withTypeScriptLoader } from './typescript-loader.ts';

export interface CommandDependencies extends RunRecordDependencies {
  readonly findProcess: (identifier: string) => ProcessDescription | undefined;
  /** Folder that contains a folder for each process, with its command. */
  readonly processesFolder: string;
  /** Variables of the container; the command inherits some (`command-variables.ts`). */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly fetchReference: FetchReference;
  /** Largest output stored in the record itself, in bytes. */
  readonly inlineOutputBytes: number;
  readonly progressIntervalMilliseconds: number;
  /** Memory that the command may use, if no container limits it. */
  readonly memoryMiB?: number | undefined;
  /** Called with the ID of the command's process, which leads a process group. */
  readonly onCommand?: (pid: number) => void;
  readonly runCommand: typeof runCommand;
  /** How many processes the kernel has killed so far because of memory, if it reports that. */
  readonly countOomKills: () => Promise<number | undefined>;
}

/** A run that has claimed its job. */
export interface Attempt<Dependencies extends CommandDependencies = CommandDependencies> {
  readonly run: Run;
  readonly record: RunRecord;
  readonly ends: Ends;
  readonly dependencies: Dependencies;
}

/** Absolute paths of the files and folders for the command. */
interface ScratchLayout {
  readonly inputsFile: string;
  readonly requestedFile: string;
  readonly outputFolder: string;
  readonly workFolder: string;
  readonly temporaryFolder: string;
}

export interface Produced {
  readonly outputs: readonly PublishedOutput[];
  /** Warnings of a command that succeeded. */
  readonly warnings: readonly string[];
}

/**
 * Writes the inputs of a job, runs its process's command, and publishes the outputs.
 *
 * @param folder used by this attempt only
 * @throws {JobFault} if the command fails or cannot be run
 */
export async function produceOutputs(
  job: Job,
  folder: string,
  attempt: Attempt,
): Promise<Produced> {
  const process = attempt.dependencies.findProcess(job.process.identifier);
  if (!process) {
    throw new JobFault(`The process "${job.process.identifier}" is no longer offered.`, {
      exitCode: 70,
    });
  }
  const layout = await layOut(job, process, folder, attempt);
  const command = commandOf(job, process, layout, attempt);
  const { warnings = [] } = await runToEnd(command, process, attempt);
  return { outputs: await publish(job, layout.outputFolder, attempt), warnings };
}

async function layOut(
  job: Job,
  process: ProcessDescription,
  folder: string,
  { dependencies, record, ends }: Attempt,
): Promise<ScratchLayout> {
  const signal = ends.either;
  const inputs = await untilAborted(
    () => record.insist('reading the inputs', () => dependencies.store.readInputs(job.id)),
    signal,
  );
  const inputsFile = await materialiseInputs(
    inputs,
    process.inputs,
    join(folder, 'inputs'),
    async (reference, input, untilThen) => {
      const { ownOutput } = reference;
      if (ownOutput) await readOwnOutput(dependencies.store, ownOutput, input, untilThen);
      else await dependencies.fetchReference(reference, input, untilThen);
    },
    signal,
  );
  const requestedFile = join(folder, 'outputs-requested.json');
  const requested = job.requestedOutputs.map(({ identifier, mimeType }) => ({
    identifier,
    ...(mimeType ? { mimeType } : {}),
  }));
  await whenFilesCanBeOpened(() => writeFile(requestedFile, JSON.stringify(requested, null, 2)));
  const folders = {
    outputFolder: join(folder, 'outputs'),
    workFolder: join(folder, 'work'),
    temporaryFolder: join(folder, 'tmp'),
  };
  await Promise.all(Object.values(folders).map((path) => mkdir(path)));
  return { inputsFile, requestedFile, ...folders };
}

function commandOf(
  job: Job,
  process: ProcessDescription,
  { inputsFile, requestedFile, outputFolder, workFolder, temporaryFolder }: ScratchLayout,
  { run, dependencies }: Attempt,
): Command {
  const inherited = Object.fromEntries(
    Object.entries(dependencies.environment).filter(([name]) => reachesCommand(name, process.job)),
  );
  const processFolder = join(dependencies.processesFolder, process.job.image);
  const inFolder = (part: string) => part.replace('{process}', processFolder);
  const [first, ...others] = process.job.command;
  const program = inFolder(first);
  return {
    program,
    args: withTypeScriptLoader(program, others.map(inFolder)),
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
    memoryMiB: dependencies.memoryMiB,
    ...(dependencies.onCommand ? { onStarted: dependencies.onCommand } : {}),
  };
}

/** @throws {JobFault} unless the command succeeds */
async function runToEnd(
  command: Command,
  process: ProcessDescription,
  { record, ends, dependencies }: Attempt,
): Promise<CommandResult> {
  const { log, progressIntervalMilliseconds, countOomKills, runCommand } = dependencies;
  const signal = ends.either;
  const progress = new ProgressReporter(record, log, progressIntervalMilliseconds, ends.lose);
  try {
    const killed = await countOomKills();
    const result = await runCommand(
      command,
      (percent, message) => progress.report(percent, message),
      signal,
      log,
    );
    signal.throwIfAborted();
    const isOutOfMemory =
      result.isOutOfMemory || (wasKilled(result) && isMore(await countOomKills(), killed));
    if (isOutOfMemory) throw new JobFault(outOfMemory.text, { exitCode: outOfMemory.exitCode });
    if (result.exitCode !== 0) throw faultOf(result, process);
    return result;
  } finally {
    const isWritten = progress.end();
    await untilAborted(() => isWritten, ends.last);
  }
}

async function publish(
  job: Job,
  folder: string,
  { run: { attempt }, record, ends, dependencies }: Attempt,
): Promise<PublishedOutput[]> {
  const { store, inlineOutputBytes } = dependencies;
  const upload: Publish = (name, path, contentType) =>
    record.insist('publishing an output', async () => {
      const stored = await store.publishOutput(job.id, { attempt, name }, path, contentType);
      return { attempt, ...stored };
    });
  return await untilAborted(
    () => publishOutputs(job, folder, upload, inlineOutputBytes),
    ends.last,
  );
}

/** The command was killed by SIGKILL, or its shell reports that for a program it started. */
function wasKilled({ exitCode, signal }: CommandResult): boolean {
  return signal === 'SIGKILL' || exitCode === 137;
}

function isMore(count: number | undefined, before: number | undefined): boolean {
  return (count ?? 0) > (before ?? Number.POSITIVE_INFINITY);
}

function faultOf(result: CommandResult, { inputs }: ProcessDescription): JobFault {
  const how = result.signal
    ? `was ended by ${result.signal}`
    : `ended with exit code ${result.exitCode}`;
  const exitCode = result.exitCode ?? 1;
  const text =
    result.errorText ??
    `The process ${how}${result.lastWords ? `: ${result.lastWords}` : ' without saying why.'}`;
  if (!isRequestFault(exitCode)) return new JobFault(text, { exitCode });
  const [, named] = /^Input "([^"]+)"/.exec(text) ?? [];
  const subject = inputs.find(({ identifier }) => identifier === named)?.identifier;
  return new JobFault(text, { exitCode, kind: 'invalid-value', subject });
}
