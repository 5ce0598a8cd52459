import type { AccountSettings } from '../../environments/account-settings.ts';
import type { StateSettings } from '../../environments/state-settings.ts';
import { type DeployerGrant, deployerGrants } from './deployer-grants.ts';

/** A synthesised stack: resources and data sources by type, as Terraform reads them. */
export interface StackTypes {
  readonly resource?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface DeployerPolicyProps {
  readonly account: AccountSettings;
  readonly state: StateSettings;
  /** `aws`, or the partition of other regions. */
  readonly partition: string;
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: DeployerGrant['condition'];
}

/** A managed policy. */
export interface DeployerPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/**
 * The longest managed policy, in characters; a role can have ten policies.
 *
 * Source: IAM User Guide, "IAM and AWS STS quotas"
 */
const policySize = 6_144;

/** Resource types that belong to Terraform itself. */
const withoutAws = ['terraform_data'];

/**
 * The permissions that a person or pipeline needs to deploy these stacks. They are derived from the types of
 * resources in the stacks, so that a missing permission is found before a deployment fails.
 *
 * @returns as many managed policies as needed
 * @throws if a stack has a resource type that the table does not contain
 */
export function deployerPolicies(
  stacks: readonly StackTypes[],
  props: DeployerPolicyProps,
): readonly DeployerPolicy[] {
  const types = new Set(
    stacks
      .flatMap(({ resource, data }) => [...Object.keys(resource ?? {}), ...Object.keys(data ?? {})])
      .filter((type) => !withoutAws.includes(type))
      .map((type) => type.replace(/^aws_/, '')),
  );
  const known = new Set(Object.values(deployerGrants).flatMap((grant) => grant.types));
  const unknown = [...types].filter((type) => !known.has(type));
  if (unknown.length > 0) {
    throw new Error(
      `nothing says what deploying ${unknown.join(', ')} takes; add it to stacks/deployer/deployer-grants.ts`,
    );
  }
  const statements = Object.entries(deployerGrants)
    .filter(([, grant]) => grant.types.some((type) => types.has(type)))
    .map(([sid, grant]) => statementOf(sid, grant, props));
  return inPolicies([...statements, ...stateStatements(props)]);
}

function statementOf(sid: string, grant: DeployerGrant, props: DeployerPolicyProps): Statement {
  const { permissionsBoundaryArn } = props.account;
  const isBounded = sid === 'RightsOfRoles' && permissionsBoundaryArn !== undefined;
  const condition = isBounded
    ? { StringEquals: { 'iam:PermissionsBoundary': permissionsBoundaryArn } }
    : grant.condition;
  return filledIn(props, {
    Sid: sid,
    Effect: 'Allow',
    Action: grant.actions,
    Resource: grant.resources,
    ...(condition ? { Condition: condition } : {}),
  });
}

/** Source: Terraform documentation, "Backend type: s3", "Permissions required" */
function stateStatements({ state, account, partition }: DeployerPolicyProps): readonly Statement[] {
  if (state.kind !== 's3') return [];
  const bucket = `arn:${partition}:s3:::${state.bucket}`;
  const statements: readonly Statement[] = [
    { Sid: 'FindState', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [bucket] },
    {
      Sid: 'KeepState',
      Effect: 'Allow',
      // The lock file beside a state is deleted; the state never is.
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: [`${bucket}/${state.prefix}*`],
    },
    {
      Sid: 'UnlockState',
      Effect: 'Allow',
      Action: ['s3:DeleteObject'],
      Resource: [`${bucket}/${state.prefix}*.tflock`],
    },
    ...(state.kmsKeyArn === undefined
      ? []
      : [
          {
            Sid: 'UseStateKey',
            Effect: 'Allow' as const,
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Resource: [state.kmsKeyArn],
          },
        ]),
  ];
  return statements.map((statement) => filledIn({ state, account, partition }, statement));
}

function filledIn(props: DeployerPolicyProps, statement: Statement): Statement {
  const { id = '*', region, prefix } = props.account;
  return JSON.parse(
    JSON.stringify(statement)
      .replaceAll('{partition}', props.partition)
      .replaceAll('{region}', region)
      .replaceAll('{account}', id)
      .replaceAll('{prefix}', prefix),
  );
}

function inPolicies(statements: readonly Statement[]): readonly DeployerPolicy[] {
  const policies: Statement[][] = [[]];
  const asPolicy = (Statement: readonly Statement[]): DeployerPolicy => ({
    Version: '2012-10-17',
    Statement,
  });
  for (const statement of statements) {
    const last = policies.at(-1) ?? [];
    const isFull = JSON.stringify(asPolicy([...last, statement])).length > policySize;
    if (isFull) policies.push([statement]);
    else last.push(statement);
  }
  return policies.map(asPolicy);
}
