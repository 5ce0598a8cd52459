import { DescribeJobDefinitionsCommand, type JobDefinition } from '@aws-sdk/client-batch';
import { DescribeImagesCommand as DescribeMachineImages } from '@aws-sdk/client-ec2';
import { DescribeImagesCommand } from '@aws-sdk/client-ecr';
import type { ReleaseSettings } from '../../../environments/release-settings.ts';
import type { AwsConfiguration } from '../../../lambda/configuration/configuration.ts';
import { type AwsAccount, ifThere } from '../aws-account.ts';
import { parameter, type RecordedVersion } from '../release-records.ts';
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

type ReleaseTake = ReleaseSettings['take'];

/** The releases that an environment can move to when an image is missing. */
export interface Releases {
  /** The release that its settings select, including a pin. */
  readonly takes: { readonly shipped: ReleaseTake; readonly pinned: ReleaseTake };
  /** The releases that it has run, newest first. */
  readonly history: readonly RecordedVersion[];
}

/** Checks that each process has a job definition whose container image exists in the registry. */
export async function checkContainerImages(
  account: AwsAccount,
  definitions: readonly ProcessDefinition[],
  releases: Releases,
): Promise<readonly Finding[]> {
  return await Promise.all(definitions.map((each) => checkContainerImage(account, each, releases)));
}

async function checkContainerImage(
  account: AwsAccount,
  { process, definition }: ProcessDefinition,
  { takes, history }: Releases,
): Promise<Finding> {
  const { environment } = account;
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
  const isThere = (digest: string) => hasContainerImage(account, repositoryName, digest);
  if (await isThere(imageDigest)) {
    return ok(
      subject,
      `its image ${repositoryName}@${imageDigest.slice(0, 19)} is in the registry`,
    );
  }
  const gone = `its image ${repositoryName}@${imageDigest} is not in the registry`;
  const name = repositoryName.split('/').at(-1) ?? repositoryName;
  const push = `npm run images -- --only ${name}`;
  if (takes.pinned === 'newest') return broken(subject, gone, `${push} && ${deploy}`);
  const earlier = await firstOf(history, ({ release }) => release.processImages[name], isThere);
  if (earlier) {
    const back = `npm run operate -- rollback ${environment} --to ${earlier.version} --parts processImages`;
    return broken(subject, gone, back);
  }
  const promote = `npm run operate -- promote ${environment}`;
  return takes.shipped === 'newest'
    ? broken(subject, gone, `${push} && ${promote}`)
    : broken(
        subject,
        `${gone}, nor is an earlier one of ${environment}; once the environment before it runs one that is there, promote`,
        promote,
      );
}

async function hasContainerImage(
  { ecr }: AwsAccount,
  repositoryName: string,
  imageDigest: string,
): Promise<boolean> {
  const found = await ifThere(
    ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageDigest }] })),
    'ImageNotFoundException',
    'RepositoryNotFoundException',
  );
  return (found?.imageDetails?.length ?? 0) > 0;
}

/** The newest recorded release whose image of a kind still exists. */
async function firstOf(
  history: readonly RecordedVersion[],
  imageOf: (recorded: RecordedVersion) => string | undefined,
  isThere: (image: string) => Promise<boolean>,
): Promise<RecordedVersion | undefined> {
  const looked = new Map<string, boolean>();
  for (const recorded of history) {
    const image = imageOf(recorded);
    if (image === undefined) continue;
    const found = looked.get(image) ?? (await isThere(image));
    looked.set(image, found);
    if (found) return recorded;
  }
  return undefined;
}

/** Checks that the machine image with a data volume can still start a machine. */
export async function checkMachineImage(
  account: AwsAccount,
  { takes, history }: Releases,
): Promise<readonly Finding[]> {
  const id = history[0]?.release.machineImages.dataVolume;
  if (id === undefined || !id.startsWith('ami-')) return [];
  const { environment, shared } = account;
  const isAvailable = async (image: string) => (await stateOf(account, image)) === 'available';
  const state = await stateOf(account, id);
  if (state === 'available') return [ok('machine image', `${id} is available`)];
  const gone = `${id} is ${state ?? 'not there'}; no machine starts from it`;
  const earlier =
    takes.pinned === 'newest'
      ? undefined
      : await firstOf(history, ({ release }) => release.machineImages.dataVolume, isAvailable);
  if (earlier) {
    const back = `npm run operate -- rollback ${environment} --to ${earlier.version} --parts machineImages`;
    return [broken('machine image', gone, back)];
  }
  const newest =
    takes.shipped === 'newest' ? await parameter(account, shared.imageParameter) : undefined;
  const mustBuild =
    takes.shipped === 'newest' && !(newest?.startsWith('ami-') && (await isAvailable(newest)));
  return [
    mustBuild
      ? broken(
          'machine image',
          `${gone}, and ${shared.imageParameter} names none that is; build one, which takes half an hour, then promote`,
          `aws imagebuilder start-image-pipeline-execution --image-pipeline-arn ${pipelineArn(account)}`,
        )
      : broken('machine image', gone, `npm run operate -- promote ${environment}`),
  ];
}

async function stateOf({ ec2 }: AwsAccount, id: string): Promise<string | undefined> {
  const found = await ifThere(
    ec2.send(new DescribeMachineImages({ ImageIds: [id] })),
    'InvalidAMIID.NotFound',
    'InvalidAMIID.Unavailable',
  );
  return found?.Images?.[0]?.State;
}

/** The pipeline of SHARED, which has the same name as the launch template of its images. */
function pipelineArn({ region, id, shared }: AwsAccount): string {
  return `arn:aws:imagebuilder:${region}:${id}:image-pipeline/${shared.imageLaunchTemplate}`;
}
