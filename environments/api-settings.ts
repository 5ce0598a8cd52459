import { z } from 'zod';

const lambdaArn = z
  .string()
  .regex(/^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/, 'is no ARN of a function');

const publicDescriptions = z
  .boolean()
  .default(true)
  .describe(
    'Whether descriptions are public: `GET` of `/`, `/conformance`, `/api`, `/processes` and `/processes/{id}`. Those of WPS share the path `/wps` with its executions, and are not public.',
  );

/** Who may call the API. Browsers' preflight requests carry no credentials and are always allowed. */
export const accessSettings = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('public') })
    .describe(
      'Anybody. A job is visible to every caller that knows its id; jobs cannot be listed.',
    ),
  z
    .strictObject({
      kind: z.literal('api-key'),
      publicDescriptions,
      plans: z
        .record(
          z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'is no name; allowed: a-z, 0-9 and -'),
          z.strictObject({
            requestsPerSecond: z.number().positive().describe('Requests over a longer time.'),
            burst: z.int().min(1).describe('Requests at once.'),
            requestsPerDay: z.int().min(1).optional().describe('Requests of a day. Default: any.'),
            keys: z
              .array(z.string().regex(/^[\w.@-]{1,64}$/, 'is no name of a key'))
              .min(1)
              .describe(
                'Names of the keys: whom each is given to. API Gateway makes their values.',
              ),
          }),
        )
        .refine((plans) => Object.keys(plans).length > 0, 'names no plan; without one no key works')
        .describe('Usage plans by name, with their keys. A key is in one plan.'),
    })
    .refine(({ plans }) => namedOnce(Object.values(plans).flatMap(({ keys }) => keys)), {
      path: ['plans'],
      error: 'name a key twice; a key is in one plan',
    })
    .describe('Callers with a key of API Gateway in the header `x-api-key`.'),
  z
    .strictObject({
      kind: z.literal('iam'),
      publicDescriptions,
      principals: z
        .array(z.string().regex(/^arn:[\w-]+:iam::\d{12}:(root|role\/.+|user\/.+)$/, 'is no ARN'))
        .default([])
        .describe(
          'Accounts, roles and users of other accounts that may call. Those of the own account need `execute-api:Invoke` in their policies and nothing here.',
        ),
    })
    .describe('Callers who sign with AWS credentials (Signature Version 4).'),
  z
    .strictObject({
      kind: z.literal('jwt'),
      publicDescriptions,
      authorizer: z
        .discriminatedUnion('kind', [
          z
            .strictObject({
              kind: z.literal('cognito'),
              userPoolArns: z
                .array(z.string().regex(/^arn:[\w-]+:cognito-idp:/, 'is no ARN of a user pool'))
                .min(1)
                .describe('User pools whose tokens are taken: the issuers.'),
              scopes: z
                .array(z.string().min(1))
                .default([])
                .describe(
                  'Scopes, one of which an access token must have: the audience. Without any, identity tokens are asked for.',
                ),
            })
            .describe('Amazon Cognito, which API Gateway checks by itself.'),
          z
            .strictObject({
              kind: z.literal('lambda'),
              functionArn: lambdaArn.describe(
                'Function that checks the token of another issuer, its audience and its signature. It must allow all of the stage or nothing, as its answer is kept, and name the caller as `principalId`.',
              ),
              keptSeconds: z
                .int()
                .min(0)
                .max(3600)
                .default(300)
                .describe('How long its answer to a token is kept.'),
            })
            .describe('A Lambda authorizer that is there already.'),
        ])
        .describe('What checks tokens.'),
    })
    .describe('Callers with a JSON Web Token in the header `Authorization`.'),
]);

export type AccessSettings = z.infer<typeof accessSettings>;

function namedOnce(names: readonly string[]): boolean {
  return new Set(names).size === names.length;
}

/** How clients reach the service. */
export const apiSettings = z.strictObject({
  access: accessSettings.default({ kind: 'public' }).describe('Who may call.'),
  requestsPerSecond: z
    .int()
    .min(1)
    .max(10_000)
    .describe('Requests taken per second over a longer time; more are answered 429.'),
  burst: z.int().min(1).max(5_000).describe('Requests taken at once.'),
  domain: z
    .strictObject({
      name: z.hostname().describe('Host name of the service.'),
      certificateArn: z
        .string()
        .regex(/^arn:[\w-]+:acm:/, 'is no ARN of an ACM certificate')
        .describe('ACM certificate of that name, in the same region.'),
      hostedZoneId: z
        .string()
        .regex(/^Z[A-Z0-9]+$/, 'is no Route 53 hosted zone id')
        .optional()
        .describe('Route 53 zone to write the name into. Left out, the name is yours to point.'),
    })
    .optional()
    .describe('A name of one’s own. The `execute-api` host is then switched off.'),
  firewall: z
    .strictObject({
      requestsPerFiveMinutes: z
        .int()
        .min(100)
        .describe('Requests of one address in five minutes; more are refused.'),
    })
    .optional()
    .describe(
      'AWS WAF with Amazon’s common rules and a bound on each address. About 7 US dollars a month and 0.60 per million requests.',
    ),
});

export type ApiSettings = z.infer<typeof apiSettings>;
