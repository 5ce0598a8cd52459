import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FileObjectStore } from '../../batch-jobs/api/file-object-store.ts';
import { isFinal } from '../../batch-jobs/api/job.ts';
import { DamagedRecord, readJobRecord } from '../../batch-jobs/api/job-record.ts';
import { isStray } from './damage.ts';

export interface Judgement {
  readonly succeeded: number;
  /** How many jobs failed, by what they say. */
  readonly failed: Readonly<Record<string, number>>;
  /** What is not as it must be. */
  readonly violations: readonly string[];
}

/** What a job may say that failed in this world, and why it may. */
const allowedFailures = [
  // Its runner was killed in each of its attempts.
  /ended from outside \(SIGKILL\)/,
  // The service was killed six times while it ran.
  /service was stopped while the job ran/,
  // The disk was full for as long as is waited for.
  /not enough storage/,
];

/**
 * What a job may say beside, one of whose files was damaged. Inputs that became an empty list are whole to all who
 * read them, and the program tells that it lacks one.
 */
const damaged = /file of the service was damaged|KeyError: 'message'/;

/**
 * @param accepted messages by the job that gives them back
 * @param damagedJobs jobs of which a file was damaged: they may fail for that, and may be lost
 */
export async function judge(
  folder: string,
  accepted: ReadonlyMap<string, string>,
  damagedJobs: ReadonlySet<string>,
): Promise<Judgement> {
  const violations: string[] = [];
  const failed: Record<string, number> = {};
  let succeeded = 0;
  for (const [id, message] of accepted) {
    const at = join(folder, 'jobs', id);
    const job = await recordOf(at);
    if (job === undefined || job === 'damaged') {
      if (!damagedJobs.has(id)) violations.push(`job ${id} was lost: ${job}`);
      continue;
    }
    const [output] = job.outputs;
    const isAllowed =
      allowedFailures.some((words) => words.test(job.message)) ||
      (damagedJobs.has(id) && damaged.test(job.message));
    if (!isFinal(job.status)) violations.push(`job ${id} is stuck: ${job.status}, ${job.message}`);
    else if (job.status === 'succeeded' && output) {
      succeeded++;
      const path = join(at, 'outputs', String(output.attempt), output.name);
      const content = await readFile(path, 'utf8').catch(String);
      if (content !== `${message}\n`) violations.push(`job ${id} has output ${content}`);
    } else if (isAllowed) failed[job.message] = (failed[job.message] ?? 0) + 1;
    else violations.push(`job ${id} is ${job.status}: ${job.message}`);
    const document = await readFile(join(at, 'status.xml'), 'utf8').catch(String);
    const told = job.status === 'succeeded' ? 'ProcessSucceeded' : 'ProcessFailed';
    if (!document.includes(told))
      violations.push(`job ${id} is ${job.status}, not so its document`);
  }
  // A runner whose disk failed last may have left a file that the next start of the service removes.
  await new FileObjectStore(folder).removeUnfinished(() => false);
  for (const kind of ['engine', 'unfinished', 'scratch', '.tmp']) {
    const found = await readdir(join(folder, kind)).catch(() => []);
    const left = found.filter((name) => !isStray(name));
    if (left.length > 0) violations.push(`${kind}/ still holds ${left.join(', ')}`);
  }
  return { succeeded, failed, violations };
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
