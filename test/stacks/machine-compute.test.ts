import { beforeAll, describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { prod } from '../../environments/prod.ts';
import { changedStack } from './changed-stack.ts';
import { resource, resources, type SamplePlatform, samplePlatform } from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

describe('the machines of a queue', () => {
  it('machines do not accept version 1 of the metadata service, and keep its credentials from containers', () => {
    for (const template of resources(shipped.stacks['PROD'], 'aws_launch_template')) {
      expect(template['metadata_options']).toMatchObject({
        http_tokens: 'required',
        http_put_response_hop_limit: 1,
      });
    }
  });

  it('machines change in place, except for image, volumes and start-up commands', () => {
    for (const stack of Object.values(shipped.stacks)) {
      for (const environment of resources(stack, 'aws_batch_compute_environment')) {
        expect(environment).not.toHaveProperty('service_role');
        expect(environment['compute_resources']).not.toHaveProperty('desired_vcpus');
        expect(environment['compute_resources']).not.toHaveProperty('tags');
        expect(environment['compute_resources']).toMatchObject({
          allocation_strategy: expect.stringMatching(
            /^(BEST_FIT_PROGRESSIVE|SPOT_CAPACITY_OPTIMIZED)$/,
          ),
          ec2_configuration: [{ image_type: 'ECS_AL2023' }],
        });
        expect(environment['lifecycle']).toMatchObject({
          create_before_destroy: true,
          replace_triggered_by: [expect.stringMatching(/^terraform_data\.\w+$/)],
        });
      }
    }
  });

  it('machines do not replace running jobs, and a job that never gets a machine is cancelled', () => {
    for (const queue of resources(shipped.stacks['PROD'], 'aws_batch_job_queue')) {
      const limits = queue['job_state_time_limit_action'] as readonly object[];
      expect(limits).toHaveLength(3);
      for (const limit of limits) {
        expect(limit).toMatchObject({
          action: 'CANCEL',
          state: 'RUNNABLE',
          max_time_seconds: 3600,
        });
      }
    }
    for (const environment of resources(shipped.stacks['PROD'], 'aws_batch_compute_environment')) {
      expect(environment['update_policy']).toEqual({
        job_execution_timeout_minutes: 360,
        terminate_jobs_on_update: false,
      });
    }
  });

  it('machines get their start-up commands as MIME multipart, to which Batch can add its own', () => {
    const stack = shipped.stacks['DEV'];
    for (const { user_data } of resources(stack, 'aws_launch_template')) {
      const text = Buffer.from(String(user_data), 'base64').toString();
      expect(text).toMatch(/^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="/);
      expect(text).toContain('ECS_DISABLE_PRIVILEGED=true');
    }
  });

  it('machines start from the image that the settings pin', async () => {
    const imageId = 'ami-0123456789abcdef0';
    const { small, large } = { small: dev.queues.small, large: prod.queues.large };
    const queues = { ...dev.queues, small: { ...small, imageId }, large: { ...large, imageId } };
    const stack = await changedStack(dev, { queues });
    for (const queue of ['small', 'large']) {
      const environment = resource(
        stack,
        'aws_batch_compute_environment',
        'compute_environment_name_prefix',
        `wps-dev-${queue}-`,
      );
      expect(environment).toMatchObject({
        compute_resources: {
          ec2_configuration: [{ image_type: 'ECS_AL2023', image_id_override: imageId }],
        },
      });
    }
    // A new image of Amazon's changes the environment in place. Another image of our own, which exists
    // already, replaces the machines.
    const replacements = resources(stack, 'terraform_data').map(({ input, lifecycle }) => ({
      image: (input as { image?: string } | undefined)?.image,
      lifecycle,
    }));
    expect(replacements).toContainEqual({ image: imageId, lifecycle: undefined });
    // The image lifecycle spares images with the environment's tag.
    expect(resource(stack, 'aws_ec2_tag')).toMatchObject({
      for_each: expect.stringContaining(JSON.stringify(imageId)),
      key: 'InUseBy-DEV',
    });
  });

  it('machines on the built image are planned only where there is one', () => {
    const conditions = (name: string) =>
      resources(shipped.stacks[name], 'terraform_data').flatMap(
        ({ lifecycle }) =>
          (lifecycle as { precondition?: { condition: string }[] } | undefined)?.precondition ?? [],
      );
    expect(conditions('DEV')).toEqual([]);
    expect(conditions('PROD')).toEqual([
      {
        condition: expect.stringMatching(/machineImages\.dataVolume.* != "none"/),
        error_message: expect.stringMatching(/^The release of PROD names no image/),
      },
    ]);
  });

  it('machines use Amazon’s image of the release, since Batch never looks for a newer one', async () => {
    const graviton = { ...dev.queues.timeseries, instanceTypes: ['m7g', 'm6g'] };
    const stack = await changedStack(dev, { queues: { ...dev.queues, timeseries: graviton } });
    const parameters = stack?.data['aws_ssm_parameter'] ?? {};
    const imageOf = (queue: string) => {
      const environment = resource(
        stack,
        'aws_batch_compute_environment',
        'compute_environment_name_prefix',
        `wps-dev-${queue}-`,
      );
      const [, id = ''] =
        /data\.aws_ssm_parameter\.([\w-]+)\.insecure_value/.exec(JSON.stringify(environment)) ?? [];
      return parameters[id]?.['name'];
    };
    const recommended = '/aws/service/ecs/optimized-ami/amazon-linux-2023';
    expect(imageOf('small')).toBe(`${recommended}/recommended/image_id`);
    expect(imageOf('timeseries')).toBe(`${recommended}/arm64/recommended/image_id`);
    for (const { input } of resources(stack, 'terraform_data')) {
      expect(JSON.stringify(input) ?? '', 'changes in place').not.toContain('aws_ssm_parameter');
    }
  });

  it('machines on the built image have its data volume in the size of the settings', () => {
    const templates = resources(shipped.stacks['PROD'], 'aws_launch_template');
    const large = templates.find(({ name_prefix }) => name_prefix === 'wps-prod-large-');
    expect(large?.['block_device_mappings']).toMatchObject([
      { device_name: '/dev/xvda' },
      {
        device_name: '/dev/xvdb',
        ebs: { volume_size: 500, volume_type: 'gp3', iops: 6000, throughput: 400 },
      },
    ]);
  });
});
