import { z } from 'zod';

/** How a CI pipeline reaches the account. */
export const pipelineSettings = z.strictObject({
  repository: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/,
      'is no repository on GitHub; allowed: owner/name, without patterns',
    )
    .describe('Repository on GitHub whose workflows may plan and deploy: `owner/name`.'),
  branch: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$/,
      'is no name of a branch; allowed: one name, without patterns',
    )
    .default('main')
    .describe('Branch whose scheduled workflows may look for drift.'),
  providerArn: z
    .string()
    .regex(
      /^arn:[\w-]+:iam::\d{12}:oidc-provider\/token\.actions\.githubusercontent\.com$/,
      'is no ARN of the identity provider of GitHub Actions',
    )
    .optional()
    .describe(
      'Identity provider of GitHub Actions, of which an account has one. Left out, the stack makes it.',
    ),
});

export type PipelineSettings = z.infer<typeof pipelineSettings>;
