import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter/index.js';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile/index.js';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template/index.js';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter/index.js';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { dataDevice, ImagePipeline, parentImages } from '../../ami/image-pipeline.ts';
import type { SharedEnvironment } from '../../environments/shared-settings.ts';
import type { Deployment } from './deployment.ts';
import { recordEvents } from './recorded-events.ts';
import { recordedParameter } from './recorded-parameter.ts';
import { ServiceRole } from './service-role.ts';
import { SharedImageKey } from './shared-image-key.ts';

export interface JobImageProps {
  readonly deployment: Deployment;
  readonly settings: SharedEnvironment['image'];
  /** Other accounts that take releases from this one, and copy their images. */
  readonly takers: readonly string[];
  readonly logRetentionDays: number;
}

/** The value of the parameter until the pipeline has built an image. */
export const noImageYet = 'none';

/** The machine image with a data volume: its pipeline, and the parameter that names the newest image. */
export class JobImage extends Construct {
  /** Name of the rule that a failed build triggers. */
  readonly failuresRule: string;

  constructor(scope: Construct, id: string, props: JobImageProps) {
    super(scope, id);
    const { deployment, settings } = props;
    const name = deployment.shared.imageLaunchTemplate;
    // Created before the first build: a log group that Image Builder creates never expires.
    const log = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/imagebuilder/${name}`,
      retentionInDays: props.logRetentionDays,
    });
    const parameter = new SsmParameter(this, 'parameter', {
      name: deployment.shared.imageParameter,
      description: 'Id of the newest image for jobs; written by Image Builder.',
      type: 'String',
      dataType: 'text',
      value: noImageYet,
      lifecycle: { ignoreChanges: ['value'] },
    });
    const template = this.#launchTemplate(name, deployment, settings);
    const builder = new ServiceRole(this, 'builder', {
      deployment,
      name: `${name}-builder`,
      description: 'Taken by the machines that build and test images.',
      service: 'ec2.amazonaws.com',
      managedPolicies: {
        EC2InstanceProfileForImageBuilder:
          'Image Builder’s agent on the machine needs what this policy lists, which changes with it.',
        AmazonSSMManagedInstanceCore:
          'Image Builder drives the machine through Systems Manager, whose agent needs this policy.',
      },
    });
    const lifecycle = new ServiceRole(this, 'lifecycle', {
      deployment,
      name: `${name}-lifecycle`,
      description: 'Lets Image Builder delete old images.',
      service: 'imagebuilder.amazonaws.com',
      managedPolicies: {
        'service-role/EC2ImageBuilderLifecycleExecutionPolicy':
          'It allows deletion only of what Image Builder made, by a tag that only Image Builder sets.',
      },
    });
    const profile = new IamInstanceProfile(this, 'instance-profile', {
      name: `${name}-builder`,
      role: builder.roleName,
    });
    const { takers } = props;
    const key = takers.length > 0 && new SharedImageKey(this, 'key', { deployment, takers });
    const recipes = deployment.shared.recipesParameter;
    const pipeline = new ImagePipeline(this, 'pipeline', {
      name,
      region: deployment.region,
      settings,
      instanceProfile: profile.name,
      lifecycleRoleArn: lifecycle.arn,
      recordedVersions: recordedParameter(this, 'recorded-recipes', recipes, '[]'),
      prerequisites: [log, ...builder.policies, ...lifecycle.policies],
      parameterName: parameter.name,
      launchTemplateId: template.id,
      tags: deployment.tags,
      takers,
      ...(key ? { kmsKeyArn: key.arn } : {}),
    });
    new SsmParameter(this, 'recipes', {
      name: recipes,
      description: 'Versions that the recipe of the image for jobs has had, the newest first.',
      type: 'String',
      value: `\${jsonencode(${pipeline.recipeVersions})}`,
    });
    this.failuresRule = recordEvents(this, 'failed-image-builds', {
      deployment,
      description: 'Images for jobs that could not be built.',
      pattern: {
        source: ['aws.imagebuilder'],
        'detail-type': ['EC2 Image Builder Image State Change'],
        resources: [{ prefix: deployment.arn('imagebuilder', `image/${name}/`) }],
        detail: { state: { status: ['FAILED'] } },
      },
      logRetentionDays: props.logRetentionDays,
    });
    new TerraformOutput(scope, 'image_pipeline', { value: pipeline.arn, staticId: true });
  }

  /**
   * For machines that are started by hand from the newest image, to inspect it. Image Builder adds versions
   * with new images and makes them the default.
   */
  #launchTemplate(
    name: string,
    { tags }: Deployment,
    { architecture, instanceTypes, dataVolumeGiB }: SharedEnvironment['image'],
  ): LaunchTemplate {
    const parent = new DataAwsSsmParameter(this, 'parent-image', {
      name: parentImages[architecture],
    });
    const ebs = { encrypted: 'true', volumeType: 'gp3', deleteOnTermination: 'true' };
    return new LaunchTemplate(this, 'launch-template', {
      name,
      description: 'A machine on the newest image for jobs.',
      imageId: parent.insecureValue,
      instanceType: instanceTypes[0] ?? '',
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        { deviceName: '/dev/xvda', ebs },
        { deviceName: dataDevice, ebs: { ...ebs, volumeSize: dataVolumeGiB } },
      ],
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
        resourceType,
        tags: { ...tags, Name: name },
      })),
      // Image Builder, not Terraform, changes the image and the default version.
      lifecycle: { ignoreChanges: ['image_id', 'default_version'] },
    });
  }
}
