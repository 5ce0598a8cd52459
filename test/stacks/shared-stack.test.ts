import { beforeAll, describe, expect, it } from 'vitest';
import {
  resource,
  resources,
  type SynthesisedConfiguration,
  samplePlatform,
} from './sample-platform.ts';

let shared: SynthesisedConfiguration | undefined;
beforeAll(async () => {
  shared = (await samplePlatform()).stacks['SHARED'];
});

describe('the image pipeline', () => {
  it('the image pipeline writes an image’s id where Image Builder’s own role may write, and environments read', () => {
    const named = '/imagebuilder/wps/job-image';
    const ids = Object.entries(shared?.resource['aws_ssm_parameter'] ?? {}).flatMap(
      ([id, { name }]) => (name === named ? [id] : []),
    );
    expect(ids).toHaveLength(1);
    const { distribution } = resource(shared, 'aws_imagebuilder_distribution_configuration');
    expect(distribution).toMatchObject([
      {
        ssm_parameter_configuration: [
          { parameter_name: `\${aws_ssm_parameter.${ids[0]}.name}`, data_type: 'text' },
        ],
        launch_template_configuration: [{ default: true }],
      },
    ]);
  });

  it('the image pipeline keeps the logs of builds for as long as all others', () => {
    expect(
      resource(shared, 'aws_cloudwatch_log_group', 'name', '/aws/imagebuilder/wps-job-image'),
    ).toMatchObject({ retention_in_days: 90 });
  });

  it('the image pipeline builds every week, and tests the image', () => {
    expect(resource(shared, 'aws_imagebuilder_image_pipeline')).toMatchObject({
      schedule: { schedule_expression: expect.stringMatching(/^cron\(.* sun \*\)$/) },
      image_tests_configuration: { image_tests_enabled: true },
    });
  });

  it('the image pipeline deletes images except those of a release, recently launched ones and the last four', () => {
    const policy = resource(shared, 'aws_imagebuilder_lifecycle_policy', 'name', 'wps-job-image');
    expect(policy['policy_detail']).toEqual([
      {
        action: [{ type: 'DELETE', include_resources: [{ amis: true, snapshots: true }] }],
        filter: [{ type: 'COUNT', value: 4 }],
        exclusion_rules: [
          {
            amis: [
              {
                is_public: false,
                last_launched: [{ unit: 'WEEKS', value: 8 }],
                tag_map: {
                  'InUseBy-DEV': 'true',
                  'InUseBy-SYSTEST': 'true',
                  'InUseBy-RC': 'true',
                  'InUseBy-PROD': 'true',
                },
              },
            ],
          },
        ],
      },
    ]);
  });

  it('the image pipeline deletes images of earlier recipes by age, with the same exceptions', () => {
    const [current, earlier] = ['wps-job-image', 'wps-job-image-earlier-recipes'].map(
      (name) =>
        resource(shared, 'aws_imagebuilder_lifecycle_policy', 'name', name)['policy_detail'] as [
          { exclusion_rules: unknown; filter: unknown },
        ],
    );
    expect(earlier?.[0].filter).toEqual([{ type: 'AGE', unit: 'WEEKS', value: 12 }]);
    expect(earlier?.[0].exclusion_rules).toEqual(current?.[0].exclusion_rules);
  });

  it('a failed build of an image raises an alarm', () => {
    const rule = resource(shared, 'aws_cloudwatch_event_rule');
    expect(rule['name']).toBe('wps-failed-image-builds');
    expect(JSON.parse(String(rule['event_pattern']))).toEqual({
      source: ['aws.imagebuilder'],
      'detail-type': ['EC2 Image Builder Image State Change'],
      resources: [{ prefix: expect.stringMatching(/:image\/wps-job-image\/$/) }],
      detail: { state: { status: ['FAILED'] } },
    });
    expect(resource(shared, 'aws_cloudwatch_metric_alarm')).toMatchObject({
      alarm_name: 'wps-failed-image-builds',
      namespace: 'AWS/Events',
      metric_name: 'TriggeredRules',
      statistic: 'Sum',
      threshold: 0,
      comparison_operator: 'GreaterThanThreshold',
      alarm_actions: [expect.stringContaining('aws_sns_topic_policy.')],
    });
    expect(resource(shared, 'aws_cloudwatch_metric_alarm')['dimensions']).toEqual({
      RuleName: expect.stringContaining('aws_cloudwatch_event_rule.'),
    });
  });

  it('SHARED has a budget of its own, which notifies the same topic', () => {
    expect(resource(shared, 'aws_budgets_budget')).toMatchObject({
      name: 'wps-monthly',
      limit_amount: '20.0',
      cost_filter: [{ name: 'TagKeyValue', values: ['user:Environment$SHARED'] }],
    });
  });
});

describe('the registries', () => {
  it('registries delete only images without a tag, so none that an environment runs', () => {
    const policies = resources(shared, 'aws_ecr_lifecycle_policy');
    expect(policies.length).toBeGreaterThan(0);
    for (const { policy } of policies) {
      const { rules } = JSON.parse(String(policy));
      expect(rules.map(({ selection }: { selection: unknown }) => selection)).toMatchObject([
        { tagStatus: 'untagged' },
      ]);
    }
    for (const registry of resources(shared, 'aws_ecr_repository')) {
      expect(registry).toMatchObject({ image_tag_mutability: 'IMMUTABLE' });
    }
  });
});
