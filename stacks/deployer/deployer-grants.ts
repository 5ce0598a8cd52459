/** A statement of the deployer's policy, with placeholders in `{…}`. */
export interface DeployerGrant {
  /** Types of resources and data sources, without `aws_`, for which Terraform makes these calls. */
  readonly types: readonly string[];
  readonly actions: readonly string[];
  /**
   * ARNs with `{partition}`, `{region}`, `{account}` and `{prefix}`; `*` if AWS has no resource-level
   * permission.
   */
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

const arn = (service: string, resource: string) =>
  `arn:{partition}:${service}:{region}:{account}:${resource}`;
const role = 'arn:{partition}:iam::{account}:role/{prefix}-*';
const crud = (kind: string, ...verbs: readonly string[]) => verbs.map((verb) => `${verb}${kind}`);
const of = (service: string, actions: readonly string[]) =>
  actions.map((action) => `${service}:${action}`);
const tagging = ['TagResource', 'UntagResource', 'ListTagsForResource'];
/** Resources that are created without a name are identified by their tag. */
const tagged = { StringEquals: { 'aws:ResourceTag/Project': '{prefix}' } };

/**
 * The calls of Terraform's AWS provider to create, read, change and delete each type of resource, by name of
 * the statement.
 *
 * Source: Service Authorization Reference; the documentation of each resource of the provider
 */
export const deployerGrants: Readonly<Record<string, DeployerGrant>> = {
  WhoAmI: {
    types: ['caller_identity', 'partition'],
    actions: ['sts:GetCallerIdentity'],
    resources: ['*'],
  },
  Apis: {
    types: [
      'api_gateway_account',
      'api_gateway_api_key',
      'api_gateway_authorizer',
      'api_gateway_base_path_mapping',
      'api_gateway_deployment',
      'api_gateway_domain_name',
      'api_gateway_gateway_response',
      'api_gateway_integration',
      'api_gateway_method',
      'api_gateway_method_settings',
      'api_gateway_resource',
      'api_gateway_rest_api',
      'api_gateway_rest_api_policy',
      'api_gateway_stage',
      'api_gateway_usage_plan',
      'api_gateway_usage_plan_key',
    ],
    // API Gateway has no names, only paths with ids that it assigns.
    actions: of('apigateway', ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
    resources: [
      ...['restapis', 'restapis/*', 'account', 'domainnames', 'domainnames/*', 'tags/*'],
      ...['apikeys', 'apikeys/*', 'usageplans', 'usageplans/*'],
    ].map((path) => `arn:{partition}:apigateway:{region}::/${path}`),
  },
  PoliciesOfApis: {
    types: ['api_gateway_rest_api_policy'],
    actions: ['apigateway:UpdateRestApiPolicy'],
    resources: ['arn:{partition}:apigateway:{region}::/restapis/*'],
  },
  Firewalls: {
    types: ['wafv2_web_acl', 'wafv2_web_acl_association'],
    actions: [
      ...of('wafv2', [
        ...crud('WebACL', 'Create', 'Get', 'Update', 'Delete', 'Associate'),
        ...tagging,
      ]),
    ],
    resources: [arn('wafv2', 'regional/webacl/{prefix}-*/*')],
  },
  FirewallOfStage: {
    types: ['wafv2_web_acl_association'],
    actions: [
      ...crud('WebACL', 'wafv2:Associate', 'wafv2:Disassociate'),
      'wafv2:GetWebACLForResource',
      'apigateway:SetWebACL',
    ],
    resources: ['arn:{partition}:apigateway:{region}::/restapis/*/stages/*'],
  },
  Batch: {
    types: ['batch_compute_environment', 'batch_job_queue', 'batch_job_definition'],
    actions: of('batch', [
      ...crud('ComputeEnvironment', 'Create', 'Update', 'Delete'),
      ...crud('JobQueue', 'Create', 'Update', 'Delete'),
      ...crud('JobDefinition', 'Register', 'Deregister'),
      ...tagging,
    ]),
    // A queue that shares fairly is made with its scheduling policy.
    resources: ['compute-environment', 'job-queue', 'job-definition', 'scheduling-policy'].map(
      (kind) => arn('batch', `${kind}/{prefix}-*`),
    ),
  },
  FairShares: {
    types: ['batch_scheduling_policy'],
    actions: of('batch', crud('SchedulingPolicy', 'Create', 'Update', 'Delete')),
    resources: [arn('batch', 'scheduling-policy/{prefix}-*')],
  },
  LookAtFairShares: {
    types: ['batch_scheduling_policy'],
    actions: ['batch:DescribeSchedulingPolicies'],
    resources: ['*'],
  },
  LookAtBatch: {
    types: ['batch_compute_environment', 'batch_job_queue', 'batch_job_definition'],
    actions: of('batch', [
      'DescribeComputeEnvironments',
      'DescribeJobQueues',
      'DescribeJobDefinitions',
    ]),
    resources: ['*'],
  },
  Budgets: {
    types: ['budgets_budget'],
    actions: of('budgets', ['ViewBudget', 'ModifyBudget', ...tagging]),
    resources: ['arn:{partition}:budgets::{account}:budget/{prefix}-*'],
  },
  Alarms: {
    types: ['cloudwatch_metric_alarm'],
    actions: of('cloudwatch', ['PutMetricAlarm', 'DeleteAlarms', 'DescribeAlarms', ...tagging]),
    resources: [arn('cloudwatch', 'alarm:{prefix}-*')],
  },
  Dashboards: {
    types: ['cloudwatch_dashboard'],
    actions: of('cloudwatch', ['PutDashboard', 'GetDashboard', 'DeleteDashboards']),
    resources: ['arn:{partition}:cloudwatch::{account}:dashboard/{prefix}-*'],
  },
  Rules: {
    types: ['cloudwatch_event_rule', 'cloudwatch_event_target'],
    actions: of('events', [
      ...crud('Rule', 'Put', 'Describe', 'Delete', 'Enable', 'Disable'),
      'PutTargets',
      'RemoveTargets',
      'ListTargetsByRule',
      ...tagging,
    ]),
    resources: [arn('events', 'rule/{prefix}-*')],
  },
  LogGroups: {
    types: ['cloudwatch_log_group'],
    actions: of('logs', [
      ...crud('LogGroup', 'Create', 'Delete'),
      'PutRetentionPolicy',
      'DeleteRetentionPolicy',
      ...tagging,
    ]),
    resources: ['apigateway', 'batch', 'events', 'imagebuilder', 'lambda'].map((service) =>
      arn('logs', `log-group:/aws/${service}/{prefix}*`),
    ),
  },
  LookAtLogs: {
    types: ['cloudwatch_log_group', 'cloudwatch_log_resource_policy', 'api_gateway_stage'],
    // For a stage with an access log, delivery of the log is set up in the deployer's name.
    actions: of('logs', [
      'DescribeLogGroups',
      'DescribeResourcePolicies',
      'PutResourcePolicy',
      'DeleteResourcePolicy',
      'CreateLogDelivery',
      'DeleteLogDelivery',
      'GetLogDelivery',
      'ListLogDeliveries',
      'UpdateLogDelivery',
    ]),
    resources: ['*'],
  },
  Topics: {
    types: ['sns_topic', 'sns_topic_policy', 'sns_topic_subscription'],
    actions: of('sns', [
      ...crud('Topic', 'Create', 'Delete'),
      ...crud('TopicAttributes', 'Get', 'Set'),
      'Subscribe',
      'GetSubscriptionAttributes',
      'Unsubscribe',
      ...tagging,
    ]),
    resources: [arn('sns', '{prefix}-*')],
  },
  Mails: {
    types: ['sesv2_configuration_set', 'sesv2_email_identity'],
    actions: of('ses', [
      ...crud('ConfigurationSet', 'Create', 'Get', 'Delete'),
      'PutConfigurationSetDeliveryOptions',
      'PutConfigurationSetReputationOptions',
      'PutConfigurationSetSuppressionOptions',
      ...crud('EmailIdentity', 'Create', 'Get', 'Delete'),
      ...tagging,
    ]),
    resources: [arn('ses', 'configuration-set/{prefix}-*'), arn('ses', 'identity/*')],
  },
  Queues: {
    types: ['sqs_queue', 'sqs_queue_policy'],
    actions: of('sqs', [
      ...crud('Queue', 'Create', 'Delete', 'Tag', 'Untag'),
      'GetQueueAttributes',
      'SetQueueAttributes',
      'GetQueueUrl',
      'ListQueueTags',
    ]),
    resources: [arn('sqs', '{prefix}-*')],
  },
  Registries: {
    types: ['ecr_repository', 'ecr_lifecycle_policy', 'ecr_image'],
    actions: of('ecr', [
      ...crud('Repository', 'Create', 'Delete'),
      ...crud('LifecyclePolicy', 'Put', 'Get', 'Delete'),
      'DescribeRepositories',
      'DescribeImages',
      'PutImageTagMutability',
      'PutImageScanningConfiguration',
      ...tagging,
      // To push an image.
      'BatchCheckLayerAvailability',
      'InitiateLayerUpload',
      'UploadLayerPart',
      'CompleteLayerUpload',
      'PutImage',
      'BatchGetImage',
    ]),
    resources: [arn('ecr', 'repository/{prefix}/*')],
  },
  AccountOfRegistries: {
    types: ['ecr_replication_configuration', 'ecr_registry_policy'],
    // Of the account, not of a registry.
    actions: of('ecr', [
      'DescribeRegistry',
      'PutReplicationConfiguration',
      ...crud('RegistryPolicy', 'Get', 'Put', 'Delete'),
    ]),
    resources: ['*'],
  },
  LogInToRegistries: {
    types: ['ecr_repository'],
    actions: ['ecr:GetAuthorizationToken'],
    resources: ['*'],
  },
  FileSystems: {
    types: ['efs_file_system', 'efs_file_system_policy', 'efs_access_point', 'efs_mount_target'],
    actions: of('elasticfilesystem', [
      ...crud('FileSystem', 'Update', 'Delete'),
      ...crud('FileSystemPolicy', 'Put', 'Delete', 'Describe'),
      ...crud('LifecycleConfiguration', 'Put', 'Describe'),
      ...crud('AccessPoint', 'Create', 'Delete'),
      ...crud('MountTarget', 'Create', 'Delete'),
      'DescribeAccessPoints',
      'DescribeFileSystems',
      'DescribeMountTargets',
      'DescribeMountTargetSecurityGroups',
      'ModifyMountTargetSecurityGroups',
      ...tagging,
    ]),
    resources: [
      arn('elasticfilesystem', 'file-system/*'),
      arn('elasticfilesystem', 'access-point/*'),
    ],
    condition: tagged,
  },
  NewFileSystems: {
    types: ['efs_file_system', 'efs_access_point'],
    actions: ['elasticfilesystem:CreateFileSystem', 'elasticfilesystem:TagResource'],
    // A file system that does not exist yet has no ARN.
    resources: ['*'],
    condition: { StringEquals: { 'aws:RequestTag/Project': '{prefix}' } },
  },
  Roles: {
    types: ['iam_role', 'iam_role_policy', 'iam_role_policy_attachment'],
    actions: of('iam', [
      ...crud('Role', 'Get', 'Delete', 'Update', 'Tag', 'Untag'),
      ...crud('RolePolicy', 'Get', 'Delete'),
      'UpdateAssumeRolePolicy',
      'ListRolePolicies',
      'ListAttachedRolePolicies',
      'ListInstanceProfilesForRole',
      'ListRoleTags',
      'DetachRolePolicy',
    ]),
    resources: [role],
  },
  // What gives a role its permissions; restricted to roles with the boundary, if there is one.
  RightsOfRoles: {
    types: ['iam_role', 'iam_role_policy', 'iam_role_policy_attachment'],
    actions: of('iam', [
      'CreateRole',
      'PutRolePolicy',
      'AttachRolePolicy',
      'PutRolePermissionsBoundary',
    ]),
    resources: [role],
  },
  InstanceProfiles: {
    types: ['iam_instance_profile'],
    actions: of('iam', [
      ...crud('InstanceProfile', 'Create', 'Get', 'Delete', 'Tag', 'Untag'),
      'AddRoleToInstanceProfile',
      'RemoveRoleFromInstanceProfile',
    ]),
    resources: ['arn:{partition}:iam::{account}:instance-profile/{prefix}-*'],
  },
  PassRoles: {
    types: ['iam_role'],
    actions: ['iam:PassRole'],
    resources: [role],
    condition: {
      StringEquals: {
        'iam:PassedToService': [
          'apigateway.amazonaws.com',
          'batch.amazonaws.com',
          'ec2.amazonaws.com',
          'ecs-tasks.amazonaws.com',
          'imagebuilder.amazonaws.com',
          'lambda.amazonaws.com',
        ],
      },
    },
  },
  RolesOfServices: {
    types: ['batch_compute_environment', 'efs_file_system', 'imagebuilder_image_pipeline'],
    actions: ['iam:CreateServiceLinkedRole', 'iam:GetRole'],
    resources: ['arn:{partition}:iam::{account}:role/aws-service-role/*'],
  },
  ImagePipelines: {
    types: [
      'imagebuilder_component',
      'imagebuilder_distribution_configuration',
      'imagebuilder_image_pipeline',
      'imagebuilder_image_recipe',
      'imagebuilder_infrastructure_configuration',
      'imagebuilder_lifecycle_policy',
    ],
    actions: of('imagebuilder', [
      ...crud('Component', 'Create', 'Get', 'Delete'),
      ...crud('DistributionConfiguration', 'Create', 'Get', 'Update', 'Delete'),
      ...crud('ImagePipeline', 'Create', 'Get', 'Update', 'Delete'),
      ...crud('ImageRecipe', 'Create', 'Get', 'Delete'),
      ...crud('InfrastructureConfiguration', 'Create', 'Get', 'Update', 'Delete'),
      ...crud('LifecyclePolicy', 'Create', 'Get', 'Update', 'Delete'),
      'StartImagePipelineExecution',
      ...tagging,
    ]),
    resources: [
      'component',
      'distribution-configuration',
      'image-pipeline',
      'image-recipe',
      'infrastructure-configuration',
      'lifecycle-policy',
    ].map((kind) => arn('imagebuilder', `${kind}/{prefix}-*`)),
  },
  Functions: {
    types: [
      'lambda_function',
      'lambda_alias',
      'lambda_permission',
      'lambda_function_event_invoke_config',
    ],
    actions: of('lambda', [
      ...crud('Function', 'Create', 'Get', 'Delete'),
      ...crud('FunctionCode', 'Update'),
      ...crud('FunctionConfiguration', 'Get', 'Update'),
      'GetFunctionCodeSigningConfig',
      ...crud('FunctionConcurrency', 'Put', 'Get', 'Delete'),
      ...crud('FunctionEventInvokeConfig', 'Put', 'Get', 'Update', 'Delete'),
      'PublishVersion',
      'ListVersionsByFunction',
      ...crud('Alias', 'Create', 'Get', 'Update', 'Delete'),
      ...crud('Permission', 'Add', 'Remove'),
      'GetPolicy',
      'TagResource',
      'UntagResource',
      'ListTags',
    ]),
    resources: [arn('lambda', 'function:{prefix}'), arn('lambda', 'function:{prefix}-*')],
  },
  Network: {
    types: [
      'availability_zones',
      'default_security_group',
      'internet_gateway',
      'launch_template',
      'route_table',
      'route_table_association',
      'security_group',
      'subnet',
      'vpc',
      'vpc_endpoint',
      'vpc_security_group_egress_rule',
      'vpc_security_group_ingress_rule',
    ],
    actions: [
      ...['AvailabilityZones', 'InternetGateways', 'LaunchTemplates', 'LaunchTemplateVersions'],
      ...['NetworkAcls', 'NetworkInterfaces', 'PrefixLists', 'RouteTables', 'SecurityGroups'],
      ...['SecurityGroupRules', 'Subnets', 'VpcAttribute', 'VpcEndpoints', 'Vpcs'],
    ].map((kind) => `ec2:Describe${kind}`),
    resources: ['*'],
  },
  NewNetwork: {
    types: ['vpc', 'launch_template', 'security_group'],
    actions: of('ec2', [
      ...['InternetGateway', 'LaunchTemplate', 'RouteTable', 'SecurityGroup', 'Subnet', 'Vpc'].map(
        (kind) => `Create${kind}`,
      ),
      'CreateVpcEndpoint',
      'CreateTags',
    ]),
    resources: [arn('ec2', '*')],
  },
  OwnNetwork: {
    types: ['vpc', 'launch_template', 'security_group'],
    actions: of('ec2', [
      ...['InternetGateway', 'LaunchTemplate', 'RouteTable', 'SecurityGroup', 'Subnet', 'Vpc'].map(
        (kind) => `Delete${kind}`,
      ),
      'AssociateRouteTable',
      'AttachInternetGateway',
      'AuthorizeSecurityGroupEgress',
      'AuthorizeSecurityGroupIngress',
      'CreateLaunchTemplateVersion',
      'CreateRoute',
      'DeleteRoute',
      'DeleteTags',
      'DeleteVpcEndpoints',
      'DetachInternetGateway',
      'DisassociateRouteTable',
      'ModifyLaunchTemplate',
      'ModifySubnetAttribute',
      'ModifyVpcAttribute',
      'ModifyVpcEndpoint',
      'RevokeSecurityGroupEgress',
      'RevokeSecurityGroupIngress',
    ]),
    resources: [arn('ec2', '*')],
    condition: tagged,
  },
  ImagesInUse: {
    types: ['ec2_tag'],
    actions: of('ec2', ['CreateTags', 'DeleteTags']),
    resources: ['arn:{partition}:ec2:{region}::image/*'],
    condition: { 'ForAllValues:StringLike': { 'aws:TagKeys': ['InUseBy-*'] } },
  },
  LookAtTags: {
    types: ['ec2_tag'],
    actions: ['ec2:DescribeTags'],
    resources: ['*'],
  },
  CopiedImages: {
    types: ['ami_copy'],
    // Images and snapshots of two accounts, and ids that AWS assigns.
    actions: of('ec2', [
      'CopyImage',
      'CreateTags',
      'DeleteSnapshot',
      'DeregisterImage',
      'DescribeImages',
      'DescribeSnapshots',
    ]),
    resources: ['*'],
  },
  KeysOfImages: {
    types: ['kms_key', 'ami_copy'],
    actions: of('kms', [
      ...['CreateGrant', 'CreateKey', 'Decrypt', 'DescribeKey', 'EnableKeyRotation'],
      ...['GetKeyPolicy', 'GetKeyRotationStatus', 'ListResourceTags', 'PutKeyPolicy'],
      ...['ReEncryptFrom', 'ReEncryptTo', 'ScheduleKeyDeletion', 'TagResource', 'UntagResource'],
    ]),
    resources: ['*'],
  },
  Zones: {
    types: ['route53_record'],
    actions: of('route53', ['GetHostedZone', 'ListResourceRecordSets', 'ChangeResourceRecordSets']),
    resources: ['arn:{partition}:route53:::hostedzone/*'],
  },
  ZoneChanges: {
    types: ['route53_record'],
    actions: ['route53:GetChange'],
    resources: ['arn:{partition}:route53:::change/*'],
  },
  Buckets: {
    types: [
      's3_bucket',
      's3_bucket_cors_configuration',
      's3_bucket_lifecycle_configuration',
      's3_bucket_ownership_controls',
      's3_bucket_policy',
      's3_bucket_public_access_block',
      's3_bucket_server_side_encryption_configuration',
      's3_bucket_versioning',
    ],
    actions: of('s3', [
      'CreateBucket',
      'DeleteBucket',
      'ListBucket',
      'ListBucketVersions',
      ...crud('BucketPolicy', 'Get', 'Put', 'Delete'),
      ...crud('BucketCORS', 'Get', 'Put'),
      ...crud('BucketOwnershipControls', 'Get', 'Put'),
      ...crud('BucketPublicAccessBlock', 'Get', 'Put'),
      ...crud('BucketTagging', 'Get', 'Put'),
      ...crud('BucketVersioning', 'Get', 'Put'),
      ...crud('EncryptionConfiguration', 'Get', 'Put'),
      ...crud('LifecycleConfiguration', 'Get', 'Put'),
      // The provider reads every property that a bucket may have.
      'GetAccelerateConfiguration',
      'GetBucketAcl',
      'GetBucketLogging',
      'GetBucketObjectLockConfiguration',
      'GetBucketRequestPayment',
      'GetBucketWebsite',
      'GetReplicationConfiguration',
    ]),
    resources: ['arn:{partition}:s3:::{prefix}-*'],
  },
  Objects: {
    types: ['s3_object', 's3_bucket'],
    // A bucket that is deleted with its stack is emptied first.
    actions: of('s3', [
      ...crud('Object', 'Get', 'Put', 'Delete'),
      ...crud('ObjectTagging', 'Get', 'Put'),
      'GetObjectVersion',
      'DeleteObjectVersion',
    ]),
    resources: ['arn:{partition}:s3:::{prefix}-*/*'],
  },
  Parameters: {
    types: ['ssm_parameter', 'ssm_parameters_by_path'],
    actions: of('ssm', [
      ...crud('Parameter', 'Get', 'Put', 'Delete'),
      'GetParameters',
      'GetParametersByPath',
      'AddTagsToResource',
      'RemoveTagsFromResource',
      'ListTagsForResource',
    ]),
    resources: [
      arn('ssm', 'parameter/imagebuilder/{prefix}/*'),
      arn('ssm', 'parameter/releases/{prefix}/*'),
    ],
  },
  AmazonsParameters: {
    types: ['ssm_parameter'],
    actions: ['ssm:GetParameter', 'ssm:GetParameters'],
    resources: ['arn:{partition}:ssm:{region}::parameter/aws/service/ecs/*'],
  },
  LookAtParameters: {
    types: ['ssm_parameter'],
    actions: ['ssm:DescribeParameters'],
    resources: ['*'],
  },
};
