import { z } from 'zod';

/** Where the stacks are deployed, and the prefix of their names. */
export const accountSettings = z.strictObject({
  id: z
    .string()
    .regex(/^\d{12}$/, 'is no AWS account id; allowed: twelve digits')
    .optional()
    .describe(
      'AWS account id. A deployment with credentials of another account is refused. Left out, it goes wherever the credentials belong, with a warning.',
    ),
  region: z
    .string()
    .regex(
      /^[a-z]{2}(-[a-z]+)+-\d$/,
      'is no AWS region; allowed: a region code such as ap-southeast-2',
    )
    .describe('AWS region.'),
  prefix: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,14}$/,
      'is no prefix; allowed: up to 15 of a-z, 0-9 and -, beginning with a letter',
    )
    .default('wps')
    .describe(
      'Start of every resource’s name. Two installations in one account need two prefixes.',
    ),
  permissionsBoundaryArn: z
    .string()
    .regex(/^arn:[\w-]+:iam::(\d{12}|aws):policy\//, 'is no ARN of a managed policy')
    .optional()
    .describe(
      'Managed policy that bounds every role of the stacks. The deployer’s policy (`npm run deployer-policy`) then lets it give rights to no role without it.',
    ),
});

export type AccountSettings = z.infer<typeof accountSettings>;
