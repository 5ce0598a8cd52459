import { expect } from 'vitest';
import { installationData } from '../../environments/index.ts';
import { describeFacts, type Fact } from './facts.ts';

const shared = (fact: Fact): Fact => ({ ...fact, in: ['SHARED'] });
const volume = { encrypted: 'true', delete_on_termination: 'true', volume_type: 'gp3' };
const tags = { Project: 'wps', Environment: 'SHARED', Owner: 'unset', CostCentre: 'unset' };

const registries: readonly Fact[] = [
  ...['echo', 'echo-inputs', 'gogoduck'].map(
    (process): Fact => ({
      says: `of ${process} moves no tag, scans what is pushed, and is encrypted`,
      because: 'an image that is running is exchanged under its tag, or its holes are not known',
      type: 'aws_ecr_repository',
      where: { name: `wps/${process}` },
      count: 1,
      has: {
        image_tag_mutability: 'IMMUTABLE',
        image_scanning_configuration: { scan_on_push: true },
        encryption_configuration: [{ encryption_type: 'AES256' }],
      },
    }),
  ),
  ...['echo', 'echo-inputs', 'gogoduck'].map(
    (process): Fact => ({
      says: `of ${process} clears away images without a tag after a week, and no others`,
      because: 'storage grows without end, or an image that runs is gone',
      type: 'aws_ecr_lifecycle_policy',
      where: { repository: `wps/${process}` },
      count: 1,
      has: {
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: 'Images that no tag names',
              selection: {
                tagStatus: 'untagged',
                countType: 'sinceImagePushed',
                countUnit: 'days',
                countNumber: 7,
              },
              action: { type: 'expire' },
            },
          ],
        }),
      },
    }),
  ),
];

const image: readonly Fact[] = [
  {
    says: 'has encrypted volumes that go with their machine',
    because: 'data is unencrypted on a disk, or is paid for when its machine is gone',
    type: 'aws_imagebuilder_image_recipe',
    count: 1,
    has: {
      block_device_mapping: [
        { device_name: '/dev/xvda', ebs: { ...volume, volume_size: 30 } },
        { device_name: '/dev/xvdb', ebs: { ...volume, volume_size: 50 } },
      ],
      parent_image: 'ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
      // Updates come first, so that they do not replace what is set up later. The volume comes last.
      component: ['install-updates', 'ecs-agent', 'data-volume'].map((name) => ({
        component_arn: `aws_imagebuilder_component.job-image_pipeline_${name}.arn`,
      })),
      lifecycle: { create_before_destroy: true },
    },
  },
  {
    says: 'is built of components that are made before the old ones go',
    because:
      'a recipe that is in use keeps them from being deleted, and no deployment goes through',
    type: 'aws_imagebuilder_component',
    count: 3,
    has: {
      platform: 'Linux',
      supported_os_versions: ['Amazon Linux 2023'],
      version: expect.stringMatching(/^1\.0\.\d{1,9}$/),
      lifecycle: { create_before_destroy: true },
    },
  },
  {
    says: 'is built on a machine that ends when its build fails, with tags and version 2 metadata',
    because: 'a machine that failed is paid for until somebody finds it',
    type: 'aws_imagebuilder_infrastructure_configuration',
    count: 1,
    has: {
      instance_profile_name: 'wps-job-image-builder',
      instance_types: ['m6i.large'],
      terminate_instance_on_failure: true,
      instance_metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
      resource_tags: tags,
    },
  },
  {
    says: 'is built once its machine’s role may do its work, and what it prints has a place',
    because: 'a first build fails, or its log group is made by Image Builder and kept for ever',
    type: 'aws_imagebuilder_infrastructure_configuration',
    count: 1,
    has: {
      depends_on: expect.arrayContaining([
        expect.stringMatching(/^aws_iam_role_policy/),
        expect.stringMatching(/^aws_cloudwatch_log_group\./),
      ]),
    },
  },
  {
    says: 'is handed out under the name of its date, tagged',
    because: 'no deployment finds it, or its owner is not known',
    type: 'aws_imagebuilder_distribution_configuration',
    count: 1,
    has: {
      distribution: [
        expect.objectContaining({
          region: 'ap-southeast-2',
          ami_distribution_configuration: expect.objectContaining({
            name: 'wps-job-image-{{ imagebuilder:buildDate }}',
            ami_tags: expect.objectContaining(tags),
          }),
        }),
      ],
    },
  },
  {
    says: 'is built on Sundays, and tested within an hour',
    because: 'it is as old as its installation, or was never started',
    type: 'aws_imagebuilder_image_pipeline',
    count: 1,
    has: {
      schedule: {
        schedule_expression: 'cron(0 16 ? * sun *)',
        pipeline_execution_start_condition: 'EXPRESSION_MATCH_ONLY',
      },
      image_tests_configuration: { image_tests_enabled: true, timeout_minutes: 60 },
    },
  },
  {
    says: 'is built of its recipe, handed out, and listed with the packages that are in it',
    because: 'no environment finds it, or no one knows which images have a package with a hole',
    type: 'aws_imagebuilder_image_pipeline',
    count: 1,
    has: {
      enhanced_image_metadata_enabled: true,
      image_recipe_arn: 'aws_imagebuilder_image_recipe.job-image_pipeline_recipe.arn',
      infrastructure_configuration_arn:
        'aws_imagebuilder_infrastructure_configuration.job-image_pipeline_infrastructure.arn',
      distribution_configuration_arn:
        'aws_imagebuilder_distribution_configuration.job-image_pipeline_distribution.arn',
    },
  },
  {
    says: 'reaches environments by a parameter that deployments leave alone',
    because: 'every deployment of SHARED takes the image away',
    type: 'aws_ssm_parameter',
    where: { name: '/imagebuilder/wps/job-image' },
    count: 1,
    has: {
      type: 'String',
      data_type: 'text',
      value: 'none',
      lifecycle: { ignore_changes: ['value'] },
    },
  },
  {
    says: 'can be looked into on a machine started from a template that Image Builder moves on',
    because: 'every deployment turns it back to the image it began with',
    type: 'aws_launch_template',
    where: { name: 'wps-job-image' },
    count: 1,
    has: {
      image_id: expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.[\w-]+\.insecure_value\}$/),
      instance_type: 'm6i.large',
      block_device_mappings: [
        { device_name: '/dev/xvda', ebs: volume },
        { device_name: '/dev/xvdb', ebs: { ...volume, volume_size: 50 } },
      ],
      metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
      lifecycle: { ignore_changes: ['image_id', 'default_version'] },
    },
  },
  {
    says: 'is built by a machine in the role for building',
    because: 'the machine may delete images, and not build one',
    type: 'aws_iam_instance_profile',
    count: 1,
    has: { name: 'wps-job-image-builder', role: 'wps-job-image-builder' },
  },
  {
    says: 'has the versions of its recipe recorded, the current one before the earlier ones',
    because: 'images of the next recipe but one are never deleted',
    type: 'aws_ssm_parameter',
    where: { name: '/releases/wps/SHARED/image-recipes' },
    count: 1,
    has: {
      value: expect.stringMatching(
        /^\$\{jsonencode\(concat\(\["(1\.0\.\d+)"\], slice\(\[for version in .* : version if version != "\1"\]/,
      ),
    },
  },
  ...['EC2InstanceProfileForImageBuilder', 'AmazonSSMManagedInstanceCore'].map(
    (policy): Fact => ({
      says: `is built by a machine that holds ${policy}`,
      because: 'Image Builder cannot drive it, and every build fails',
      type: 'aws_iam_role_policy_attachment',
      where: { policy_arn: `arn:aws:iam::aws:policy/${policy}` },
      count: 1,
      has: { role: 'wps-job-image-builder' },
    }),
  ),
  ...['', '-earlier-recipes'].map(
    (suffix): Fact => ({
      says: `is deleted by a policy that is enabled, once its role may do so${suffix ? ', of earlier recipes as well' : ''}`,
      because: 'images pile up and are paid for',
      type: 'aws_imagebuilder_lifecycle_policy',
      where: { name: `wps-job-image${suffix}` },
      count: 1,
      has: {
        status: 'ENABLED',
        resource_type: 'AMI_IMAGE',
        execution_role: 'arn:aws:iam::123456789012:role/wps-job-image-lifecycle',
        depends_on: expect.arrayContaining([
          expect.stringMatching(/^aws_iam_role_policy_attachment\.job-image_lifecycle_/),
        ]),
      },
    }),
  ),
  {
    says: 'is deleted, when there are many, of the recipe that images are built from now',
    because: 'no image is ever deleted, or one of another recipe is',
    type: 'aws_imagebuilder_lifecycle_policy',
    where: { name: 'wps-job-image' },
    count: 1,
    has: {
      resource_selection: [
        {
          recipe: [
            { name: 'wps-job-image', semantic_version: expect.stringMatching(/^1\.0\.\d{1,9}$/) },
          ],
        },
      ],
    },
  },
  {
    says: 'is deleted of earlier recipes only where there are any',
    because: 'AWS refuses a policy that selects none, and the first deployment fails',
    type: 'aws_imagebuilder_lifecycle_policy',
    where: { name: 'wps-job-image-earlier-recipes' },
    count: 1,
    has: { count: expect.stringMatching(/^\$\{length\(.*\) > 0 \? 1 : 0\}$/) },
  },
  {
    says: 'is deleted, when its recipe is an earlier one, of at most fifty recipes',
    because: 'AWS takes no policy of more, and no deployment goes through any longer',
    type: 'aws_imagebuilder_lifecycle_policy',
    where: { name: 'wps-job-image-earlier-recipes' },
    count: 1,
    has: {
      resource_selection: [
        {
          dynamic: {
            recipe: expect.objectContaining({
              for_each: expect.stringMatching(/^\$\{toset\(slice\(\[.*\], 0, min\(50, length\(/),
              content: { name: 'wps-job-image', semantic_version: '\u0024{recipe.value}' },
            }),
          },
        },
      ],
    },
  },
  {
    says: 'is deleted, when it is old, by a role that Image Builder takes',
    because: 'images pile up and are paid for',
    type: 'aws_iam_role_policy_attachment',
    where: {
      policy_arn: 'arn:aws:iam::aws:policy/service-role/EC2ImageBuilderLifecycleExecutionPolicy',
    },
    count: 1,
    has: { role: 'wps-job-image-lifecycle' },
  },
];

const released: readonly Fact[] = [
  {
    says: 'is uploaded again when its content changes, and not with each commit',
    because: 'every deployment makes a release, or a change never becomes one',
    type: 'aws_s3_object',
    where: { key: 'functions.zip' },
    count: 1,
    has: {
      source_hash: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      content_type: 'application/zip',
    },
  },
  {
    says: 'reaches environments by bucket, key and version, with its hash and its commit',
    because: 'functions cannot be made of it, or run code that no one can name',
    type: 'aws_ssm_parameter',
    where: { name: '/releases/wps/SHARED/functions' },
    count: 1,
    has: {
      type: 'String',
      insecure_value: expect.stringMatching(
        /"bucket" = aws_s3_object\.functions_object_\w+\.bucket.*"key" = aws_s3_object\.functions_object_\w+\.key.*"objectVersion" = aws_s3_object\.functions_object_\w+\.version_id.*"sha256" = "[A-Za-z0-9+/]{43}=".*"commit" = "c0ffee"/,
      ),
    },
  },
];

const account: readonly Fact[] = [
  ...[
    ['of configurations', 'configuration'],
    ['of releases', 'releases'],
  ].map(
    ([says, name]): Fact => ({
      says: `has a bucket ${says} that goes with its content`,
      because: 'an account that is given up keeps a bucket that somebody must empty',
      type: 'aws_s3_bucket',
      where: { bucket: `wps-${name}-123456789012-ap-southeast-2` },
      count: 1,
      has: { force_destroy: true },
    }),
  ),
  {
    says: 'lets EventBridge write to the log groups of environments, and to no others',
    because: 'reasons of failed jobs are lost, or anything of the account may be overwritten',
    type: 'aws_cloudwatch_log_resource_policy',
    where: { policy_name: 'wps-events' },
    count: 1,
    has: {
      policy_document: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'WriteEvents',
            Effect: 'Allow',
            Principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: ['arn:aws:logs:ap-southeast-2:123456789012:log-group:/aws/events/wps-*'],
          },
        ],
      }),
    },
  },
];

describeFacts('a registry', registries.map(shared));
describeFacts('the image of machines', image.map(shared));
describeFacts('the package of the functions', released.map(shared));
describeFacts('the account', account.map(shared));

const buildNetwork = { subnetId: 'subnet-0a1b', securityGroupIds: ['sg-0a1b'] };
describeFacts(
  'the image of machines of an account without a default VPC',
  [
    shared({
      says: 'is built in the network of the settings, on Graviton if they say so',
      because: 'no machine starts, and no image is ever built',
      type: 'aws_imagebuilder_infrastructure_configuration',
      count: 1,
      has: {
        instance_types: ['m7g.large'],
        subnet_id: 'subnet-0a1b',
        security_group_ids: ['sg-0a1b'],
      },
    }),
    shared({
      says: 'stands on Amazon’s image of that architecture, and has a volume of the size of the settings',
      because: 'its machines cannot start it, or jobs find no room',
      type: 'aws_imagebuilder_image_recipe',
      count: 1,
      has: {
        parent_image:
          'ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id',
        block_device_mapping: [{}, { ebs: { volume_size: 77 } }],
      },
    }),
    shared({
      says: 'is deleted when there are more than the settings keep',
      because: 'images pile up, or the one to go back to is gone',
      type: 'aws_imagebuilder_lifecycle_policy',
      where: { name: 'wps-job-image' },
      count: 1,
      has: { policy_detail: [{ filter: [{ type: 'COUNT', value: 9 }] }] },
    }),
  ],
  {
    shared: {
      ...(installationData.shared as object),
      image: {
        architecture: 'arm64',
        instanceTypes: ['m7g.large'],
        dataVolumeGiB: 77,
        keep: 9,
        network: buildNetwork,
      },
    },
    environments: [],
  },
);
