import { z } from 'zod';
import { accountSettings } from './account-settings.ts';
import { architectureOf, architectures } from './instance-architecture.ts';
import { budgetSettings, logSettings } from './operations-settings.ts';
import { pipelineSettings } from './pipeline-settings.ts';
import { stateSettings } from './state-settings.ts';
import { tagSettings } from './tag-settings.ts';

/** Settings of what an account has once for all environments. */
export const sharedSettings = z.strictObject({
  name: z
    .string()
    .regex(
      /^SHARED(-[A-Z0-9]{1,20})?$/,
      'is no name for shared parts; allowed: SHARED, or SHARED- and up to 20 capital letters and digits',
    )
    .default('SHARED')
    .describe('Name of the stack. A second account has another, `SHARED-PROD` for example.'),
  account: accountSettings.describe('Where everything is deployed.'),
  concurrentExecutions: z
    .int()
    .min(1)
    .default(1000)
    .describe(
      'Executions of functions at once that Lambda allows the account (quota `L-B99A9384`). What environments set aside must leave 100 of them.',
    ),
  image: z
    .strictObject({
      build: z
        .boolean()
        .default(true)
        .describe(
          'Whether images are built here. An account whose environments all take releases of another account needs none.',
        ),
      architecture: z
        .enum(architectures)
        .default('x86_64')
        .describe('Of the machines on the custom image; that of the container images.'),
      instanceTypes: z
        .array(z.string())
        .min(1)
        .default(['m6i.large'])
        .describe('Types of the machine that builds and tests an image.'),
      schedule: z
        .string()
        .default('cron(0 16 ? * sun *)')
        .describe('When images are built, in Image Builder’s cron form, UTC. Weekly by default.'),
      dataVolumeGiB: z
        .int()
        .min(50)
        .max(16_384)
        .default(50)
        .describe('Size of the data volume in the image; environments may only enlarge it.'),
      keep: z
        .int()
        .min(1)
        .max(100)
        .default(4)
        .describe(
          'Images kept besides those that a release uses, or used before, and those of the last eight weeks. Older ones are deleted.',
        ),
      network: z
        .strictObject({
          subnetId: z
            .string()
            .regex(/^subnet-[0-9a-f]+$/, 'is no subnet id')
            .describe('Subnet that reaches Systems Manager and S3.'),
          securityGroupIds: z
            .array(z.string().regex(/^sg-[0-9a-f]+$/, 'is no group id'))
            .min(1)
            .describe('Security groups of the machine.'),
        })
        .optional()
        .describe('Where images are built. Default: the account’s default VPC.'),
    })
    .refine(
      ({ architecture, instanceTypes }) =>
        instanceTypes.every((type) => architectureOf(type) === architecture),
      {
        path: ['instanceTypes'],
        error: ({ input }) => builtElsewhere(input),
      },
    )
    .prefault({})
    .describe('The pipeline for the image of queues with a data volume.'),
  apiAccountRole: z
    .enum(['managed', 'existing'])
    .optional()
    .describe(
      'API Gateway has one role per account and region for writing logs, and every API of the account uses it. `existing`: it is set already, and stays as it is. `managed`: SHARED sets it, over one that another team may have set. Left out, it stays as it is, with a warning; `npm run preflight` says whether there is one.',
    ),
  pipeline: pipelineSettings
    .optional()
    .describe(
      'Roles for a CI pipeline, in a stack of their own: `PIPELINE`, or what `name` has behind SHARED. Left out, there is no such stack.',
    ),
  logs: logSettings.describe('Logs of image builds.'),
  alarms: z
    .strictObject({
      email: z
        .email()
        .optional()
        .describe(
          'Address that is notified. Without it no notifications are sent, and synthesis warns.',
        ),
    })
    .prefault({})
    .describe('Who is notified when an image cannot be built, or the budget is spent.'),
  budget: budgetSettings.prefault({ monthlyUsd: 20 }).describe('What a month may cost.'),
  deletionProtection: z
    .boolean()
    .default(true)
    .describe(
      'Whether the stack refuses to be destroyed. It can be set to `false` only when the installation lists no environment that stands on it.',
    ),
  tags: tagSettings,
  state: stateSettings.describe('Where Terraform keeps the stack’s state.'),
});

function builtElsewhere(input: unknown): string {
  const { architecture, instanceTypes } = input as SharedEnvironment['image'];
  return `are not all ${architecture}, the architecture of the image (found ${JSON.stringify(instanceTypes)})`;
}

export type SharedEnvironment = z.infer<typeof sharedSettings>;
/** Settings as written in the data file: members with a default may be left out. */
export type SharedEnvironmentData = z.input<typeof sharedSettings>;
