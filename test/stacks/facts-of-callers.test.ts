import { expect } from 'vitest';
import { dev } from '../../environments/dev.ts';
import type { EnvironmentData } from '../../environments/environment.ts';
import { installationData } from '../../environments/index.ts';
import { prod } from '../../environments/prod.ts';
import { rc } from '../../environments/rc.ts';
import { systest } from '../../environments/systest.ts';
import { describeFacts, type Fact } from './facts.ts';

type Access = NonNullable<EnvironmentData['api']['access']>;

const pool = 'arn:aws:cognito-idp:ap-southeast-2:123456789012:userpool/ap-southeast-2_1';
const authorizer = 'arn:aws:lambda:ap-southeast-2:123456789012:function:tokens:live';
const partner = 'arn:aws:iam::210987654321:root';

const accessOf = {
  DEV: {
    kind: 'api-key',
    plans: {
      portal: { requestsPerSecond: 10, burst: 20, requestsPerDay: 9000, keys: ['portal'] },
      guests: { requestsPerSecond: 1, burst: 2, keys: ['guest', 'visitor'] },
    },
  },
  SYSTEST: { kind: 'jwt', authorizer: { kind: 'lambda', functionArn: authorizer } },
  RC: { kind: 'iam', principals: [partner], publicDescriptions: false },
  PROD: {
    kind: 'jwt',
    authorizer: { kind: 'cognito', userPoolArns: [pool], scopes: ['wps/run'] },
  },
} as const satisfies Readonly<Record<string, Access>>;

const environments = [dev, systest, rc, prod].map(({ canary: _, ...environment }) => ({
  ...environment,
  api: { ...environment.api, access: accessOf[environment.name] },
}));

const asking = (name: string, count: number, has: Fact['has']): Fact => ({
  says: `of ${name} show who they are on every path`,
  because: 'anybody may start jobs on one of them',
  in: [name],
  type: 'aws_api_gateway_method',
  where: { http_method: 'ANY' },
  count,
  has,
});
const plan = (name: string, has: Fact['has']): Fact => ({
  says: `of the plan ${name} are held to its rates, at this stage`,
  because: 'one caller takes all that the service can do',
  in: ['DEV'],
  type: 'aws_api_gateway_usage_plan',
  where: { name: `wps-dev-${name}` },
  count: 1,
  has: {
    api_stages: [
      {
        api_id: 'aws_api_gateway_rest_api.api.id',
        stage: expect.stringMatching(/^(DEV$|aws_api_gateway_stage\.)/),
      },
    ],
    ...has,
  },
});

const callers: readonly Fact[] = [
  asking('DEV', 7, { authorization: 'NONE', api_key_required: true }),
  asking('SYSTEST', 7, {
    authorization: 'CUSTOM',
    authorizer_id: 'aws_api_gateway_authorizer.api_access_authorizer.id',
  }),
  asking('RC', 2, { authorization: 'AWS_IAM' }),
  asking('PROD', 7, {
    authorization: 'COGNITO_USER_POOLS',
    authorizer_id: 'aws_api_gateway_authorizer.api_access_authorizer.id',
    authorization_scopes: ['wps/run'],
  }),
  {
    says: 'without an identity read what is offered',
    because: 'a client cannot find out what it may ask for',
    in: ['DEV', 'SYSTEST', 'PROD'],
    type: 'aws_api_gateway_method',
    where: { http_method: 'GET' },
    count: 5,
    has: { authorization: 'NONE' },
  },
  ...[
    { environment: 'SYSTEST', count: 7 },
    { environment: 'RC', count: 2 },
  ].map(
    ({ environment, count }): Fact => ({
      says: `in browsers ask first on every path of ${environment}, without an identity`,
      because: 'no page can call the service',
      in: [environment],
      type: 'aws_api_gateway_method',
      where: { http_method: 'OPTIONS' },
      count,
      has: { authorization: 'NONE' },
    }),
  ),
  plan('portal', {
    throttle_settings: { rate_limit: 10, burst_limit: 20 },
    quota_settings: { limit: 9000, period: 'DAY' },
  }),
  plan('guests', { throttle_settings: { rate_limit: 1, burst_limit: 2 } }),
  ...[
    ['portal', 'portal'],
    ['guest', 'guests'],
    ['visitor', 'guests'],
  ].map(
    ([key, name]): Fact => ({
      says: `with the key ${key} are in the plan ${name}`,
      because: 'the key opens nothing, or has the rates of another plan',
      in: ['DEV'],
      type: 'aws_api_gateway_usage_plan_key',
      where: { key_id: `aws_api_gateway_api_key.api_access_key-${key}.id` },
      count: 1,
      has: {
        key_type: 'API_KEY',
        usage_plan_id: `aws_api_gateway_usage_plan.api_access_plan-${name}.id`,
      },
    }),
  ),
  {
    says: 'with tokens have them checked by the function, which is asked for tokens alone',
    because: 'every request without a token costs a call, or a token is read where none is',
    in: ['SYSTEST'],
    type: 'aws_api_gateway_authorizer',
    count: 1,
    has: {
      name: 'wps-systest-tokens',
      type: 'TOKEN',
      identity_source: 'method.request.header.Authorization',
      identity_validation_expression: '^[Bb]earer [A-Za-z0-9_=.-]+$',
      authorizer_result_ttl_in_seconds: 300,
      authorizer_uri: `arn:aws:apigateway:ap-southeast-2:lambda:path/2015-03-31/functions/${authorizer}/invocations`,
    },
  },
  {
    says: 'with tokens reach the function that checks them, in the version that is named',
    because: 'the gateway may not call it, and every request is answered 500',
    in: ['SYSTEST'],
    type: 'aws_lambda_permission',
    where: { function_name: 'tokens' },
    count: 1,
    has: {
      qualifier: 'live',
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      source_arn: expect.stringMatching(/execution_arn\}?\/authorizers\//),
    },
  },
  {
    says: 'with tokens of Amazon Cognito have them checked by the pools that are named',
    because: 'tokens of any pool, or none, are taken',
    in: ['PROD'],
    type: 'aws_api_gateway_authorizer',
    count: 1,
    has: {
      name: 'wps-prod-tokens',
      type: 'COGNITO_USER_POOLS',
      identity_source: 'method.request.header.Authorization',
      provider_arns: [pool],
    },
  },
  {
    says: 'of other accounts are named in the API’s policy, for its stage alone',
    because: 'they are refused whatever their own policies say',
    in: ['RC'],
    type: 'aws_api_gateway_rest_api_policy',
    count: 1,
    has: {
      policy: expect.stringMatching(
        /"Effect":"Allow","Principal":\{"AWS":\["arn:aws:iam::210987654321:root"\]\},"Action":\["execute-api:Invoke"\],"Resource":\["[^"]*execution_arn\}?\/RC\/\*"\]/,
      ),
    },
  },
  {
    says: 'of other accounts are known before the API is deployed',
    because: 'a policy counts from the next deployment on',
    in: ['RC'],
    type: 'aws_api_gateway_deployment',
    count: 1,
    has: {
      depends_on: expect.arrayContaining([
        expect.stringContaining('aws_api_gateway_rest_api_policy.'),
      ]),
    },
  },
];

describeFacts('callers', callers, { ...installationData, environments });
