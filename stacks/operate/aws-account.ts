import { BatchClient } from '@aws-sdk/client-batch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type SharedNames, sharedNames } from '../names.ts';
import type { EnvironmentTarget } from './target.ts';
import { OperatorFault } from './terminal.ts';

/**
 * The AWS account of an environment: clients with the operator's own credentials, and the names of its
 * resources.
 */
export interface AwsAccount {
  readonly environment: string;
  readonly region: string;
  readonly id: string;
  readonly shared: SharedNames;
  readonly batch: BatchClient;
  readonly ec2: EC2Client;
  readonly ecr: ECRClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly s3: S3Client;
  readonly ssm: SSMClient;
  /** A name as the stacks give it: `wps-prod-requests`. */
  name(part: string): string;
  readonly configurationBucket: string;
  readonly outputBucket: string;
}

/** @throws {OperatorFault} if there are no credentials, or they belong to another account */
export async function openAccount({ environment }: EnvironmentTarget): Promise<AwsAccount> {
  const { account, name } = environment;
  const { region, prefix } = account;
  const settings = { region, maxAttempts: 4 };
  const id = await new STSClient(settings).send(new GetCallerIdentityCommand({})).then(
    ({ Account = '' }) => Account,
    (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new OperatorFault(
        `AWS does not accept the credentials (${why}). Log in, or name a profile: AWS_PROFILE.`,
      );
    },
  );
  if (account.id !== undefined && account.id !== id) {
    throw new OperatorFault(
      `The credentials are of account ${id}, and ${name} is in ${account.id}. Name another profile: AWS_PROFILE.`,
    );
  }
  const named = (part: string) => `${prefix}-${name.toLowerCase()}-${part}`;
  return {
    environment: name,
    region,
    id,
    shared: sharedNames(prefix),
    batch: new BatchClient(settings),
    ec2: new EC2Client(settings),
    ecr: new ECRClient(settings),
    events: new EventBridgeClient(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    s3: new S3Client(settings),
    ssm: new SSMClient(settings),
    name: named,
    configurationBucket: `${prefix}-configuration-${id}-${region}`,
    outputBucket: `${named('outputs')}-${id}-${region}`,
  };
}

/** The name of an AWS error, such as `NoSuchKey`. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** The result of a call, or undefined if AWS answers with one of these error names. */
export async function ifThere<T>(
  call: Promise<T>,
  ...names: readonly string[]
): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (names.includes(errorName(error))) return undefined;
    throw error;
  }
}
