import {
  interruptedExitCode,
  isRequestFault,
  storageFullExitCode,
} from '../../batch-jobs/api/exit-codes.ts';
import { isFinal, type Job, type JobChange } from '../../batch-jobs/api/job.ts';
import { damagedFile } from '../../batch-jobs/api/job-record.ts';
import { outOfMemory } from '../../batch-jobs/api/out-of-memory.ts';
import type { EngineJob } from './job-engine.ts';

/**
 * The change that makes a record agree with what the engine says of its job; undefined if they agree.
 *
 * Runners report by themselves. This is for jobs whose runner could not report: killed, never started,
 * terminated, or lost.
 *
 * @param engineJob undefined if the engine does not know the job
 */
export function reconcile(job: Job, engineJob: EngineJob | undefined): JobChange | undefined {
  if (isFinal(job.status)) return undefined;
  if (!engineJob) {
    return failed('The job was lost before it could run. Please send the request again.');
  }
  // If a job was submitted twice, the other copy says nothing about the job.
  const own = job.claim ?? job.engineJobId ?? engineJob.engineJobId;
  if (engineJob.engineJobId !== own) return undefined;

  switch (engineJob.status) {
    case 'SUCCEEDED':
      return failed('The job ended without its outputs. Please send the request again.');
    case 'FAILED':
      return failed(inWords(engineJob));
    case 'RUNNING':
      // If the record says that the job waits, the attempt that it knows has been interrupted since.
      return job.status !== 'running' && engineJob.attempts > (job.attempt ?? 0)
        ? {
            status: 'running',
            message: 'The job starts.',
            ...(engineJob.startedAt && !job.startedAt ? { startedAt: engineJob.startedAt } : {}),
          }
        : undefined;
    case 'SUBMITTED':
    case 'PENDING':
    case 'RUNNABLE':
    case 'STARTING':
      return waiting(job, engineJob);
  }
}

/**
 * The change for a job that waits for its next attempt; a timeout or a termination leaves no next attempt.
 */
function waiting(job: Job, { attempts, reason, exitCode }: EngineJob): JobChange | undefined {
  if (job.status === 'accepted' || attempts < (job.attempt ?? 1)) return undefined;
  const why = reason?.match(serviceStopped)
    ? 'The service was stopped while the job ran'
    : reason?.match(machineTaken) || exitCode === interruptedExitCode
      ? 'The machine that ran the job was taken away'
      : undefined;
  if (job.status === 'paused' && why === undefined) return undefined;
  const message = `${why ?? 'The attempt was cut off'}; the next attempt follows.`;
  return job.status === 'paused' && job.message === message
    ? undefined
    : { status: 'paused', message };
}

function failed(text: string): JobChange {
  return { status: 'failed', message: text, failure: { kind: 'internal', text } };
}

const takenAway = 'The machine that ran the job was taken away. Please send the request again.';
const byProvider = 'The job was ended by the provider.';

const machineTaken = /Host EC2|spot|instance.*terminated/i;
const serviceStopped = /service stopped/;

/** Reasons that AWS Batch gives for failed jobs, and what they mean to a user. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/OutOfMemory|out of memory/i, outOfMemory.text],
  [
    /attempt duration exceeded timeout/i,
    'The job took longer than it may. Ask for less: a smaller area, or a shorter time.',
  ],
  [machineTaken, takenAway],
  [serviceStopped, 'The service was stopped while the job ran. Please send the request again.'],
  [
    /CannotPull|CannotCreate|CannotStart|ResourceInitialization|DockerTimeout|Task failed to start/,
    'The job could not start because its program could not be loaded. Please tell the provider.',
  ],
  [
    /MISCONFIGURATION|CAPACITY|RUNNABLE/,
    'No machine was available for the job in time. Please send the request again later.',
  ],
  [/terminated|cancel/i, byProvider],
  [/file of the job in the queue was damaged/, damagedFile],
];

/** How the local engine describes a runner that did not end by itself. */
const runnerKilled = /the runner was ended by (SIG\w+)/;

const byExitCode: ReadonlyMap<number, string> = new Map([
  // 128 + SIGKILL: the exit code of a container that runs out of memory.
  [137, outOfMemory.text],
  [interruptedExitCode, takenAway],
  [
    storageFullExitCode,
    'There was not enough storage for the job. Please send the request again later.',
  ],
]);

/** Batch's own reason for a container that ended. */
const containerEnded = /^(.*; )?Essential container in task exited$/;

/** Whether a signal ended the container for a reason that is not Batch's own, so that somebody gave it. */
function isEndedForReason(reason: string, exitCode: number | undefined): boolean {
  return (exitCode ?? 0) > 128 && reason !== '' && !containerEnded.test(reason);
}

/** Batch's reason in words that a user understands, without instance ids and ARNs. */
function inWords({ reason = '', exitCode, isTerminated }: EngineJob): string {
  const [, signal] = runnerKilled.exec(reason) ?? [];
  if (signal)
    return `The program that runs jobs was ended from outside (${signal}). Please send the request again.`;
  const known = reasons.find(([pattern]) => pattern.test(reason));
  if (known) return known[1];
  if (isTerminated || isEndedForReason(reason, exitCode)) return byProvider;
  if (exitCode === undefined) return 'The job could not be run. Please tell the provider.';
  return (
    byExitCode.get(exitCode) ??
    (isRequestFault(exitCode)
      ? `The job cannot succeed as it was asked for (exit code ${exitCode}); the reason was lost.`
      : `The job ended before it could say why (exit code ${exitCode}).`)
  );
}
