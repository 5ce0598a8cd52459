import { beforeAll, describe, expect, it } from 'vitest';
import { installationData } from '../../environments/index.ts';
import { parseInstallation } from '../../environments/installation.ts';
import { rulesOf } from '../../stacks/operate/doctor/check-rules.ts';
import { resource, resources, type SamplePlatform, samplePlatform } from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

describe('following jobs', () => {
  it('the function that follows jobs gets starts, ends and new attempts in the environment’s own queues, and sweeps', () => {
    const stack = shipped.stacks['DEV'];
    const changes = resource(stack, 'aws_cloudwatch_event_rule', 'name', 'wps-dev-job-changes');
    const pattern = JSON.parse(String(changes['event_pattern']));
    expect(pattern).toMatchObject({
      source: ['aws.batch'],
      'detail-type': ['Batch Job State Change'],
      detail: { status: ['RUNNABLE', 'RUNNING', 'SUCCEEDED', 'FAILED'] },
    });
    expect(pattern.detail.jobQueue).toHaveLength(3);
    const sweep = resource(stack, 'aws_cloudwatch_event_rule', 'name', 'wps-dev-job-sweep');
    expect(sweep['schedule_expression']).toBe('rate(5 minutes)');
  });

  it('events that could not be delivered or handled go to the dead-letter queue', () => {
    const stack = shipped.stacks['DEV'];
    const targets = resources(stack, 'aws_cloudwatch_event_target');
    expect(targets.filter((target) => target['dead_letter_config'])).toHaveLength(2);
    expect(resource(stack, 'aws_lambda_function_event_invoke_config')).toMatchObject({
      qualifier: expect.stringContaining('aws_lambda_alias'),
      destination_config: { on_failure: {} },
    });
  });

  it.each(['DEV', 'PROD'])(
    'each rule of the stack of %s is enabled, and the doctor knows it and what it calls',
    (environment) => {
      const stack = shipped.stacks[environment];
      const prefix = `wps-${environment.toLowerCase()}`;
      const settings = parseInstallation(installationData).environments.find(
        ({ name }) => name === environment,
      );
      const known = rulesOf(settings ?? {}, { environment, name: (part) => `${prefix}-${part}` });
      const written = resources(stack, 'aws_cloudwatch_event_rule');
      // Without a state, Terraform leaves a rule disabled that somebody has disabled.
      expect(new Set(written.map(({ state }) => state))).toEqual(new Set(['ENABLED']));
      const rules = written.map(({ name }) => name);
      expect(known.map(({ part }) => `${prefix}-${part}`).sort()).toEqual(rules.sort());
      const functions = resources(stack, 'aws_lambda_function').map(
        ({ function_name }) => function_name,
      );
      const logs = resources(stack, 'aws_cloudwatch_log_group').map(({ name }) => name);
      for (const { target } of known) {
        const [, kind = '', name = ''] = target.split(':');
        expect(kind === 'function' ? functions : logs).toContain(name);
      }
    },
  );
});
