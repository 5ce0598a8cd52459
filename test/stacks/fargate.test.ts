import { beforeAll, describe, expect, it } from 'vitest';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { catalogue } from '../../batch-jobs/catalogue.ts';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { resolvedWithin } from './resolved-references.ts';
import {
  resource,
  resources,
  type SynthesisedConfiguration,
  samplePlatform,
} from './sample-platform.ts';

const fargate = { kind: 'fargate', maxVcpus: 4, purchase: 'on-demand' } as const;

async function devWith(
  small: EnvironmentData['queues']['small'],
  change: Partial<EnvironmentData> = {},
  processes: readonly ProcessDescription[] = catalogue,
): Promise<SynthesisedConfiguration> {
  const environment = { ...dev, ...change, queues: { ...dev.queues, small } };
  const data = { ...installationData, environments: [environment] };
  const { stacks } = await samplePlatform(data, { catalogue: processes });
  return stacks['DEV'] as SynthesisedConfiguration;
}

const echoWith = (job: Partial<ProcessDescription['job']>) =>
  catalogue.map((process) =>
    process.identifier === 'echo' ? { ...process, job: { ...process.job, ...job } } : process,
  );

const within = (stack: SynthesisedConfiguration, found: object) =>
  resolvedWithin(stack, found) as Readonly<Record<string, unknown>>;

describe('a queue on Fargate', () => {
  let stack: SynthesisedConfiguration;
  beforeAll(async () => {
    stack = await devWith(fargate, { processes: {} });
  });

  it('a Fargate queue has tasks in the subnets of the network and no machines', () => {
    const environment = resource(
      stack,
      'aws_batch_compute_environment',
      'compute_environment_name_prefix',
      'wps-dev-small-tasks-',
    );
    expect(environment).toMatchObject({
      state: 'ENABLED',
      // A queue keeps its tasks while they are replaced, and tasks need their way to the registry.
      lifecycle: { create_before_destroy: true },
      depends_on: expect.arrayContaining([
        expect.stringContaining('aws_vpc_security_group_egress_rule.network_'),
        expect.stringContaining('aws_route_table_association.network_subnet-1'),
      ]),
    });
    expect(within(stack, environment)['compute_resources']).toEqual({
      type: 'FARGATE',
      max_vcpus: 4,
      subnets: ['aws_subnet.network_subnet-0.id', 'aws_subnet.network_subnet-1.id'],
      security_group_ids: ['aws_security_group.network_jobs.id'],
    });
    expect(resources(stack, 'aws_launch_template')).toHaveLength(2);
  });

  it('a Fargate queue has a name of its own, since AWS Batch allows no tasks behind a queue of machines', () => {
    const queue = resource(stack, 'aws_batch_job_queue', 'name', 'wps-dev-small-fargate');
    expect(within(stack, queue)).toMatchObject({
      compute_environment_order: [
        { order: 1, compute_environment: expect.stringContaining('small_tasks_') },
      ],
      lifecycle: { create_before_destroy: true },
    });
    expect(queue).not.toHaveProperty('scheduling_policy_arn');
  });

  it('a Fargate job definition contains what Fargate accepts, and nothing that it refuses', () => {
    const definition = resource(stack, 'aws_batch_job_definition', 'name', 'wps-dev-echo-fargate');
    expect(definition['platform_capabilities']).toEqual(['FARGATE']);
    const { image, logConfiguration, ...container } = JSON.parse(
      String(within(stack, definition)['container_properties']),
    );
    expect(image).toMatch(/@/);
    expect(logConfiguration.logDriver).toBe('awslogs');
    expect(container).toEqual({
      command: [],
      jobRoleArn: 'arn:aws:iam::123456789012:role/wps-dev-job',
      executionRoleArn: 'arn:aws:iam::123456789012:role/wps-dev-execution',
      resourceRequirements: [
        { type: 'VCPU', value: '1' },
        { type: 'MEMORY', value: '2048' },
      ],
      environment: [{ name: 'WPS_SCRATCH_DIR', value: '/scratch' }],
      secrets: [],
      user: '1000:1000',
      privileged: false,
      readonlyRootFilesystem: false,
      linuxParameters: { initProcessEnabled: true },
      ephemeralStorage: { sizeInGiB: 21 },
      fargatePlatformConfiguration: { platformVersion: '1.4.0' },
      runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'X86_64' },
      // The network has no NAT, so a task without an address cannot pull its image.
      networkConfiguration: { assignPublicIp: 'ENABLED' },
    });
  });

  it('processes that may wait in a Fargate queue have definitions for it beside those for machines', () => {
    const names = resources(stack, 'aws_batch_job_definition').map(({ name }) => name);
    expect(names.sort()).toEqual([
      'wps-dev-echo-fargate',
      'wps-dev-gogoduck',
      'wps-dev-gogoduck-fargate',
    ]);
  });

  it.each([
    [false, 'DISABLED'],
    [true, 'ENABLED'],
  ])(
    'a Fargate queue in an existing network gives public addresses if asked for (%s)',
    async (publicAddresses, assignPublicIp) => {
      const network = {
        kind: 'existing' as const,
        vpcId: 'vpc-0a1b',
        subnetIds: ['subnet-0a1b'],
        publicAddresses,
      };
      const there = await devWith(fargate, { network });
      const definition = resource(
        there,
        'aws_batch_job_definition',
        'name',
        'wps-dev-echo-fargate',
      );
      expect(JSON.parse(String(definition['container_properties']))).toMatchObject({
        networkConfiguration: { assignPublicIp },
      });
    },
  );

  it('a Fargate queue may use Spot or arm64, but not both', async () => {
    const types = async (change: object) =>
      JSON.stringify(await devWith({ ...fargate, ...change }));
    expect(await types({ purchase: 'spot' })).toContain('"type":"FARGATE_SPOT"');
    expect(await types({ architecture: 'arm64' })).toContain('\\"cpuArchitecture\\":\\"ARM64\\"');
    await expect(types({ purchase: 'spot', architecture: 'arm64' })).rejects.toThrow(
      'DEV.queues.small.purchase: is not available on arm64: AWS Batch runs no arm64 tasks on Fargate Spot; allowed: on-demand, or spot with architecture x86_64 (found spot with arm64)',
    );
  });

  it.each([
    [
      { vcpus: 16, memoryMiB: 122_881 },
      /DEV\.queues\.small\.kind: has no task for a job of echo, which takes 16 vCPUs and 122881 MiB \(largest: 16 and 122880\)/,
    ],
    [
      { scratchGiB: 186 },
      /DEV\.queues\.small\.kind: has no task for a job of echo, which takes 186 GiB of scratch beside 15 for its image \(at most 200 in all\)/,
    ],
    [{ vcpus: 16 }, /DEV\.queues\.small\.maxVcpus: is too few for a job of echo, which takes 16/],
  ])('a Fargate queue is refused for a process that takes %o', async (job, message) => {
    await expect(devWith(fargate, {}, echoWith(job))).rejects.toThrow(message);
  });

  it('a Fargate queue has room for the largest job that Fargate accepts', async () => {
    const job = { vcpus: 16, memoryMiB: 122_880, scratchGiB: 185 };
    const largest = await devWith({ ...fargate, maxVcpus: 16 }, {}, echoWith(job));
    const definition = resource(
      largest,
      'aws_batch_job_definition',
      'name',
      'wps-dev-echo-fargate',
    );
    expect(JSON.parse(String(definition['container_properties']))).toMatchObject({
      ephemeralStorage: { sizeInGiB: 200 },
      resourceRequirements: [
        { type: 'VCPU', value: '16' },
        { type: 'MEMORY', value: '122880' },
      ],
    });
  });

  it('all Fargate queues that a process may wait in have one architecture', async () => {
    const large = { ...fargate, architecture: 'arm64' } as const;
    const environment = { ...dev, processes: {}, queues: { ...dev.queues, small: fargate, large } };
    await expect(
      samplePlatform({ ...installationData, environments: [environment] }),
    ).rejects.toThrow(/DEV\.queues: have Fargate of both architectures, while jobs of gogoduck/);
  });

  it('a Fargate queue needs no file system unless a queue of machines does', async () => {
    const queues = { small: fargate, timeseries: fargate, large: fargate };
    const { stacks } = await samplePlatform({
      ...installationData,
      environments: [{ ...dev, queues }],
    });
    expect(resources(stacks['DEV'], 'aws_efs_file_system')).toEqual([]);
    expect(resources(stacks['DEV'], 'aws_launch_template')).toEqual([]);
  });
});

describe('a queue with fair shares', () => {
  it.each([
    [dev.queues.small, 'wps-dev-small-fair'],
    [fargate, 'wps-dev-small-fargate-fair'],
  ])(
    'a queue with fair shares has a policy and a name of its own, since AWS Batch cannot add a policy later',
    async (settings, name) => {
      const stack = await devWith({ ...settings, scheduling: 'fair-share' });
      const queue = resource(stack, 'aws_batch_job_queue', 'name', name);
      expect(queue['scheduling_policy_arn']).toContain(
        'aws_batch_scheduling_policy.small_fair-share',
      );
      expect(resource(stack, 'aws_batch_scheduling_policy')).toMatchObject({
        name: 'wps-dev-small-fair-share',
        // Without a distribution, every share has the same weight.
        fair_share_policy: { compute_reservation: 0, share_decay_seconds: 3600 },
      });
      expect(
        resource(stack, 'aws_batch_scheduling_policy')['fair_share_policy'],
      ).not.toHaveProperty('share_distribution');
    },
  );
});
