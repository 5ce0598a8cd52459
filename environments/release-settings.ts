import { z } from 'zod';

/** The four environments, in the order in which they are promoted. */
export const environmentNames = ['DEV', 'SYSTEST', 'RC', 'PROD'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

const tag = z.string().regex(/^[\w][\w.-]{0,127}$/, 'is no image tag');
const environment = z.enum(environmentNames);

/**
 * A release that an environment has run: a version of the parameter in which the environment records its
 * release.
 */
const recordedRelease = z.strictObject({
  environment: environment.describe('Environment that ran it.'),
  version: z
    .int()
    .min(1)
    .describe(
      'Version of that environment’s release parameter; `aws ssm get-parameter-history` lists them.',
    ),
});

export type RecordedRelease = z.infer<typeof recordedRelease>;

/** The parts of a release that can be pinned on their own. */
export const releaseParts = ['functions', 'machineImages', 'processImages'] as const;
export type ReleasePart = (typeof releaseParts)[number];

const parts = z
  .strictObject({
    functions: recordedRelease.optional().describe('The functions’ package.'),
    machineImages: recordedRelease.optional().describe('The images of machines.'),
    processImages: recordedRelease.optional().describe('The container images of processes.'),
  })
  .default({})
  .describe(
    'Single parts that are taken from another release: the rollback of one part, or of all but one.',
  );

/**
 * The release that an environment runs: the functions' package, the machine images and the digests of the
 * processes' container images, which are promoted and rolled back together.
 */
export const releaseSettings = z.discriminatedUnion('take', [
  z
    .strictObject({
      take: z.literal('newest'),
      tag: tag
        .optional()
        .describe(
          'Tag of the container images. Left out, each has the one that `npm run images` gives it by its content.',
        ),
      tags: z
        .record(z.string(), tag)
        .default({})
        .describe('Tags of single processes, by their folders below `batch-jobs/`.'),
      parts,
    })
    .describe(
      'What is newest when the environment is deployed: SHARED’s package, the newest images of machines, and container images by their tags.',
    ),
  z
    .strictObject({
      take: z.literal('promoted'),
      from: environment.describe(
        'Environment whose release is taken, as it is when this one is deployed.',
      ),
      parts,
    })
    .describe('What another environment runs: the promotion of a tested release.'),
  z
    .strictObject({
      take: z.literal('pinned'),
      ...recordedRelease.shape,
      parts,
    })
    .describe('A release that was recorded before: the rollback.'),
]);

export type ReleaseSettings = z.infer<typeof releaseSettings>;
