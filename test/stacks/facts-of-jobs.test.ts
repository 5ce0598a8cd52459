import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import { describeFacts, type Fact } from './facts.ts';
import { resolvedWithin } from './resolved-references.ts';
import { resource, type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

const trustOf = (service: string) =>
  expect.stringMatching(`"Principal":{"Service":"${service}"},"Action":\\["sts:AssumeRole"\\]`);

const roles: readonly Fact[] = [
  {
    says: 'the machine takes is taken by EC2 and holds Amazon’s policy for the ECS agent',
    because: 'machines never join their cluster',
    type: 'aws_iam_role_policy_attachment',
    where: { role: 'wps-{env}-instance' },
    count: 1,
    has: {
      policy_arn: 'arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role',
    },
  },
  {
    says: 'the machine takes reaches it through the instance profile',
    because: 'machines never join their cluster',
    type: 'aws_iam_instance_profile',
    count: 1,
    has: { role: 'wps-{env}-instance' },
  },
  ...[
    { role: 'instance', service: 'ec2.amazonaws.com' },
    { role: 'execution', service: 'ecs-tasks.amazonaws.com' },
    { role: 'job', service: 'ecs-tasks.amazonaws.com' },
  ].map(
    ({ role, service }): Fact => ({
      says: `${role} is taken by ${service}`,
      because: 'the service that should take it cannot, or another can',
      type: 'aws_iam_role',
      where: { name: `wps-{env}-${role}` },
      count: 1,
      has: { assume_role_policy: trustOf(service) },
    }),
  ),
];

describeFacts('the role that', roles);

describe('a container of a job', () => {
  let stacks: Readonly<Record<string, SynthesisedConfiguration>>;
  beforeAll(async () => {
    ({ stacks } = await samplePlatform({
      ...installationData,
      environments: [dev, prod].map((environment) => ({
        ...environment,
        processes: {},
      })),
    }));
  });

  const containerOf = (stack: string, process: string) => {
    const definition = resource(
      stacks[stack],
      'aws_batch_job_definition',
      'name',
      `wps-${stack.toLowerCase()}-${process}`,
    );
    const within = resolvedWithin(stacks[stack] as SynthesisedConfiguration, definition);
    const { container_properties, ...others } = within as Readonly<Record<string, unknown>>;
    return { ...others, container: JSON.parse(String(container_properties)) };
  };

  it.each(['DEV', 'PROD'])('a container of %s has exactly these properties', (stack) => {
    const env = stack.toLowerCase();
    const [echo] = catalogue.filter(({ identifier }) => identifier === 'echo');
    if (!echo) throw new Error('echo is not in the catalogue');
    expect(containerOf(stack, 'echo')).toMatchObject({
      type: 'container',
      platform_capabilities: ['EC2'],
      // The tags of jobs split the bill, so their tasks must carry them.
      propagate_tags: true,
      // Waiting jobs, and a configuration after a rollback, name earlier revisions.
      deregister_on_new_revision: false,
      timeout: { attempt_duration_seconds: Math.max(60, echo.job.timeoutSeconds) },
      container: {
        image: expect.stringMatching(/@.*aws_ecr_image\.taken-release_image-echo\w*\.image_digest/),
        command: [],
        jobRoleArn: `arn:aws:iam::123456789012:role/wps-${env}-job`,
        executionRoleArn: `arn:aws:iam::123456789012:role/wps-${env}-execution`,
        environment: [{ name: 'WPS_SCRATCH_DIR', value: '/scratch' }],
        secrets: [],
        user: '1000:1000',
        readonlyRootFilesystem: true,
        privileged: false,
        linuxParameters: {
          initProcessEnabled: true,
          tmpfs: [{ containerPath: '/tmp', size: 64, mountOptions: ['nosuid', 'nodev'] }],
        },
        // Apart from /tmp, a job can write only here. If this were read-only, no job could run.
        mountPoints: [{ sourceVolume: 'scratch', containerPath: '/scratch', readOnly: false }],
        volumes: [{ name: 'scratch', host: { sourcePath: '/var/lib/wps/scratch' } }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': `/aws/batch/wps-${env}-jobs`,
            'awslogs-stream-prefix': 'echo',
          },
        },
      },
    });
  });

  it('a container of a job mounts EFS over TLS, through the access point, as its role', () => {
    expect(containerOf('DEV', 'gogoduck').container.volumes).toEqual([
      {
        name: 'scratch',
        efsVolumeConfiguration: {
          fileSystemId: 'aws_efs_file_system.scratch_files.id',
          transitEncryption: 'ENABLED',
          authorizationConfig: {
            accessPointId: 'aws_efs_access_point.scratch_access-point.id',
            iam: 'ENABLED',
          },
        },
      },
    ]);
    // The definition fails if a mount target does not exist yet.
    const definition = containerOf('DEV', 'gogoduck') as { depends_on?: readonly string[] };
    expect(definition.depends_on).toHaveLength(2);
  });
});
