import { DescribeJobDefinitionsCommand, type JobDefinition } from '@aws-sdk/client-batch';
import { DescribeImagesCommand as DescribeMachineImages } from '@aws-sdk/client-ec2';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import type { AwsConfiguration } from '../../../lambda/configuration/configuration.ts';
import type { ReleaseRecord } from '../../constructs/release.ts';
import { type AwsAccount, ifThere } from '../aws-account.ts';
import { broken, type Finding, ok, warns } from './finding.ts';

/** The job definition that the configuration names for a process. */
export interface ProcessDefinition {
  readonly process: string;
  readonly definition?: JobDefinition;
}

export async function processDefinitions(
  { batch }: AwsAccount,
  { jobDefinitions }: AwsConfiguration,
): Promise<readonly ProcessDefinition[]> {
  const named = Object.entries(jobDefinitions);
  const { jobDefinitions: found = [] } = await batch.send(
    new DescribeJobDefinitionsCommand({ jobDefinitions: named.map(([, arn]) => arn) }),
  );
  return named.map(([process, arn]) => {
    const definition = found.find(({ jobDefinitionArn }) => jobDefinitionArn === arn);
    return { process, ...(definition && { definition }) };
  });
}

/** Whether each process has a job definition, and the container image that it names is in the registry. */
export async function checkContainerImages(
  account: AwsAccount,
  definitions: readonly ProcessDefinition[],
): Promise<readonly Finding[]> {
  return await Promise.all(definitions.map((each) => checkContainerImage(account, each)));
}

async function checkContainerImage(
  { ecr, environment }: AwsAccount,
  { process, definition }: ProcessDefinition,
): Promise<Finding> {
  const subject = `process ${process}`;
  const deploy = `npx cdktf deploy ${environment}`;
  if (definition?.status !== 'ACTIVE') {
    return broken(subject, 'its job definition is not active, and Batch refuses its jobs', deploy);
  }
  const image = definition.containerProperties?.image ?? '';
  const [, repositoryName, imageDigest] = /^[^/]+\/([^@]+)@(sha256:\w+)$/.exec(image) ?? [];
  if (repositoryName === undefined || imageDigest === undefined) {
    return warns(subject, `its image ${image} is named by no digest, so it may change`, deploy);
  }
  const found = await ifThere(
    ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] })),
    'ImageNotFoundException',
    'RepositoryNotFoundException',
  );
  return found?.imageDetails?.length
    ? ok(subject, `its image ${repositoryName}@${imageDigest.slice(0, 19)} is in the registry`)
    : broken(
        subject,
        `its image ${repositoryName}@${imageDigest} is not in the registry; push the image and deploy, or go back`,
        `npm run operate -- rollback ${environment} --parts processImages`,
      );
}

/** Whether the image of machines with a data volume can still start one. */
export async function checkMachineImage(
  { ec2, environment }: AwsAccount,
  release: ReleaseRecord | undefined,
): Promise<readonly Finding[]> {
  const id = release?.machineImages.dataVolume;
  if (id === undefined || !id.startsWith('ami-')) return [];
  const found = await ifThere(
    ec2.send(new DescribeMachineImages({ ImageIds: [id] })),
    'InvalidAMIID.NotFound',
    'InvalidAMIID.Unavailable',
  );
  const state = found?.Images?.[0]?.State;
  return [
    state === 'available'
      ? ok('machine image', `${id} is available`)
      : broken(
          'machine image',
          `${id} is ${state ?? 'not there'}; no machine starts from it`,
          `npm run operate -- promote ${environment}`,
        ),
  ];
}
