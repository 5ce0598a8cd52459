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
  /** Name of the pipeline, and prefix of the names of its parts. */
  readonly name: string;
  readonly region: string;
  readonly settings: SharedEnvironment['image'];
  /** Instance profile of the machines that build and test images. */
  readonly instanceProfile: string;
  /** The role that deletes old images. */
  readonly lifecycleRoleArn: string;
  /**
   * Terraform expression, without `${}`, of all versions that the recipe is known to have had: a list of
   * strings that is known when Terraform plans.
   */
  readonly recordedVersions: string;
  /** Resources that Image Builder needs before it starts: policies of the roles, its log group. */
  readonly prerequisites: readonly ITerraformDependable[];
  /** The parameter that receives the id of each finished image. */
  readonly parameterName: string;
  /** The launch template whose default version gets each finished image. */
  readonly launchTemplateId: string;
  /** Other accounts that may copy the images. */
  readonly takers: readonly string[];
  /**
   * The key that encrypts the image's volumes. Without it AWS's own key is used, with which no other account
   * can copy the image.
   */
  readonly kmsKeyArn?: string;
  /** Tags of the machines and images. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Parameters in which Amazon publishes the ids of its ECS-optimized images. */
export const parentImages = {
  x86_64: '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
  arm64: '/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id',
} satisfies Record<Architecture, string>;

/** Documents in `components/`, in the order in which they run. */
const componentNames = ['install-updates', 'ecs-agent', 'data-volume'] as const;

/** The device name of the data volume. */
export const dataDevice = '/dev/xvdb';

/**
 * Builds, tests and distributes the image for queues with a data volume: Amazon's ECS-optimized image,
 * updated, with the configuration of the agent and a volume for containers and scratch folders.
 *
 * The id of each finished image goes into a parameter, where the next deployment of an environment finds it.
 * Components and recipes cannot be changed in AWS, so their versions follow from their content: changed
 * content creates new ones before the old ones are deleted.
 */
export class ImagePipeline extends Construct {
  readonly arn: string;
  /** Terraform expression, without `${}`, of the versions of the recipe, current version first. */
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
    // Resolved at each build, so that each build uses the newest parent image.
    const parentImage = `ssm:${parentImages[settings.architecture]}`;
    const { kmsKeyArn } = props;
    const recipeVersion = versionOf(
      JSON.stringify([
        { parentImage, blockDeviceMapping: volumes },
        documents,
        // Only AWS knows its ARN.
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
    // A lifecycle policy selects at most fifty recipes.
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

/** A version that changes with the content; Image Builder accepts three numbers below 2^30. */
function versionOf(content: string): string {
  const digest = createHash('sha256').update(content).digest('hex');
  return `1.0.${Number.parseInt(digest.slice(0, 7), 16)}`;
}
