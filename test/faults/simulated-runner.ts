import { join } from 'node:path';
import { interruptedExitCode } from '../../batch-jobs/api/exit-codes.ts';
import { isFinal } from '../../batch-jobs/api/job.ts';
import type { JobStore } from '../../batch-jobs/api/job-store.ts';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { runJob } from '../../batch-jobs/runner/run-job.ts';
import type { Run } from '../../batch-jobs/runner/run-record.ts';
import type { StoreFaults } from '../faulty-object-store.ts';
import { authorOf } from './author.ts';
import { type Behaviour, simulatedCommand } from './command.ts';
import { answering as answeredBy, type Faults, Killed, NoAnswer } from './fault.ts';
import { type AttemptEnd, endings, hostTerminated, type Machine } from './simulated-batch.ts';
import type { WatchedObjects } from './watched-objects.ts';
import type { Happening } from './words.ts';

/** One attempt of a runner. */
export interface Attempt {
  readonly faults: Faults;
  /** What its command does. Without it, the command succeeds. */
  readonly behaviour?: Behaviour;
  readonly isSilent?: boolean;
  /** Turns after which a command that keeps running is timed out. Without it, never. */
  readonly timeoutTurns?: number;
}

export interface SimulatedRunnerParts {
  readonly attempt: Attempt;
  readonly process: ProcessDescription;
  readonly objects: WatchedObjects;
  readonly storeOver: (faults: StoreFaults) => JobStore;
  readonly scratch: string;
  /** The time at which it begins, in milliseconds. */
  readonly now: number;
  readonly onHappening: (happening: Happening) => void;
}

/** How long a runner's SDK waits for a call that never answers, including all retries. */
const silenceMilliseconds = 100_000;

/** Turns for which a command may continue after its job has ended. */
const turnsAfterEnd = 20_000;

const machines = 16;

/**
 * One attempt: the real runner with a replaced command, over a store with faults.
 *
 * @returns the end of the attempt as Batch sees it
 */
export async function simulatedRunner(
  run: Run,
  machine: Machine,
  { attempt, process, objects, storeOver, scratch, now: begun, onHappening }: SimulatedRunnerParts,
): Promise<AttemptEnd> {
  const { jobId } = run;
  const {
    faults,
    behaviour = 'succeeds',
    isSilent = false,
    timeoutTurns = Number.POSITIVE_INFINITY,
  } = attempt;
  const wasOver = isFinal((await objects.record(jobId))?.status ?? 'accepted');
  let isKilled = false;
  let oomKills = 0;
  // Each waiting actor moves the world's clock ahead. With that clock, a runner would time out on the waits
  // of others.
  let now = begun;
  machine.lost.then(() => onHappening('lost'));
  const answering = answeredBy(faults, async () => {
    // A runner that received SIGTERM has to end by itself before the SDK gives up.
    if (machine.stopped.aborted) await new Promise<never>(() => {});
    now += silenceMilliseconds;
    throw new NoAnswer();
  });
  const noted: StoreFaults = {
    ...answering,
    before: async (operation, key) => {
      if (isKilled) throw new Killed();
      if (operation === 'upload' && wasOver)
        objects.violations.push(`job ${jobId} was over and published`);
      try {
        await answering.before?.(operation, key);
      } catch (error) {
        isKilled ||= error instanceof Killed;
        throw error;
      }
    },
  };
  const log = jsonLog((line) => {
    // The store did not answer for as long as the runner waits.
    if (line.includes('"job failed"') && line.includes('no answer')) {
      onHappening('unanswered');
    }
    if (line.includes('how the attempt ended was not reported')) {
      onHappening('cannotReport');
    }
  });
  const exitCode = await runJob(
    run,
    {
      store: storeOver(noted),
      findProcess: () => process,
      processesFolder: scratch,
      // A few jobs share each machine.
      scratchFolder: join(scratch, String(begun % machines)),
      environment: {},
      fetchReference: async () => undefined,
      inlineOutputBytes: 0,
      progressIntervalMilliseconds: 1,
      watchIntervalMilliseconds: 1,
      runCommand: async (command, onProgress, signal) => {
        if (wasOver) objects.violations.push(`job ${jobId} was over and its command ran`);
        onHappening(behaviour);
        return await simulatedCommand(command, onProgress, signal, {
          behaviour,
          isSilent,
          output: authorOf(run),
          onOutOfMemory: () => {
            oomKills++;
          },
          endsNow: endsNow(jobId, machine, timeoutTurns, objects),
        });
      },
      countOomKills: async () => oomKills,
      log,
      now: () => new Date(now),
      monotonic: () => now,
      wait: async (milliseconds) => {
        now += milliseconds;
        await turns(Math.min(100, milliseconds / 100));
      },
    },
    machine.stopped,
  ).catch((error) => {
    log.error('how the attempt ended was not reported', {}, error);
    return machine.stopped.aborted ? interruptedExitCode : 1;
  });
  const happening = Object.entries(endings).find(
    ([, { reason }]) => reason === machine.ending?.reason,
  );
  if (happening) onHappening(happening[0] as Happening);
  if (!isKilled) return { exitCode };
  if (machine.ending) return { exitCode: 137 };
  onHappening('lost');
  return { reason: hostTerminated };
}

/** A command that keeps running may be timed out. If its job ends first, the runner must end it. */
function endsNow(
  jobId: string,
  machine: Machine,
  timeoutTurns: number,
  objects: WatchedObjects,
): (turn: number) => Promise<boolean> {
  let overAt: number | undefined;
  return async (turn) => {
    if (turn % 100 !== 0) return false;
    if (overAt === undefined && isFinal((await objects.record(jobId))?.status ?? 'accepted')) {
      overAt = turn;
    }
    if (overAt === undefined) {
      if (turn >= timeoutTurns) machine.stop(endings.timedOut);
      return false;
    }
    if (turn - overAt < turnsAfterEnd) return false;
    objects.violations.push(`job ${jobId} was over and its command went on`);
    return true;
  };
}

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
}
