import { BatchClient, JobStatus, paginateListJobs } from '@aws-sdk/client-batch';
import { z } from 'zod';

/** The states, in AWS Batch, of jobs that have not ended. */
export const unfinishedStates = [
  JobStatus.SUBMITTED,
  JobStatus.PENDING,
  JobStatus.RUNNABLE,
  JobStatus.STARTING,
  JobStatus.RUNNING,
] as const;

/** How many jobs of a queue are in each state before the end. */
export async function unfinishedJobs(
  client: BatchClient,
  jobQueue: string,
): Promise<Readonly<Record<string, number>>> {
  const counted = await Promise.all(
    unfinishedStates.map(async (jobStatus): Promise<[string, number]> => {
      let count = 0;
      for await (const { jobSummaryList = [] } of paginateListJobs(
        { client },
        { jobQueue, jobStatus },
      )) {
        count += jobSummaryList.length;
      }
      return [jobStatus, count];
    }),
  );
  return Object.fromEntries(counted);
}

/** From Terraform's JSON of a plan. Source: Terraform documentation, "JSON Output Format" */
const planSchema = z.object({
  resource_changes: z
    .array(
      z.object({
        type: z.string(),
        change: z.object({
          actions: z.array(z.string()),
          before: z.record(z.string(), z.unknown()).nullable(),
        }),
      }),
    )
    .default([]),
});

/**
 * Names of the job queues that a plan deletes. AWS Batch ends all waiting and running jobs of a deleted
 * queue.
 *
 * @param plan as `terraform show -json` prints it
 */
export function queuesThatGo(plan: unknown): readonly string[] {
  return planSchema
    .parse(plan)
    .resource_changes.filter(
      ({ type, change }) => type === 'aws_batch_job_queue' && change.actions.includes('delete'),
    )
    .flatMap(({ change }) => (change.before ? [String(change.before['name'])] : []));
}

/**
 * @param plan as `terraform show -json` prints it
 * @throws if a queue that the plan deletes has unfinished jobs, saying how many
 */
export async function refuseToLoseJobs(
  plan: unknown,
  region: string,
  clientOf = (where: string) => new BatchClient({ region: where }),
): Promise<void> {
  const lost: string[] = [];
  for (const queue of queuesThatGo(plan)) {
    const found = await unfinishedJobs(clientOf(region), queue);
    const jobs = Object.entries(found).filter(([, count]) => count > 0);
    if (jobs.length === 0) continue;
    lost.push(`${queue} (${jobs.map(([state, count]) => `${count} ${state}`).join(', ')})`);
  }
  if (lost.length === 0) return;
  throw new Error(
    `the plan deletes queues with jobs that have not ended, and AWS Batch would end them: ${lost.join('; ')}. Let them run empty first (docs/runbooks/changing-a-queue.md), or deploy with --lose-jobs`,
  );
}
