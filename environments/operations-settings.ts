import { z } from 'zod';
import { longestRetentionDays } from '../batch-jobs/api/job-expiry.ts';

/** Retention periods that CloudWatch Logs accepts, in days. */
const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

export const logSettings = z.strictObject({
  retentionDays: z
    .literal([...logRetentionDays])
    .describe('How long log lines are kept; one of the times that CloudWatch Logs knows.'),
});

export type LogSettings = z.infer<typeof logSettings>;

export const outputSettings = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(longestRetentionDays)
    .describe(
      'How many days requests, status documents and outputs are kept; each job shows users until when.',
    ),
  kmsKeyArn: z
    .string()
    .regex(/^arn:[\w-]+:kms:/, 'is no ARN of a KMS key')
    .optional()
    .describe('KMS key of the outputs, whose policy leaves access to IAM. Default: S3’s own key.'),
  deleteWithStack: z
    .boolean()
    .describe(
      'Whether destroying the stack deletes the outputs. Where it is `false`, the stack refuses to be destroyed.',
    ),
});

export type OutputSettings = z.infer<typeof outputSettings>;

export const alarmSettings = z.strictObject({
  email: z
    .email()
    .optional()
    .describe(
      'Address that is notified. Without it no notifications are sent, and synthesis warns.',
    ),
  failedJobsPerHour: z
    .int()
    .min(1)
    .default(3)
    .describe('Jobs that may fail in an hour before the alarm goes off.'),
  waitingMinutes: z
    .int()
    .min(1)
    .default(30)
    .describe('How long a job may wait for its start before the alarm goes off.'),
});

export type AlarmSettings = z.infer<typeof alarmSettings>;

export const canarySettings = z.strictObject({
  everyMinutes: z
    .int()
    .min(5)
    // The alarm looks at two runs, and CloudWatch evaluates at most a day.
    .max(12 * 60)
    .default(15)
    .describe(
      'Minutes from one run to the next. A run takes three short jobs in the queue of the process.',
    ),
  process: z
    .string()
    .default('echo')
    .describe(
      'Identifier of the process that is run; it gives input `message` back as output `result`.',
    ),
});

export type CanarySettings = z.infer<typeof canarySettings>;

export const budgetSettings = z.strictObject({
  monthlyUsd: z
    .number()
    .positive()
    .describe(
      'Budget of a month in US dollars; at 80 % spent, or 100 % forecast, the alarms’ address is notified.',
    ),
});

export type BudgetSettings = z.infer<typeof budgetSettings>;
