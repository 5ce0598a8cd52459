import { BatchComputeEnvironment } from '@cdktf/provider-aws/lib/batch-compute-environment/index.js';
import {
  LaunchTemplate,
  type LaunchTemplateBlockDeviceMappings,
} from '@cdktf/provider-aws/lib/launch-template/index.js';
import { DataResource, Fn, Op } from 'cdktf';
import { Construct } from 'constructs';
import { dataDevice } from '../../ami/image-pipeline.ts';
import { architectureOf } from '../../environments/instance-architecture.ts';
import type { MachineQueueSettings, StorageSettings } from '../../environments/queue-settings.ts';
import type { Deployment } from './deployment.ts';
import { noImageYet } from './job-image.ts';
import type { JobRoles } from './job-roles.ts';
import { startOfMachine } from './machine-start.ts';
import type { Network } from './network.ts';
import type { MachineImages } from './release.ts';

export interface MachineComputeProps {
  readonly deployment: Deployment;
  readonly network: Network;
  readonly roles: JobRoles;
  /** Name of the queue that the machines are for. */
  readonly name: string;
  readonly settings: MachineQueueSettings;
  /** Images of the environment's release that machines start from. */
  readonly images: MachineImages;
  /** The image with a data volume as the release names it, or its copy in another account. */
  readonly releasedImage: string;
}

/**
 * The compute environment of machines behind a job queue.
 *
 * Another custom image, other volumes or another start of the machines replace the compute environment: the
 * new one is created, the queue moves to it, then the old one is deleted. Everything else changes in place,
 * including Amazon's image: running jobs end on the old machines. In every plan `replacement` shows which of
 * the three caused a replacement.
 */
export class MachineCompute extends Construct {
  readonly environmentArn: string;

  constructor(scope: Construct, id: string, props: MachineComputeProps) {
    super(scope, id);
    const { deployment, network, roles, name, settings, images } = props;
    const { storage, imageId } = settings;
    const releasedImage = imageId ?? props.releasedImage;
    const isBuilt = storage.kind === 'data-volume';
    const [instanceType = ''] = settings.instanceTypes;
    const image = imageId ?? (isBuilt ? images.dataVolume : images[architectureOf(instanceType)]);
    const volumes = volumesOf(storage);
    const start = isBuilt ? undefined : startOfMachine;
    const template = new LaunchTemplate(this, 'launch-template', {
      namePrefix: `${name}-`,
      description: `Machines of the queue ${name}.`,
      updateDefaultVersion: true,
      blockDeviceMappings: volumes,
      // One hop keeps out containers with a network of their own. Those of Batch share the machine's network
      // and are kept out by its start script (`metadataForRootOnly`); their own role comes another way.
      metadataOptions: {
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        httpPutResponseHopLimit: 1,
      },
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
        resourceType,
        tags: { ...deployment.tags, Name: name },
      })),
      ...(start ? { userData: Buffer.from(start).toString('base64') } : {}),
    });
    const replacement = new DataResource(this, 'replacement', {
      input: {
        image: isBuilt ? releasedImage : 'ECS-optimised Amazon Linux 2023',
        volumes: JSON.stringify(volumes),
        start: start ?? 'built into the image',
      },
      ...(isBuilt && imageId === undefined
        ? { lifecycle: { precondition: [isThere(releasedImage, deployment)] } }
        : {}),
    });
    const environment = new BatchComputeEnvironment(this, 'compute-environment', {
      computeEnvironmentNamePrefix: `${name}-`,
      type: 'MANAGED',
      state: 'ENABLED',
      computeResources: {
        type: settings.purchase === 'spot' ? 'SPOT' : 'EC2',
        // The allocation strategies with which the rest can be changed in place.
        allocationStrategy:
          settings.purchase === 'spot' ? 'SPOT_CAPACITY_OPTIMIZED' : 'BEST_FIT_PROGRESSIVE',
        minVcpus: settings.minVcpus,
        maxVcpus: settings.maxVcpus,
        instanceType: settings.instanceTypes,
        instanceRole: roles.instanceProfileArn,
        subnets: [...network.subnetIds],
        securityGroupIds: [network.jobsGroupId],
        launchTemplate: {
          launchTemplateId: template.id,
          // Batch would resolve `$Latest` only once, when the environment is created.
          version: Fn.tostring(template.latestVersion),
        },
        // Without an id, Batch looks up the image only once, when the environment is created.
        ec2Configuration: [{ imageType: 'ECS_AL2023', imageIdOverride: image }],
      },
      // Changes in place let running jobs end first, for as long as Batch can wait.
      updatePolicy: { jobExecutionTimeoutMinutes: 360, terminateJobsOnUpdate: false },
      lifecycle: { createBeforeDestroy: true, replaceTriggeredBy: [addressOf(replacement)] },
      dependsOn: [...roles.machinePolicies, ...network.waysOut],
    });
    this.environmentArn = environment.arn;
  }
}

function isThere(image: string, { environment, shared }: Deployment) {
  return {
    condition: Op.neq(image, noImageYet),
    errorMessage: `The release of ${environment} names no image for machines with a data volume. Start the pipeline of SHARED (its output image_pipeline) with "aws imagebuilder start-image-pipeline-execution", wait until ${shared.imageParameter} names an image, and deploy again, beginning with the environment that takes the newest release.`,
  };
}

/** Terraform wants the bare address here, and an expression everywhere else. */
function addressOf({ terraformResourceType, friendlyUniqueId }: DataResource): string {
  return `${terraformResourceType}.${friendlyUniqueId}`;
}

function volumesOf(storage: StorageSettings): LaunchTemplateBlockDeviceMappings[] {
  const gp3 = { volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' };
  const root = (volumeSize: number) => ({ deviceName: '/dev/xvda', ebs: { ...gp3, volumeSize } });
  switch (storage.kind) {
    case 'root-volume':
      return [root(storage.sizeGiB)];
    case 'efs':
      return [root(30)];
    case 'data-volume':
      return [
        root(30),
        {
          deviceName: dataDevice,
          ebs: {
            ...gp3,
            volumeSize: storage.sizeGiB,
            iops: storage.iops,
            throughput: storage.throughputMiBps,
          },
        },
      ];
  }
}
