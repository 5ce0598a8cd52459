import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { Construct } from 'constructs';
import type { AccountSettings } from '../../environments/account-settings.ts';
import type { TagSettings } from '../../environments/tag-settings.ts';
import { releasesBucketName, type SharedNames, sharedNames } from '../names.ts';

export interface DeploymentProps {
  readonly account: AccountSettings;
  readonly tags: TagSettings;
}

/**
 * The account and region of a stack, and the names of its resources there. The stack's id is the environment.
 */
export class Deployment extends Construct {
  /** `DEV`; or `SHARED`, or a name that begins with it, for the stack that environments depend on. */
  readonly environment: string;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  readonly shared: SharedNames;
  /** The managed policy that bounds every role; undefined if the settings name none. */
  readonly permissionsBoundary: string | undefined;
  /** Tags of every resource. They are set explicitly on the instances and volumes that Batch starts. */
  readonly tags: Readonly<Record<string, string>>;
  readonly #accountPrefix: string;
  readonly #prefix: string;

  constructor(scope: Construct, id: string, { account, tags }: DeploymentProps) {
    super(scope, id);
    this.environment = scope.node.id;
    this.region = account.region;
    this.permissionsBoundary = account.permissionsBoundaryArn;
    this.shared = sharedNames(account.prefix);
    this.tags = { Project: account.prefix, Environment: this.environment, ...tags };
    this.#accountPrefix = account.prefix;
    this.#prefix = this.environment.startsWith('SHARED')
      ? account.prefix
      : `${account.prefix}-${this.environment.toLowerCase()}`;
    new AwsProvider(this, 'aws', {
      region: account.region,
      defaultTags: [{ tags: this.tags }],
      ...(account.id === undefined ? {} : { allowedAccountIds: [account.id] }),
    });
    this.accountId = new DataAwsCallerIdentity(this, 'account').accountId;
    this.partition = new DataAwsPartition(this, 'partition').partition;
  }

  /** `wps-dev-outputs`. */
  name(part: string): string {
    return `${this.#prefix}-${part}`;
  }

  /** `wps-dev-outputs-123456789012-ap-southeast-2`: bucket names are unique over all accounts. */
  bucketName(part: string): string {
    return `${this.name(part)}-${this.accountId}-${this.region}`;
  }

  /** Name of the bucket in which SHARED stores the configurations. */
  get configurationBucket(): string {
    return `${this.#accountPrefix}-configuration-${this.accountId}-${this.region}`;
  }

  /** Name of the bucket in which SHARED stores the functions' packages. */
  get releasesBucket(): string {
    return releasesBucketName(this.#accountPrefix, this.accountId, this.region);
  }

  /** ARN of a resource in this account and region. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.accountId}:${resource}`;
  }
}
