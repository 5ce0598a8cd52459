import { beforeAll, describe, expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { prod } from '../../environments/prod.ts';
import { changedStack } from './changed-stack.ts';
import {
  resource,
  resources,
  type SamplePlatform,
  type SynthesisedConfiguration,
  samplePlatform,
} from './sample-platform.ts';

let shipped: SamplePlatform;
beforeAll(async () => {
  shipped = await samplePlatform();
});

describe('the API of an environment', () => {
  it('the API logs no job ids: no path, no query', () => {
    const { access_log_settings } = resource(shipped.stacks['PROD'], 'aws_api_gateway_stage');
    const { format } = access_log_settings as { format: string };
    expect(format).toContain('$context.resourcePath');
    expect(format).not.toMatch(/\$context\.(path|requestOverride|identity\.caller)\b/);
    expect(format).not.toContain('query');
  });

  it("the API's integration times out when API Gateway does, and passes bodies byte for byte", () => {
    const stack = shipped.stacks['PROD'];
    for (const integration of resources(stack, 'aws_api_gateway_integration')) {
      expect(integration).toMatchObject({ type: 'AWS_PROXY', timeout_milliseconds: 29_000 });
    }
    expect(resource(stack, 'aws_api_gateway_rest_api')).toMatchObject({
      binary_media_types: ['*/*'],
    });
  });

  it('the API limits requests as the settings say', () => {
    expect(resource(shipped.stacks['DEV'], 'aws_api_gateway_method_settings')).toMatchObject({
      settings: { throttling_rate_limit: 20, throttling_burst_limit: 40 },
    });
  });

  it('the API has a custom domain and a firewall if the settings say so', async () => {
    const stack = await changedStack(prod, {
      api: {
        ...prod.api,
        domain: {
          name: 'wps.example.org',
          certificateArn: 'arn:aws:acm:ap-southeast-2:123456789012:certificate/1',
          hostedZoneId: 'Z1',
        },
        firewall: { requestsPerFiveMinutes: 500 },
      },
    });
    expect(resource(stack, 'aws_api_gateway_rest_api')).toMatchObject({
      disable_execute_api_endpoint: true,
    });
    // The setting takes effect with the next deployment.
    expect(JSON.stringify(resource(stack, 'aws_api_gateway_deployment')['triggers'])).toContain(
      'disable_execute_api_endpoint',
    );
    // An Execute is XML, which Amazon's rules mistake for a script.
    const [, common] = resource(stack, 'aws_wafv2_web_acl')['rule'] as readonly object[];
    for (const rule of ['CrossSiteScripting_BODY', 'SizeRestrictions_QUERYSTRING']) {
      expect(common).toMatchObject({
        statement: {
          managed_rule_group_statement: {
            rule_action_override: expect.arrayContaining([
              { name: rule, action_to_use: { count: {} } },
            ]),
          },
        },
      });
    }
    expect(resources(stack, 'aws_route53_record')).toHaveLength(1);
    expect(resources(stack, 'aws_wafv2_web_acl_association')).toHaveLength(1);
    expect(resource(stack, 'aws_s3_object')['content']).toContain(
      'STATUS_LOCATION=https://wps.example.org/wps/\n',
    );
  });

  it('for a name whose zone is elsewhere, an output says what it must point to', async () => {
    const certificateArn = 'arn:aws:acm:ap-southeast-2:123456789012:certificate/1';
    const domain = { name: 'wps.example.org', certificateArn };
    const stack = await changedStack(prod, { api: { ...prod.api, domain } });
    expect(resources(stack, 'aws_route53_record')).toEqual([]);
    expect(JSON.stringify(stack?.output)).toMatch(
      /aws_api_gateway_domain_name\.[\w-]+\.regional_domain_name/,
    );
  });

  it('pages of allowed origins may read what the API answers by itself', async () => {
    const allowed = async (stack: SynthesisedConfiguration | undefined) =>
      resources(stack, 'aws_api_gateway_gateway_response').map((refusal) => [
        refusal['response_type'],
        (refusal['response_parameters'] as Record<string, string>)[
          'gatewayresponse.header.Access-Control-Allow-Origin'
        ],
      ]);
    expect(await allowed(shipped.stacks['PROD'])).toEqual([
      ['DEFAULT_4XX', "'*'"],
      ['DEFAULT_5XX', "'*'"],
    ]);
    const allowOrigin = 'https://portal.example.org';
    const narrowed = await changedStack(dev, { service: { ...dev.service, allowOrigin } });
    expect(await allowed(narrowed)).toEqual([
      ['DEFAULT_4XX', `'${allowOrigin}'`],
      ['DEFAULT_5XX', `'${allowOrigin}'`],
    ]);
    // A deployment of the API is a copy of it, so a change has no effect without a new deployment.
    const triggersOf = (stack: SynthesisedConfiguration | undefined) =>
      JSON.stringify(resource(stack, 'aws_api_gateway_deployment')['triggers']);
    expect(triggersOf(narrowed)).not.toBe(triggersOf(shipped.stacks['DEV']));
  });
});
