import { z } from 'zod';

/** How clients reach the service. */
export const apiSettings = z.strictObject({
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
    .describe('AWS WAF with Amazon’s common rules and a bound on each address. Costs extra.'),
});

export type ApiSettings = z.infer<typeof apiSettings>;
