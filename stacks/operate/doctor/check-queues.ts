import {
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  type JobQueueDetail,
} from '@aws-sdk/client-batch';
import { queueClasses } from '../../../batch-jobs/api/process-description.ts';
import type { AwsConfiguration } from '../../../lambda/configuration/configuration.ts';
import type { AwsAccount } from '../aws-account.ts';
import { broken, type Finding, ok } from './finding.ts';

/** Checks that each queue of the configuration accepts jobs and has machines to run them. */
export async function checkQueues(
  account: AwsAccount,
  { queues }: AwsConfiguration,
): Promise<readonly Finding[]> {
  const names = [...new Set(queueClasses.map((each) => queues[each]))];
  const { jobQueues = [] } = await account.batch.send(
    new DescribeJobQueuesCommand({ jobQueues: names }),
  );
  const found = await Promise.all(
    names.map((name) => {
      const queue = jobQueues.find((each) => [each.jobQueueArn, each.jobQueueName].includes(name));
      return checkQueue(account, name.split('/').at(-1) ?? name, queue);
    }),
  );
  return found.flat();
}

async function checkQueue(
  { batch, environment }: AwsAccount,
  name: string,
  queue: JobQueueDetail | undefined,
): Promise<readonly Finding[]> {
  const subject = `queue ${name}`;
  const deploy = `npx cdktf deploy ${environment}`;
  if (!queue) return [broken(subject, 'it is not there, and its jobs are refused', deploy)];
  if (queue.state !== 'ENABLED') {
    return [
      broken(
        subject,
        'it is disabled: Batch takes no job for it',
        `aws batch update-job-queue --job-queue ${name} --state ENABLED`,
      ),
    ];
  }
  if (queue.status !== 'VALID') {
    return [broken(subject, `it is ${queue.status}: ${queue.statusReason ?? ''}`, deploy)];
  }
  const computeEnvironments = (queue.computeEnvironmentOrder ?? []).flatMap(
    ({ computeEnvironment }) => computeEnvironment ?? [],
  );
  const { computeEnvironments: machines = [] } = await batch.send(
    new DescribeComputeEnvironmentsCommand({ computeEnvironments }),
  );
  const found = machines.flatMap(
    ({ computeEnvironmentName: machine = '', state, status, statusReason }) => {
      if (state !== 'ENABLED') {
        return broken(
          subject,
          `its machines ${machine} are disabled: jobs wait for ever`,
          `aws batch update-compute-environment --compute-environment ${machine} --state ENABLED`,
        );
      }
      return status === 'VALID'
        ? []
        : broken(subject, `its machines ${machine} are ${status}: ${statusReason ?? ''}`, deploy);
    },
  );
  if (machines.length === 0) found.push(broken(subject, 'it has no machines', deploy));
  return found.length > 0 ? found : [ok(subject, 'it takes jobs and has machines')];
}
