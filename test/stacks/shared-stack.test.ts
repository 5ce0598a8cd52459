import { beforeAll, describe, expect, it } from 'vitest';
import { resource, type SynthesisedConfiguration, samplePlatform } from './sample-platform.ts';

let shared: SynthesisedConfiguration | undefined;
beforeAll(async () => {
  shared = (await samplePlatform()).stacks['SHARED'];
});

describe('the image pipeline', () => {
  it('writes an image’s id where Image Builder’s own role may write, and environments read', () => {
    const parameter = resource(shared, 'aws_ssm_parameter');
    expect(parameter['name']).toBe('/imagebuilder/wps/job-image');
    const { distribution } = resource(shared, 'aws_imagebuilder_distribution_configuration');
    expect(distribution).toMatchObject([
      {
        ssm_parameter_configuration: [
          { parameter_name: expect.stringContaining('aws_ssm_parameter.'), data_type: 'text' },
        ],
        launch_template_configuration: [{ default: true }],
      },
    ]);
  });

  it('keeps the logs of builds for as long as all others', () => {
    expect(
      resource(shared, 'aws_cloudwatch_log_group', 'name', '/aws/imagebuilder/wps-job-image'),
    ).toMatchObject({ retention_in_days: 90 });
  });

  it('builds every week, tests what it built, and keeps few images', () => {
    expect(resource(shared, 'aws_imagebuilder_image_pipeline')).toMatchObject({
      schedule: { schedule_expression: expect.stringMatching(/^cron\(.* sun \*\)$/) },
      image_tests_configuration: { image_tests_enabled: true },
    });
    expect(resource(shared, 'aws_imagebuilder_lifecycle_policy')).toMatchObject({
      policy_detail: [
        {
          action: [{ type: 'DELETE', include_resources: [{ amis: true, snapshots: true }] }],
          filter: [{ type: 'COUNT', value: 4 }],
        },
      ],
    });
  });
});
