import { paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import type { AwsAccount } from '../aws-account.ts';
import type { ProcessDefinition } from './check-images.ts';
import { broken, type Finding, ok } from './finding.ts';

/** Checks that the log groups of jobs exist: Batch starts no container whose log group is missing. */
export async function checkLogs(
  { logs: client, environment }: AwsAccount,
  definitions: readonly ProcessDefinition[],
): Promise<readonly Finding[]> {
  const groups = new Set(
    definitions.flatMap(
      ({ definition }) =>
        definition?.containerProperties?.logConfiguration?.options?.['awslogs-group'] ?? [],
    ),
  );
  return await Promise.all(
    [...groups].map(async (group) =>
      (await isThere(client, group))
        ? ok(`log ${group}`, 'it is there')
        : broken(
            `log ${group}`,
            'it is not there, and no container of a job starts',
            `npx cdktf deploy ${environment}`,
          ),
    ),
  );
}

async function isThere(client: AwsAccount['logs'], group: string): Promise<boolean> {
  for await (const { logGroups = [] } of paginateDescribeLogGroups(
    { client },
    { logGroupNamePrefix: group },
  )) {
    if (logGroups.some(({ logGroupName }) => logGroupName === group)) return true;
  }
  return false;
}
