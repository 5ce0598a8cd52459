import { z } from 'zod';
import { architectureOf } from './instance-architecture.ts';

const gibibytes = (smallest: number) => z.int().min(smallest).max(16_384);

/** Where containers and their scratch folders lie on the machines of a queue. */
const storageSettings = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('root-volume'),
      sizeGiB: gibibytes(30).describe('Size of the encrypted gp3 root volume.'),
    })
    .describe('The root volume of the ECS-optimised image.'),
  z
    .strictObject({
      kind: z.literal('data-volume'),
      sizeGiB: gibibytes(50).describe('Size of the encrypted gp3 data volume.'),
      iops: z.int().min(3000).max(16_000).default(3000).describe('3000 cost nothing extra.'),
      throughputMiBps: z.int().min(125).max(1000).default(125).describe('125 cost nothing extra.'),
    })
    .describe(
      'A large volume of its own, on the image that SHARED’s pipeline builds. Build an image first.',
    ),
  z
    .strictObject({
      kind: z.literal('efs'),
      throughput: z
        .enum(['elastic', 'bursting'])
        .default('elastic')
        .describe(
          'Elastic bills the bytes moved and is as fast as asked; bursting is slow while little is stored.',
        ),
    })
    .describe(
      'Scratch folders in EFS: no size to choose and nothing to build, but slower than a volume. One file system serves every queue that wants it.',
    ),
]);

export type StorageSettings = z.infer<typeof storageSettings>;

/** A job queue and the machines behind it. */
export const queueSettings = z
  .strictObject({
    instanceTypes: z
      .array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)?$/, 'is no instance type or family'))
      .min(1)
      .describe(
        'Instance types or families (`m7i`). Several families find capacity sooner; all of one architecture, that of the container images.',
      ),
    minVcpus: z
      .int()
      .min(0)
      .describe('vCPUs kept up while nothing runs. Above 0, a job starts in seconds.'),
    maxVcpus: z.int().min(1).max(10_000).describe('Most vCPUs at once: the bound on cost.'),
    purchase: z
      .enum(['on-demand', 'spot'])
      .describe(
        'Spot is cheaper and may be taken away; jobs that lose their host are tried again.',
      ),
    storage: storageSettings.describe('Where containers and scratch folders lie.'),
    stuckAfterMinutes: z
      .int()
      .min(10)
      .max(1440)
      .default(60)
      .describe(
        'A job at the head of the queue that no machine can be had for is cancelled after this time. Starting from zero takes several minutes.',
      ),
  })
  .refine(({ minVcpus, maxVcpus }) => minVcpus <= maxVcpus, {
    path: ['minVcpus'],
    error: ({ input }) => aboveMaximum(input),
  })
  .refine(({ instanceTypes }) => new Set(instanceTypes.map(architectureOf)).size === 1, {
    path: ['instanceTypes'],
    error: ({ input }) => mixed(input),
  });

function mixed(input: unknown): string {
  const { instanceTypes } = input as { instanceTypes: readonly string[] };
  return `mix x86_64 and arm64; AWS Batch takes one architecture a queue (found ${JSON.stringify(instanceTypes)})`;
}

function aboveMaximum(input: unknown): string {
  const { minVcpus, maxVcpus } = input as { minVcpus: number; maxVcpus: number };
  return `is above maxVcpus, ${maxVcpus} (found ${minVcpus})`;
}

export type QueueSettings = z.infer<typeof queueSettings>;
