import { z } from 'zod';

/** How people are informed of their jobs by e-mail. */
export const mailSettings = z.strictObject({
  address: z
    .email()
    .describe('Address of the sender. Amazon SES must be allowed to send for its domain.'),
  name: z
    .string()
    .regex(/^[A-Za-z0-9 -]{1,60}$/, 'holds more than letters, digits, spaces and "-"')
    .optional()
    .describe('Name of the sender. Left out, the address alone is shown.'),
  identity: z
    .enum(['create', 'existing'])
    .default('create')
    .describe(
      'Whether the stack makes the identity of the domain in SES, whose DKIM records its outputs name. `existing` where another stack of the account has made it: an account has one per domain.',
    ),
});

export type MailSettings = z.infer<typeof mailSettings>;
