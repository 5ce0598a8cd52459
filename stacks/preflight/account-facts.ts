import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';

/** A question that could not be answered, and why. */
export interface Unknown {
  readonly unknown: string;
}

/** The resources and limits of an account in a region, as far as they could be read. */
export interface AccountFacts {
  readonly id: string | Unknown;
  /** Names (tag `Name`) of the existing VPCs; empty strings for those without a name. */
  readonly vpcs: readonly string[] | Unknown;
  readonly vpcQuota: number | Unknown;
  /** vCPUs of standard instances that may run at the same time. */
  readonly onDemandVcpus: number | Unknown;
  readonly spotVcpus: number | Unknown;
  /** vCPUs that the tasks of AWS Fargate may have at the same time. */
  readonly fargateVcpus: number | Unknown;
  readonly fargateSpotVcpus: number | Unknown;
  /** Concurrent executions of all functions. */
  readonly concurrentExecutions: number | Unknown;
  /** ARN of the role with which API Gateway writes logs; empty if there is none. */
  readonly apiGatewayLogRole: string | Unknown;
  /** Services whose service-linked role does not exist yet. */
  readonly missingServiceRoles: readonly string[] | Unknown;
}

/**
 * Service-linked roles that services create on first use, or on request.
 *
 * Source: AWS Batch User Guide, "Using service-linked roles for AWS Batch"; Amazon EC2 User Guide,
 * "Service-linked role for Spot Instance requests"
 */
const serviceRoles = {
  'batch.amazonaws.com': 'AWSServiceRoleForBatch',
  'spot.amazonaws.com': 'AWSServiceRoleForEC2Spot',
} as const;

/** Quota codes. Source: AWS General Reference, "Service endpoints and quotas" */
const quotas = {
  vpcs: ['vpc', 'L-F678F1CE'],
  onDemand: ['ec2', 'L-1216C47A'],
  spot: ['ec2', 'L-34B43A08'],
  fargate: ['fargate', 'L-3032A538'],
  fargateSpot: ['fargate', 'L-36FBB829'],
} as const;

/** Reads the facts of the account that the SDK's credentials belong to. Changes nothing. */
export async function accountFacts(region: string): Promise<AccountFacts> {
  const settings = { region, maxAttempts: 3 };
  const serviceQuotas = new ServiceQuotasClient(settings);
  const quota = async ([ServiceCode, QuotaCode]: readonly [string, string]) => {
    const answer = await serviceQuotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
    return present(answer.Quota?.Value);
  };
  const [
    id,
    vpcs,
    vpcQuota,
    onDemandVcpus,
    spotVcpus,
    fargateVcpus,
    fargateSpotVcpus,
    concurrentExecutions,
    role,
    missing,
  ] = await Promise.all([
    orUnknown(async () =>
      present((await new STSClient(settings).send(new GetCallerIdentityCommand({}))).Account),
    ),
    orUnknown(async () => {
      const { Vpcs = [] } = await new EC2Client(settings).send(new DescribeVpcsCommand({}));
      return Vpcs.map(({ Tags }) => Tags?.find(({ Key }) => Key === 'Name')?.Value ?? '');
    }),
    orUnknown(() => quota(quotas.vpcs)),
    orUnknown(() => quota(quotas.onDemand)),
    orUnknown(() => quota(quotas.spot)),
    orUnknown(() => quota(quotas.fargate)),
    orUnknown(() => quota(quotas.fargateSpot)),
    orUnknown(async () => {
      const answer = await new LambdaClient(settings).send(new GetAccountSettingsCommand({}));
      return present(answer.AccountLimit?.ConcurrentExecutions);
    }),
    orUnknown(async () => {
      const answer = await new APIGatewayClient(settings).send(new GetAccountCommand({}));
      return answer.cloudwatchRoleArn ?? '';
    }),
    orUnknown(() => missingServiceRoles(new IAMClient(settings))),
  ]);
  return {
    id,
    vpcs,
    vpcQuota,
    onDemandVcpus,
    spotVcpus,
    fargateVcpus,
    fargateSpotVcpus,
    concurrentExecutions,
    apiGatewayLogRole: role,
    missingServiceRoles: missing,
  };
}

async function missingServiceRoles(client: IAMClient): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const [service, RoleName] of Object.entries(serviceRoles)) {
    try {
      await client.send(new GetRoleCommand({ RoleName }));
    } catch (error) {
      if (!(error instanceof Error) || !error.name.startsWith('NoSuchEntity')) throw error;
      missing.push(service);
    }
  }
  return missing;
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('AWS answered without it');
  return value;
}

/** A call that is refused must not prevent the others. */
async function orUnknown<T>(ask: () => Promise<T>): Promise<T | Unknown> {
  try {
    return await ask();
  } catch (error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { unknown: words.split('\n')[0] ?? '' };
  }
}
