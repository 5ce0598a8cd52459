import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImagebuilderComponent } from '@cdktf/provider-aws/lib/imagebuilder-component/index.js';
import { ImagebuilderDistributionConfiguration } from '@cdktf/provider-aws/lib/imagebuilder-distribution-configuration/index.js';
import { ImagebuilderImagePipeline } from '@cdktf/provider-aws/lib/imagebuilder-image-pipeline/index.js';
import { ImagebuilderImageRecipe } from '@cdktf/provider-aws/lib/imagebuilder-image-recipe/index.js';
import { ImagebuilderInfrastructureConfiguration } from '@cdktf/provider-aws/lib/imagebuilder-infrastructure-configuration/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Architecture } from '../environments/instance-architecture.ts';
import type { SharedEnvironment } from '../environments/shared-settings.ts';
import { addImageLifecycle } from './image-lifecycle.ts';

export interface ImagePipelineProps {
  /** Name of the pipeline, and start of the names of its parts. */
  readonly name: string;
  readonly region: string;
  readonly settings: SharedEnvironment['image'];
  /** Instance profile of the machines that build and test. */
  readonly instanceProfile: string;
  /** Role that deletes old images. */
  readonly lifecycleRoleArn: string;
  /**
   * Terraform expression, without `${}`, of the versions that the recipe is known to have had: a list of
   * texts, known when a plan is made.
   */
  readonly recordedVersions: string;
  /** What must be there before Image Builder does anything: policies of the roles, its log. */
  readonly prerequisites: readonly ITerraformDependable[];
  /** Parameter that a finished image's id is written to. */
  readonly parameterName: string;
  /** Launch template whose default version gets the finished image. */
  readonly launchTemplateId: string;
  /** Other accounts that may copy images. */
  readonly takers: readonly string[];
  /** Key of the image's volumes. Left out: Amazon's own, under which no other account can copy it. */
  readonly kmsKeyArn?: string;
  /** Tags of the machines and images. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Parameters where Amazon publishes the ids of its ECS-optimised images. */
export const parentImages = {
  x86_64: '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
  arm64: '/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id',
} satisfies Record<Architecture, string>;

/** Documents in `components/`, in the order they are run. */
const componentNames = ['install-updates', 'ecs-agent', 'data-volume'] as const;

/** Device the data volume is attached as. */
export const dataDevice = '/dev/xvdb';

/**
 * Builds, tests and hands out the image of queues with a data volume: Amazon's ECS-optimised image,
 * updated, with the agent's configuration and a volume for containers and scratch folders.
 *
 * A finished image's id goes into a parameter, where the next deployment of an environment finds
 * it. Components and recipes cannot be changed in AWS, so their versions follow from their content:
 * changed content makes new ones before the old ones go.
 */
export class ImagePipeline extends Construct {
  readonly arn: string;
  /** Terraform expression, without `${}`, of the recipe's versions, the present one first. */
  readonly recipeVersions: string;

  constructor(scope: Construct, id: string, props: ImagePipelineProps) {
    super(scope, id);
    const { name, settings, tags } = props;
    const documents = componentNames.map((component) => ({
      component,
      data: readFileSync(join(import.meta.dirname, 'components', `${component}.yml`), 'utf8'),
    }));
    const components = documents.map(
      ({ component, data }) =>
        new ImagebuilderComponent(this, component, {
          name: `${name}-${component}`,
          platform: 'Linux',
          version: versionOf(data),
          supportedOsVersions: ['Amazon Linux 2023'],
          data,
          lifecycle: { createBeforeDestroy: true },
        }),
    );
    const volumes = [
      { deviceName: '/dev/xvda', ebs: volume(30) },
      { deviceName: dataDevice, ebs: volume(settings.dataVolumeGiB) },
    ];
    // Looked up again with every build, so each takes the parent that is then the newest.
    const parentImage = `ssm:${parentImages[settings.architecture]}`;
    const { kmsKeyArn } = props;
    const recipeVersion = versionOf(
      JSON.stringify([
        { parentImage, blockDeviceMapping: volumes },
        documents,
        // Its ARN is known to AWS alone.
        ...(kmsKeyArn === undefined ? [] : ['under a key of our own']),
      ]),
    );
    const recipe = new ImagebuilderImageRecipe(this, 'recipe', {
      name,
      version: recipeVersion,
      parentImage,
      blockDeviceMapping: volumes.map(({ deviceName, ebs }) => ({
        deviceName,
        ebs: kmsKeyArn === undefined ? ebs : { ...ebs, kmsKeyId: kmsKeyArn },
      })),
      component: components.map(({ arn }) => ({ componentArn: arn })),
      lifecycle: { createBeforeDestroy: true },
    });
    const infrastructure = new ImagebuilderInfrastructureConfiguration(this, 'infrastructure', {
      name,
      instanceProfileName: props.instanceProfile,
      instanceTypes: settings.instanceTypes,
      terminateInstanceOnFailure: true,
      instanceMetadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      resourceTags: { ...tags },
      ...(settings.network ?? {}),
      dependsOn: [...props.prerequisites],
    });
    const distribution = new ImagebuilderDistributionConfiguration(this, 'distribution', {
      name,
      distribution: [
        {
          region: props.region,
          amiDistributionConfiguration: {
            name: `${name}-{{ imagebuilder:buildDate }}`,
            amiTags: { ...tags },
            ...(props.takers.length > 0
              ? { launchPermission: { userIds: [...props.takers] } }
              : {}),
          },
          ssmParameterConfiguration: [{ parameterName: props.parameterName, dataType: 'text' }],
          launchTemplateConfiguration: [
            { launchTemplateId: props.launchTemplateId, default: true },
          ],
        },
      ],
    });
    this.arn = new ImagebuilderImagePipeline(this, 'pipeline', {
      name,
      description: 'Image of the machines that run large jobs.',
      imageRecipeArn: recipe.arn,
      infrastructureConfigurationArn: infrastructure.arn,
      distributionConfigurationArn: distribution.arn,
      enhancedImageMetadataEnabled: true,
      imageTestsConfiguration: { imageTestsEnabled: true, timeoutMinutes: 60 },
      schedule: {
        scheduleExpression: settings.schedule,
        pipelineExecutionStartCondition: 'EXPRESSION_MATCH_ONLY',
      },
    }).arn;
    const known = `[for version in ${props.recordedVersions} : version if version != "${recipeVersion}"]`;
    // A lifecycle policy selects fifty recipes at most.
    const earlierVersions = `slice(${known}, 0, min(50, length(${known})))`;
    addImageLifecycle(this, {
      name,
      recipeVersion,
      earlierVersions,
      keep: settings.keep,
      roleArn: props.lifecycleRoleArn,
      prerequisites: props.prerequisites,
    });
    this.recipeVersions = `concat(["${recipeVersion}"], ${earlierVersions})`;
  }
}

function volume(size: number) {
  return {
    volumeSize: size,
    volumeType: 'gp3',
    encrypted: 'true',
    deleteOnTermination: 'true',
  };
}

/** A version that changes with the content; Image Builder takes three numbers below 2^30. */
function versionOf(content: string): string {
  const digest = createHash('sha256').update(content).digest('hex');
  return `1.0.${Number.parseInt(digest.slice(0, 7), 16)}`;
}
