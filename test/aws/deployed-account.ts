import {
  BatchClient,
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
} from '@aws-sdk/client-batch';
import { DescribeTagsCommand, EC2Client, RegisterImageCommand } from '@aws-sdk/client-ec2';
import {
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import { IAMClient, ListInstanceProfilesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { ReleaseRecord } from '../../stacks/constructs/release.ts';
import { emulatedAccount, emulatedRegion } from './emulator.ts';

/** Settings of the SDK's clients. */
export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The contents of the account that the stacks were deployed to, as the SDK shows them. */
export class DeployedAccount {
  readonly batch: BatchClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly #ec2: EC2Client;
  readonly #ecr: ECRClient;
  readonly #iam: IAMClient;
  readonly #ssm: SSMClient;

  constructor(settings: ClientSettings) {
    this.batch = new BatchClient(settings);
    this.lambda = new LambdaClient(settings);
    this.s3 = new S3Client({ ...settings, forcePathStyle: true });
    this.#ec2 = new EC2Client(settings);
    this.#ecr = new ECRClient(settings);
    this.#iam = new IAMClient(settings);
    this.#ssm = new SSMClient(settings);
  }

  /** For example `wps-dev-outputs-123456789012-ap-southeast-2`. */
  bucketName(part: string): string {
    return `wps-${part}-${emulatedAccount}-${emulatedRegion}`;
  }

  /** Creates a machine image in the account that nothing refers to. */
  async registerImage(name: string): Promise<string> {
    const { ImageId: id = '' } = await this.#ec2.send(new RegisterImageCommand({ Name: name }));
    return id;
  }

  /**
   * Does what the distribution of the image pipeline does after it has built an image.
   *
   * @returns the image's id
   */
  async publishImage(name: string): Promise<string> {
    const id = await this.registerImage(name);
    await this.#ssm.send(
      new PutParameterCommand({ Name: '/imagebuilder/wps/job-image', Value: id, Overwrite: true }),
    );
    return id;
  }

  /**
   * Pushes a container image of a process.
   *
   * @returns its digest
   */
  async pushImage(process: string, tag: string): Promise<string> {
    const { image } = await this.#ecr.send(
      new PutImageCommand({
        repositoryName: `wps/${process}`,
        imageTag: tag,
        imageManifest: JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
          config: { digest: `${process} ${tag}` },
        }),
      }),
    );
    return image?.imageId?.imageDigest ?? '';
  }

  /** Deletes the registries with their images, as a person does before destroying SHARED. */
  async deleteImages(): Promise<void> {
    const { repositories = [] } = await this.#ecr.send(new DescribeRepositoriesCommand({}));
    for (const { repositoryName } of repositories) {
      await this.#ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    }
  }

  /** The release that an environment recorded last, or the one in the given version of its record. */
  async recordedRelease(environment: string, version?: number): Promise<ReleaseRecord> {
    const Name = `/releases/wps/${environment}/release${version === undefined ? '' : `:${version}`}`;
    const { Parameter } = await this.#ssm.send(new GetParameterCommand({ Name }));
    return JSON.parse(Parameter?.Value ?? '');
  }

  /** Keys of the tags of an EC2 resource, sorted. */
  async tagsOf(resource: string): Promise<readonly string[]> {
    const { Tags = [] } = await this.#ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [resource] }] }),
    );
    return Tags.map(({ Key }) => String(Key)).sort();
  }

  /** SHA-256 of the code that an alias runs. */
  async codeOf(functionName: string, alias: string): Promise<string | undefined> {
    const found = await this.lambda.send(
      new GetFunctionConfigurationCommand({
        FunctionName: functionName,
        Qualifier: await this.versionOf(functionName, alias),
      }),
    );
    return found.CodeSha256;
  }

  async versionOf(functionName: string, alias: string): Promise<string | undefined> {
    const found = await this.lambda.send(
      new GetAliasCommand({ FunctionName: functionName, Name: alias }),
    );
    return found.FunctionVersion;
  }

  /** ARNs of the compute environments of a queue, in order. */
  async environmentsBehind(queue: string): Promise<readonly string[]> {
    const { jobQueues } = await this.batch.send(
      new DescribeJobQueuesCommand({ jobQueues: [queue] }),
    );
    return (jobQueues?.[0]?.computeEnvironmentOrder ?? []).map(
      ({ computeEnvironment }) => computeEnvironment ?? '',
    );
  }

  async configurationFile(alias: string): Promise<string> {
    const { Body } = await this.s3.send(
      new GetObjectCommand({
        Bucket: this.bucketName('configuration'),
        Key: `${alias}/wps.properties`,
      }),
    );
    return (await Body?.transformToString()) ?? '';
  }

  /** Names of everything that these clients can see, of all kinds together. */
  async contents(): Promise<readonly string[]> {
    const [environments, queues, definitions, roles, profiles, functions, buckets, parameters] =
      await Promise.all([
        this.batch.send(new DescribeComputeEnvironmentsCommand({})),
        this.batch.send(new DescribeJobQueuesCommand({})),
        this.batch.send(new DescribeJobDefinitionsCommand({ status: 'ACTIVE' })),
        this.#iam.send(new ListRolesCommand({})),
        this.#iam.send(new ListInstanceProfilesCommand({})),
        this.lambda.send(new ListFunctionsCommand({})),
        this.s3.send(new ListBucketsCommand({})),
        this.#ssm.send(new DescribeParametersCommand({})),
      ]);
    return (
      [
        ...(environments.computeEnvironments ?? []).map(({ computeEnvironmentName: name }) => name),
        ...(queues.jobQueues ?? []).map(({ jobQueueName }) => jobQueueName),
        ...(definitions.jobDefinitions ?? []).map(({ jobDefinitionName }) => jobDefinitionName),
        ...(roles.Roles ?? []).map(({ RoleName }) => RoleName),
        ...(profiles.InstanceProfiles ?? []).map(({ InstanceProfileName }) => InstanceProfileName),
        ...(functions.Functions ?? []).map(({ FunctionName }) => FunctionName),
        ...(buckets.Buckets ?? []).map(({ Name }) => Name),
        ...(parameters.Parameters ?? []).map(({ Name }) => Name),
      ]
        .map(String)
        // Leaves out Amazon's own parameters, which an account can only read.
        .filter((name) => !name.startsWith('/aws/'))
    );
  }
}
