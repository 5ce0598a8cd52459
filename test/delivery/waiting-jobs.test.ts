import { BatchClient } from '@aws-sdk/client-batch';
import { expect, it } from 'vitest';
import { queuesThatGo, refuseToLoseJobs } from '../../stacks/deliver/waiting-jobs.ts';

const change = (type: string, actions: string[], name: string | null) => ({
  type,
  change: { actions, before: name === null ? null : { name } },
});
const plan = {
  resource_changes: [
    change('aws_batch_job_queue', ['create', 'delete'], 'wps-dev-small'),
    change('aws_batch_job_queue', ['delete'], 'wps-dev-large'),
    change('aws_batch_job_queue', ['update'], 'wps-dev-timeseries'),
    change('aws_batch_job_queue', ['create'], null),
    change('aws_s3_object', ['delete'], 'a file'),
  ],
};

it('a plan deletes the queues that it replaces or removes', () => {
  expect(queuesThatGo(plan)).toEqual(['wps-dev-small', 'wps-dev-large']);
});

it('a plan that deletes no queue asks AWS Batch for nothing', async () => {
  const client = (): BatchClient => {
    throw new Error('was asked for');
  };
  await refuseToLoseJobs({}, 'ap-southeast-2', client);
});

it('a plan that deletes queues with unfinished jobs is refused, saying which queues and how many jobs', async () => {
  const jobs: Readonly<Record<string, number>> = {
    'wps-dev-small RUNNABLE': 2,
    'wps-dev-small RUNNING': 1,
  };
  const client = new BatchClient({ region: 'ap-southeast-2' });
  client.middlewareStack.add(
    (_next) => async (args) => {
      const { jobQueue, jobStatus } = args.input as { jobQueue: string; jobStatus: string };
      const count = jobs[`${jobQueue} ${jobStatus}`] ?? 0;
      return { output: { $metadata: {}, jobSummaryList: Array(count).fill({}) }, response: {} };
    },
    { step: 'initialize', priority: 'high' },
  );
  await expect(refuseToLoseJobs(plan, 'ap-southeast-2', () => client)).rejects.toThrow(
    /would end them: wps-dev-small \(2 RUNNABLE, 1 RUNNING\)\. Let them run empty first/,
  );
});
