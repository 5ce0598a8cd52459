import { expect } from 'vitest';
import { describeFacts, type Fact } from './facts.ts';

/** Every volume is encrypted, of type gp3, and deleted with its machine. */
const volume = { encrypted: 'true', delete_on_termination: 'true', volume_type: 'gp3' };
const root = (volume_size: number) => ({
  device_name: '/dev/xvda',
  ebs: { ...volume, volume_size },
});
const large = (ebs: object) => [root(30), { device_name: '/dev/xvdb', ebs: { ...volume, ...ebs } }];

const machines: readonly Fact[] = [
  {
    says: 'have the root volume that the settings of small and timeseries name',
    because: 'volumes are not encrypted, too small, or outlive their machines and are paid for',
    in: ['RC', 'PROD'],
    type: 'aws_launch_template',
    where: { name_prefix: 'wps-{env}-timeseries-' },
    count: 1,
    has: { block_device_mappings: [root(50)] },
  },
  {
    says: 'of a queue with its scratch folders in EFS have a root volume of 30 GiB',
    because: 'container images find no room',
    in: ['DEV'],
    type: 'aws_launch_template',
    where: { name_prefix: 'wps-dev-large-' },
    count: 1,
    has: { block_device_mappings: [root(30)] },
  },
  {
    says: 'of the large queue of PROD have its data volume with the speed that is paid for',
    because:
      'the volume is not encrypted, outlives the machine, or is slower than the settings say',
    in: ['PROD', 'RC'],
    type: 'aws_launch_template',
    where: { name_prefix: 'wps-{env}-large-' },
    count: 1,
    has: { block_device_mappings: large({ volume_size: 500, iops: 6000, throughput: 400 }) },
  },
  {
    says: 'of the large queue of SYSTEST have its data volume at the speed that costs nothing extra',
    because: 'a test environment pays for what was not asked for',
    in: ['SYSTEST'],
    type: 'aws_launch_template',
    where: { name_prefix: 'wps-systest-large-' },
    count: 1,
    has: { block_device_mappings: large({ volume_size: 200, iops: 3000, throughput: 125 }) },
  },
  {
    says: 'take their launch template’s default version from the newest',
    because: 'a person who starts one by hand gets an old one',
    type: 'aws_launch_template',
    count: 3,
    has: { update_default_version: true },
  },
  {
    says: 'carry the tags that bills are split by, and their volumes do',
    because: 'what Batch starts is in no cost report',
    type: 'aws_launch_template',
    where: { name_prefix: 'wps-{env}-small-' },
    count: 1,
    has: {
      tag_specifications: ['instance', 'volume'].map((resource_type) => ({
        resource_type,
        tags: {
          Project: 'wps',
          Environment: '{ENV}',
          Owner: 'unset',
          CostCentre: 'unset',
          Name: 'wps-{env}-small',
        },
      })),
    },
  },
  {
    says: 'answer for their credentials with version 2 of the metadata service, one hop away',
    because: 'a container with a network of its own reads the machine’s credentials',
    type: 'aws_launch_template',
    count: 3,
    has: {
      metadata_options: {
        http_endpoint: 'enabled',
        http_tokens: 'required',
        http_put_response_hop_limit: 1,
      },
    },
  },
  {
    says: 'of the small queue stay up, bought on demand',
    because: 'every short job waits for a machine, or loses it',
    type: 'aws_batch_compute_environment',
    where: { compute_environment_name_prefix: 'wps-{env}-small-' },
    count: 1,
    has: {
      type: 'MANAGED',
      state: 'ENABLED',
      compute_resources: {
        type: 'EC2',
        allocation_strategy: 'BEST_FIT_PROGRESSIVE',
        min_vcpus: 2,
        instance_role: expect.stringContaining('aws_iam_instance_profile.job-roles_'),
        security_group_ids: ['aws_security_group.network_jobs.id'],
        launch_template: {
          launch_template_id: 'aws_launch_template.small_launch-template.id',
          version: expect.stringContaining('latest_version'),
        },
      },
    },
  },
  {
    says: 'come after the rights of their role and the ways out of the network, and go before them',
    because: 'they never join their cluster, or a compute environment can never be deleted',
    type: 'aws_batch_compute_environment',
    count: 3,
    has: {
      depends_on: expect.arrayContaining(
        [
          'aws_iam_instance_profile.job-roles_',
          'aws_iam_role_policy_attachment.job-roles_instance_',
          'aws_vpc_security_group_egress_rule.network_',
          'aws_vpc_endpoint.network_s3-endpoint',
          'aws_route_table_association.network_subnet-0',
          'aws_route_table_association.network_subnet-1',
        ].map((address) => expect.stringContaining(address)),
      ),
    },
  },
  ...['timeseries', 'large'].map(
    (queue): Fact => ({
      says: `of the ${queue} queue of DEV come from zero, as Spot, where capacity is deepest`,
      because: 'development pays for idle machines, or loses the ones it has more often',
      in: ['DEV'],
      type: 'aws_batch_compute_environment',
      where: { compute_environment_name_prefix: `wps-dev-${queue}-` },
      count: 1,
      has: {
        compute_resources: {
          type: 'SPOT',
          allocation_strategy: 'SPOT_CAPACITY_OPTIMIZED',
          min_vcpus: 0,
          max_vcpus: 16,
        },
      },
    }),
  ),
  {
    says: 'of the large queue of PROD come from zero, on demand, up to what may be spent',
    because: 'a month costs more than anybody agreed to, or long jobs lose their machine',
    in: ['PROD'],
    type: 'aws_batch_compute_environment',
    where: { compute_environment_name_prefix: 'wps-prod-large-' },
    count: 1,
    has: { compute_resources: { type: 'EC2', min_vcpus: 0, max_vcpus: 128 } },
  },
  ...['small', 'timeseries', 'large'].map(
    (queue): Fact => ({
      says: `of ${queue} serve the queue ${queue}, which cancels what can never run`,
      because: 'jobs run on the wrong machines, or wait without end',
      type: 'aws_batch_job_queue',
      where: { name: `wps-{env}-${queue}` },
      count: 1,
      has: {
        state: 'ENABLED',
        compute_environment_order: [
          {
            order: 1,
            compute_environment: `aws_batch_compute_environment.${queue}_compute-environment.arn`,
          },
        ],
        job_state_time_limit_action: [
          'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
          'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
          'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
        ].map((reason) => ({
          reason,
          action: 'CANCEL',
          state: 'RUNNABLE',
          max_time_seconds: 3600,
        })),
      },
    }),
  ),
];

const network: readonly Fact[] = [
  ...['jobs', 'scratch'].map(
    (name): Fact => ({
      says: `makes a new security group of ${name} before the old one goes`,
      because: 'a group that is in use cannot be deleted, and no deployment goes through',
      in: ['DEV'],
      type: 'aws_security_group',
      where: { name_prefix: `wps-{env}-${name}-` },
      count: 1,
      has: { lifecycle: { create_before_destroy: true } },
    }),
  ),
  {
    says: 'gives machines public addresses, as it has no NAT gateway',
    because: 'they never join their cluster, and no job starts',
    type: 'aws_subnet',
    has: { map_public_ip_on_launch: true, vpc_id: 'aws_vpc.network_vpc.id' },
  },
  ...[0, 1].map(
    (zone): Fact => ({
      says: `has a quarter of its addresses in zone ${zone}`,
      because:
        'zones share a subnet’s addresses or fail together, or another zone moves those that are there',
      type: 'aws_subnet',
      where: { tags: { Name: `wps-{env}-jobs-${zone}` } },
      count: 1,
      has: {
        cidr_block: expect.stringMatching(`cidrsubnet\\("10\\.4\\d\\.0\\.0/20", 2, ${zone}\\)`),
        availability_zone: expect.stringMatching(`^\\$\\{element\\(.*\\.names, ${zone}\\)\\}$`),
      },
    }),
  ),
  {
    says: 'has a way to the internet from its first subnet',
    because: 'machines reach neither ECR nor ECS',
    type: 'aws_route_table_association',
    where: { subnet_id: 'aws_subnet.network_subnet-0.id' },
    count: 1,
    has: { route_table_id: 'aws_route_table.network_routes.id' },
  },
  {
    says: 'has a way to the internet from its second subnet',
    because: 'machines of one zone never join their cluster',
    type: 'aws_route_table_association',
    where: { subnet_id: 'aws_subnet.network_subnet-1.id' },
    count: 1,
    has: { route_table_id: 'aws_route_table.network_routes.id' },
  },
  {
    says: 'routes everything through its internet gateway',
    because: 'a public address alone leads nowhere',
    type: 'aws_route_table',
    count: 1,
    has: {
      route: [
        { cidr_block: '0.0.0.0/0', gateway_id: 'aws_internet_gateway.network_internet-gateway.id' },
      ],
    },
  },
  {
    says: 'resolves names',
    because: 'machines find no AWS service, and EFS none of its mount targets',
    type: 'aws_vpc',
    count: 1,
    has: { enable_dns_support: true, enable_dns_hostnames: true },
  },
  {
    says: 'reaches S3 through an endpoint on the table that its subnets use',
    because: 'every byte of data is paid for as traffic',
    type: 'aws_vpc_endpoint',
    count: 1,
    has: {
      vpc_endpoint_type: 'Gateway',
      service_name: 'com.amazonaws.ap-southeast-2.s3',
      route_table_ids: ['aws_route_table.network_routes.id'],
    },
  },
  {
    says: 'lets jobs call out, to any port',
    because: 'no image is pulled and no data is read',
    type: 'aws_vpc_security_group_egress_rule',
    count: 1,
    has: {
      security_group_id: 'aws_security_group.network_jobs.id',
      ip_protocol: '-1',
      cidr_ipv4: '0.0.0.0/0',
    },
  },
  {
    says: 'lets NFS in from machines that run jobs, and from nowhere else',
    because: 'nothing can be mounted, or anybody reads scratch folders',
    in: ['DEV'],
    type: 'aws_vpc_security_group_ingress_rule',
    count: 1,
    has: {
      security_group_id: 'aws_security_group.scratch_group.id',
      referenced_security_group_id: 'aws_security_group.network_jobs.id',
      ip_protocol: 'tcp',
      from_port: 2049,
      to_port: 2049,
    },
  },
  {
    says: 'empties the security group that AWS makes by itself',
    because: 'what names no group is reachable by everything that names none either',
    type: 'aws_default_security_group',
    count: 1,
    has: { vpc_id: 'aws_vpc.network_vpc.id' },
  },
];

describeFacts('the machines', machines);
describeFacts('the network of jobs', network);
