import { beforeAll, expect, it } from 'vitest';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import { roleNamed } from './roles.ts';
import { resources, type SamplePlatform, samplePlatform } from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

const canaryOf = (name: string) =>
  resources(shipped.stacks[name], 'aws_lambda_function').find(
    ({ handler }) => handler === 'lambda/canary.handler',
  );

it("the canary runs in RC and PROD as shipped, from the service's package, on a schedule", () => {
  for (const name of ['RC', 'PROD']) {
    const stack = shipped.stacks[name];
    const requests = resources(stack, 'aws_lambda_function').find(
      ({ handler }) => handler === 'lambda/handler.handler',
    );
    expect(canaryOf(name)).toMatchObject({
      s3_object_version: requests?.['s3_object_version'],
      timeout: 900,
      environment: {
        variables: {
          CANARY_PROCESS: 'echo',
          CANARY_ENDPOINT: expect.stringMatching(/\.invoke_url\}\/$/),
        },
      },
    });
    const rules = resources(stack, 'aws_cloudwatch_event_rule');
    expect(rules).toContainEqual(
      expect.objectContaining({
        name: `wps-${name.toLowerCase()}-canary`,
        schedule_expression: 'rate(15 minutes)',
      }),
    );
  }
  expect(canaryOf('DEV')).toBeUndefined();
  expect(canaryOf('SYSTEST')).toBeUndefined();
});

it('the canary runs once the service answers and follows its jobs', () => {
  const { depends_on: after } = canaryOf('PROD') as { depends_on: readonly string[] };
  expect(after).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^aws_lambda_alias\.handler_wps/),
      expect.stringMatching(/^aws_lambda_alias\.handler_job-events/),
    ]),
  );
});

it('the canary may write its log and nothing else', () => {
  const { grants } = roleNamed('wps-prod-canary', shipped.stacks);
  expect(grants.map(({ action }) => action).sort()).toEqual([
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
  for (const { resource } of grants)
    expect(resource).toMatch(/\/aws\/lambda\/wps-prod-canary|log-group/);
});

it('the canary raises an alarm if a run finds a fault, and if there is no run', () => {
  const alarm = resources(shipped.stacks['PROD'], 'aws_cloudwatch_metric_alarm').find(
    ({ alarm_name: name }) => name === 'wps-prod-canary',
  );
  expect(alarm).toMatchObject({
    namespace: 'AWS/Lambda',
    metric_name: 'Errors',
    statistic: 'Sum',
    period: 1800,
    threshold: 0,
    comparison_operator: 'GreaterThanThreshold',
    treat_missing_data: 'breaching',
  });
});

it('the canary is refused if it could not run its job', async () => {
  const withCanary = (change: object) =>
    samplePlatform({ ...installationData, environments: [{ ...prod, ...change }] });
  const release = { take: 'newest', tag: '0.1.0' };
  await expect(withCanary({ release, canary: { process: 'ehco' } })).rejects.toThrow(
    'PROD.canary.process: is not offered (found "ehco"); allowed: echo',
  );
  await expect(
    withCanary({ release, api: { ...prod.api, access: { kind: 'iam' } } }),
  ).rejects.toThrow(
    /PROD\.canary: is set, but the canary calls without credentials and api\.access is "iam"/,
  );
});
