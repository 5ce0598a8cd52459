import { beforeAll, describe, expect, it } from 'vitest';
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

type Access = NonNullable<EnvironmentData['api']['access']>;

async function devWith(access: Access): Promise<SynthesisedConfiguration | undefined> {
  const environments = [{ ...dev, api: { ...dev.api, access } }];
  return (await samplePlatform({ ...installationData, environments })).stacks['DEV'];
}

/** Path of a resource of the API, assembled from its parents. */
function pathOf(stack: SynthesisedConfiguration | undefined, reference: string): string {
  const [, id = ''] = /aws_api_gateway_resource\.([\w-]+)\.id/.exec(reference) ?? [];
  const found = stack?.resource['aws_api_gateway_resource']?.[id];
  if (!found) return '';
  return `${pathOf(stack, String(found['parent_id']))}/${found['path_part']}`;
}

/** The methods of the API, by HTTP method and path, such as `GET /processes`. */
function methodsOf(
  stack: SynthesisedConfiguration | undefined,
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return Object.fromEntries(
    resources(stack, 'aws_api_gateway_method').map((method) => [
      `${method['http_method']} ${pathOf(stack, String(method['resource_id'])) || '/'}`,
      method,
    ]),
  );
}

const descriptions = [
  'GET /',
  'GET /api',
  'GET /conformance',
  'GET /processes',
  'GET /processes/{id}',
];

const pools = ['arn:aws:cognito-idp:ap-southeast-2:123456789012:userpool/ap-southeast-2_1'];
const authorizer = 'arn:aws:lambda:ap-southeast-2:123456789012:function:tokens:live';
const plans = {
  portal: { requestsPerSecond: 10, burst: 20, requestsPerDay: 10_000, keys: ['portal', 'mobile'] },
  guests: { requestsPerSecond: 1, burst: 2, keys: ['guest'] },
};

const kinds: readonly {
  readonly access: Access;
  readonly asks: Readonly<Record<string, unknown>>;
}[] = [
  {
    access: { kind: 'api-key', plans },
    asks: { authorization: 'NONE', api_key_required: true },
  },
  { access: { kind: 'iam' }, asks: { authorization: 'AWS_IAM' } },
  {
    access: {
      kind: 'jwt',
      authorizer: { kind: 'cognito', userPoolArns: pools, scopes: ['wps/run'] },
    },
    asks: {
      authorization: 'COGNITO_USER_POOLS',
      authorizer_id: expect.stringContaining('aws_api_gateway_authorizer.'),
      authorization_scopes: ['wps/run'],
    },
  },
  {
    access: { kind: 'jwt', authorizer: { kind: 'lambda', functionArn: authorizer } },
    asks: {
      authorization: 'CUSTOM',
      authorizer_id: expect.stringContaining('aws_api_gateway_authorizer.'),
    },
  },
];

describe('an API that anybody may call', () => {
  it('an open API requires no credentials, on two routes', async () => {
    const stack = await devWith({ kind: 'public' });
    const methods = methodsOf(stack);
    expect(Object.keys(methods).sort()).toEqual(['ANY /', 'ANY /{proxy+}']);
    for (const method of Object.values(methods)) {
      expect(method).toMatchObject({ authorization: 'NONE' });
      expect(method).not.toHaveProperty('api_key_required');
    }
  });
});

describe.each(kinds)('an API for callers with an identity: $access.kind', ({ access, asks }) => {
  let stack: SynthesisedConfiguration | undefined;
  beforeAll(async () => {
    stack = await devWith(access);
  });

  it('an API for callers with an identity requires credentials for every path and method except descriptions', () => {
    const methods = methodsOf(stack);
    const asking = Object.entries(methods).filter(([name]) => name.startsWith('ANY '));
    expect(asking.map(([name]) => name).sort()).toEqual([
      'ANY /',
      'ANY /api',
      'ANY /conformance',
      'ANY /processes',
      'ANY /processes/{id}',
      'ANY /processes/{id}/{proxy+}',
      'ANY /{proxy+}',
    ]);
    for (const [name, method] of asking) expect(method, name).toMatchObject(asks);
    const gets = Object.entries(methods).filter(([name]) => name.startsWith('GET '));
    expect(gets.map(([name]) => name).sort()).toEqual(descriptions);
    for (const [name, method] of gets) {
      expect(method, name).toMatchObject({ authorization: 'NONE' });
      expect(method, name).not.toHaveProperty('api_key_required');
    }
  });

  it('an API for callers with an identity lets preflight requests through without credentials, on every path', () => {
    const methods = methodsOf(stack);
    const paths = (method: string) =>
      Object.keys(methods)
        .filter((name) => name.startsWith(`${method} `))
        .map((name) => name.split(' ')[1])
        .sort();
    expect(paths('OPTIONS')).toEqual(paths('ANY'));
    for (const path of paths('OPTIONS')) {
      const method = methods[`OPTIONS ${path}`];
      expect(method).toMatchObject({ authorization: 'NONE' });
      expect(method).not.toHaveProperty('api_key_required');
    }
  });

  it('an API for callers with an identity sends every method to the function', () => {
    const integrations = resources(stack, 'aws_api_gateway_integration');
    expect(integrations).toHaveLength(Object.keys(methodsOf(stack)).length);
    for (const { type, uri } of integrations) {
      expect(type).toBe('AWS_PROXY');
      expect(uri).toMatch(/:DEV\/invocations$/);
    }
  });

  it('an API for callers with an identity hides its descriptions from other callers if the settings say so', async () => {
    const closed = await devWith({ ...access, publicDescriptions: false } as Access);
    expect(Object.keys(methodsOf(closed)).sort()).toEqual([
      'ANY /',
      'ANY /{proxy+}',
      'OPTIONS /',
      'OPTIONS /{proxy+}',
    ]);
  });

  it('an API for callers with an identity is deployed again when its requirements change', async () => {
    const triggersOf = (of: SynthesisedConfiguration | undefined) =>
      JSON.stringify(resource(of, 'aws_api_gateway_deployment')['triggers']);
    expect(triggersOf(stack)).not.toBe(triggersOf(await devWith({ kind: 'public' })));
  });
});

describe('keys of an API', () => {
  it('API keys are in the usage plans that the settings name, with their limits, at the stage', async () => {
    const stack = await devWith({ kind: 'api-key', plans });
    expect(resource(stack, 'aws_api_gateway_usage_plan', 'name', 'wps-dev-portal')).toMatchObject({
      api_stages: [
        {
          api_id: expect.stringContaining('aws_api_gateway_rest_api.'),
          stage: expect.stringContaining('aws_api_gateway_stage.'),
        },
      ],
      throttle_settings: { rate_limit: 10, burst_limit: 20 },
      quota_settings: { limit: 10_000, period: 'DAY' },
    });
    expect(
      resource(stack, 'aws_api_gateway_usage_plan', 'name', 'wps-dev-guests'),
    ).not.toHaveProperty('quota_settings');
    const inPlans = resources(stack, 'aws_api_gateway_usage_plan_key').map((each) => [
      /key-(\w+)_/.exec(String(each['key_id']))?.[1],
      /plan-(\w+)_/.exec(String(each['usage_plan_id']))?.[1],
    ]);
    expect(inPlans.sort()).toEqual([
      ['guest', 'guests'],
      ['mobile', 'portal'],
      ['portal', 'portal'],
    ]);
    for (const key of resources(stack, 'aws_api_gateway_api_key')) {
      // API Gateway generates the value. A value in the settings would end up in the repository.
      expect(key).not.toHaveProperty('value');
    }
  });

  it('each API key is in one usage plan', async () => {
    const twice = { ...plans, guests: { ...plans.guests, keys: ['portal'] } };
    await expect(devWith({ kind: 'api-key', plans: twice })).rejects.toThrow(
      'DEV.api.access.plans: name a key twice; a key is in one plan',
    );
    await expect(devWith({ kind: 'api-key', plans: {} })).rejects.toThrow(
      'DEV.api.access.plans: names no plan; without one no key works',
    );
  });
});

describe('callers of other accounts', () => {
  it('callers of other accounts may call the stage if the settings name them, and no one else may', async () => {
    const principals = ['arn:aws:iam::999999999999:role/portal'];
    const stack = await devWith({ kind: 'iam', principals });
    const { policy } = resource(stack, 'aws_api_gateway_rest_api_policy');
    expect(JSON.parse(String(policy)).Statement).toEqual([
      {
        Sid: 'OtherAccounts',
        Effect: 'Allow',
        Principal: { AWS: principals },
        Action: ['execute-api:Invoke'],
        Resource: [expect.stringMatching(/\.execution_arn\}\/DEV\/\*$/)],
      },
    ]);
    expect(resources(await devWith({ kind: 'iam' }), 'aws_api_gateway_rest_api_policy')).toEqual(
      [],
    );
  });
});

describe('tokens', () => {
  it('Cognito tokens are checked by API Gateway, in the header Authorization', async () => {
    const stack = await devWith({
      kind: 'jwt',
      authorizer: { kind: 'cognito', userPoolArns: pools },
    });
    expect(resource(stack, 'aws_api_gateway_authorizer')).toMatchObject({
      type: 'COGNITO_USER_POOLS',
      provider_arns: pools,
      identity_source: 'method.request.header.Authorization',
    });
    for (const method of Object.values(methodsOf(stack))) {
      expect(method).not.toHaveProperty('authorization_scopes');
    }
  });

  it('tokens of another issuer are checked by a function, which the API may call by its alias', async () => {
    const stack = await devWith({
      kind: 'jwt',
      authorizer: { kind: 'lambda', functionArn: authorizer, keptSeconds: 60 },
    });
    expect(resource(stack, 'aws_api_gateway_authorizer')).toMatchObject({
      type: 'TOKEN',
      authorizer_result_ttl_in_seconds: 60,
      authorizer_uri: expect.stringContaining(`/functions/${authorizer}/invocations`),
    });
    const permission = resource(stack, 'aws_lambda_permission', 'statement_id', 'wps-dev-tokens');
    expect(resolvedWithin(stack as SynthesisedConfiguration, permission)).toMatchObject({
      function_name: 'tokens',
      qualifier: 'live',
      principal: 'apigateway.amazonaws.com',
      source_arn: expect.stringMatching(/\/authorizers\//),
    });
  });
});

describe('the firewall', () => {
  it('the firewall protects PROD, and RC, where requests are tried, as shipped', async () => {
    const { stacks } = await samplePlatform();
    const firewalls = Object.entries(stacks).map(([name, stack]) => [
      name,
      resources(stack, 'aws_wafv2_web_acl_association').length,
    ]);
    expect(Object.fromEntries(firewalls)).toEqual({
      SHARED: 0,
      DEV: 0,
      SYSTEST: 0,
      RC: 1,
      PROD: 1,
    });
  });
});
