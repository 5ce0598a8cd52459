import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFinal, type JobStatus } from '../../batch-jobs/api/job.ts';
import { DamagedRecord, readJobRecord } from '../../batch-jobs/api/job-record.ts';
import { echo } from '../echo.ts';
import { isStray } from './damage.ts';
import type { Facts, JobFacts } from './facts.ts';

export interface Judgement {
  readonly succeeded: number;
  /** Number of failed jobs, by message. */
  readonly failed: Readonly<Record<string, number>>;
  /** Violated invariants. */
  readonly violations: readonly string[];
}

/** Attempts of the process that the world runs, and the crashes of the service that a job may survive. */
const attempts = echo.job.attempts;
const mostCrashes = 5;

/**
 * Messages of failed jobs in this world, each with the condition that must be true of that very job. A
 * damaged file explains only its own messages.
 */
const allowedFailures: readonly (readonly [RegExp, (facts: JobFacts) => boolean])[] = [
  [/ended from outside \(SIGKILL\)/, ({ runnerKills }) => runnerKills >= attempts],
  [/service was stopped while the job ran/, ({ crashes }) => crashes > mostCrashes],
  [/not enough storage/, ({ sawFullDisk }) => sawFullDisk],
  [
    /file of the service was damaged/,
    ({ damaged }) => damaged.has('queue') || damaged.has('inputs'),
  ],
  // Every reader accepts an empty list, so the program itself reports what is missing.
  [/KeyError: 'message'/, ({ damaged }) => damaged.has('inputs')],
];

/**
 * @param accepted messages of the accepted jobs, by job; each job returns its message
 * @param facts the world's actions on each job
 */
export async function judge(
  folder: string,
  accepted: ReadonlyMap<string, string>,
  facts: Facts,
): Promise<Judgement> {
  const violations: string[] = [];
  const failed: Record<string, number> = {};
  let succeeded = 0;
  for (const [id, message] of accepted) {
    const at = join(folder, 'jobs', id);
    const job = await recordOf(at);
    const { damaged, told } = facts.of(id);
    if (job === undefined || job === 'damaged') {
      if (!damaged.has('record')) violations.push(`job ${id} was lost: ${job}`);
      continue;
    }
    const [output] = job.outputs;
    const isAllowed = allowedFailures.some(
      ([words, hasHappened]) => words.test(job.message) && hasHappened(facts.of(id)),
    );
    if (!isFinal(job.status)) violations.push(`job ${id} is stuck: ${job.status}, ${job.message}`);
    else if (job.status === 'succeeded' && output) {
      succeeded++;
      const path = join(at, 'outputs', String(output.attempt), output.name);
      const content = await readFile(path, 'utf8').catch(String);
      if (content !== `${message}\n`) violations.push(`job ${id} has output ${content}`);
    } else if (job.status === 'failed' && isAllowed) {
      failed[job.message] = (failed[job.message] ?? 0) + 1;
    } else {
      const { runnerKills, crashes, sawFullDisk } = facts.of(id);
      const happened = JSON.stringify({ runnerKills, crashes, sawFullDisk, damaged: [...damaged] });
      violations.push(`job ${id} is ${job.status}: ${job.message} ${happened}`);
    }
    for (const word of told) {
      if (word !== wordOf(job.status))
        violations.push(`job ${id}: a client was told ${word} before`);
    }
  }
  violations.push(...(await judgeAll(folder, facts)));
  for (const kind of ['engine', 'unfinished', 'scratch', '.tmp']) {
    const found = await readdir(join(folder, kind)).catch(() => []);
    const left = found.filter((name) => !isStray(name));
    if (left.length > 0) violations.push(`${kind}/ still holds ${left.join(', ')}`);
  }
  return { succeeded, failed, violations };
}

/**
 * Judges all jobs, including those that no client knows: each has ended, and its document matches its record.
 */
async function judgeAll(folder: string, facts: Facts): Promise<string[]> {
  const violations: string[] = [];
  for (const id of await readdir(join(folder, 'jobs'))) {
    if (isStray(id)) continue;
    const at = join(folder, 'jobs', id);
    const job = await recordOf(at);
    if (job === 'damaged' && !facts.of(id).damaged.has('record')) {
      violations.push(`the record of job ${id} is damaged`);
    }
    if (job === undefined || job === 'damaged') continue;
    if (!isFinal(job.status)) violations.push(`job ${id} is stuck: ${job.status}, ${job.message}`);
    const document = await readFile(join(at, 'status.xml'), 'utf8').catch(String);
    if (!document.includes(wordOf(job.status))) {
      violations.push(`job ${id} is ${job.status}, not so its document`);
    }
  }
  return violations;
}

function wordOf(status: JobStatus): string {
  return status === 'succeeded' ? 'ProcessSucceeded' : 'ProcessFailed';
}

async function recordOf(folder: string) {
  const text = await readFile(join(folder, 'job.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return readJobRecord(text);
  } catch (error) {
    if (error instanceof DamagedRecord) return 'damaged';
    throw error;
  }
}
