import { isFinal, type Job } from '../../batch-jobs/api/job.ts';
import { encodeExecuteResponse } from '../../lambda/protocols/wps-1.0/encode-execute-response.ts';
import { authorOf } from './author.ts';
import { hostTerminated, type SimulatedBatch } from './simulated-batch.ts';
import type { WatchedObjects } from './watched-objects.ts';
import { type Happening, isTrue } from './words.ts';

/** The parts of a calm world that the invariants inspect. */
export interface CalmWorld {
  readonly objects: WatchedObjects;
  readonly engine: SimulatedBatch;
  readonly counted: ReadonlyMap<string, number>;
  readonly happenings: ReadonlyMap<string, ReadonlySet<Happening>>;
}

/** The violated invariants of a calm world. */
export async function violationsOf(jobs: readonly Job[], world: CalmWorld): Promise<string[]> {
  const { objects, counted } = world;
  const found = [...objects.violations];
  for (const job of jobs) {
    if (!isFinal(job.status)) found.push(`job ${job.id} is still ${job.status}`);
    const document = await objects.get(`jobs/${job.id}/status.xml`);
    const expected = await encodeExecuteResponse(job, async () => []);
    if (new TextDecoder().decode(document?.body) !== expected) {
      found.push(`the status document of job ${job.id} is not that of its record`);
    }
    const [published] = job.outputs;
    const key = `jobs/${job.id}/outputs/${published?.attempt}/${published?.name}`;
    const output = await objects.get(key);
    const author = authorOf({ engineJobId: job.claim ?? '', attempt: job.attempt ?? 0 });
    if (job.status === 'succeeded' && new TextDecoder().decode(output?.body) !== author) {
      found.push(`the output of job ${job.id} is not that of the run that claims it`);
    }
    if (job.failure) found.push(...(await untrueWords(job, job.failure.text, world)));
    const times = counted.get(job.id) ?? 0;
    if (times > 1) found.push(`job ${job.id} was counted ${times} times`);
  }
  for await (const key of objects.list('unfinished/')) found.push(`${key} was left`);
  return found;
}

/** Statements about a failed job that a user reads and that are not true. */
async function untrueWords(
  job: Job,
  text: string,
  { happenings: all, engine }: CalmWorld,
): Promise<string[]> {
  const happenings = all.get(job.id) ?? new Set();
  if (!isTrue(text, happenings, job.claim !== undefined)) {
    return [`job ${job.id} is said to have failed so: ${text} (${[...happenings].join(', ')})`];
  }
  const told = await engine.describe(job.claim ?? job.engineJobId ?? '');
  const isTaken = told?.reason === hostTerminated;
  return text.includes('taken away') && told && !isTaken
    ? [`job ${job.id} did not end with its machine, but so: ${told.reason}`]
    : [];
}
