import { z } from 'zod';
import { architectureOf, architectures } from './instance-architecture.ts';

const gibibytes = (smallest: number) => z.int().min(smallest).max(16_384);

/** Where the machines of a queue store containers and their scratch folders. */
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

const maxVcpus = z.int().min(1).max(10_000).describe('Most vCPUs at once: the bound on cost.');
const stuckAfterMinutes = z
  .int()
  .min(10)
  .max(1440)
  .default(60)
  .describe(
    'A job at the head of the queue that gets no capacity is cancelled after this time. Machines take several minutes to start from zero.',
  );
const scheduling = z
  .enum(['first-come', 'fair-share'])
  .default('first-come')
  .describe(
    'Whose job is next. With `fair-share`, each caller with an identity has an equal share of the queue, and so has each process among jobs without one; with `first-come`, who sends a thousand jobs goes first with all of them. Another choice replaces the queue, and AWS Batch ends the jobs in the old one: let it run empty first, as `docs/runbooks/changing-a-queue.md` says.',
  );

const machineQueue = z
  .strictObject({
    kind: z
      .literal('machines')
      .optional()
      .describe(
        'What the queue is of. Another kind replaces the queue, and AWS Batch ends the jobs in the old one: let it run empty first, as `docs/runbooks/changing-a-queue.md` says.',
      ),
    instanceTypes: z
      .array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)?$/, 'is no instance type or family'))
      .min(1)
      .describe(
        'Instance types or families (`m7i`). Several families find capacity sooner; all of one architecture, that of the container images. On Graviton (`m7g`), machines cost less.',
      ),
    minVcpus: z
      .int()
      .min(0)
      .describe('vCPUs kept up while nothing runs. Above 0, a job starts in seconds.'),
    maxVcpus,
    purchase: z
      .enum(['on-demand', 'spot'])
      .describe(
        'Spot is cheaper and may be taken away; jobs that lose their host are tried again.',
      ),
    storage: storageSettings.describe('Where containers and scratch folders are.'),
    imageId: z
      .string()
      .regex(/^ami-[0-9a-f]{8,17}$/, 'is no id of a machine image; allowed: ami-…')
      .optional()
      .describe(
        'Image that machines start from, regardless of the one that the release names: ECS-optimised Amazon Linux 2023 or, with a data volume, one of SHARED’s pipeline. It is kept from deletion while a setting names it. Left out, that of the release.',
      ),
    scheduling,
    stuckAfterMinutes,
  })
  .refine(({ minVcpus, maxVcpus: most }) => minVcpus <= most, {
    path: ['minVcpus'],
    error: ({ input }) => aboveMaximum(input),
  })
  .refine(({ instanceTypes }) => new Set(instanceTypes.map(architectureOf)).size === 1, {
    path: ['instanceTypes'],
    error: ({ input }) => mixed(input),
  })
  .describe(
    'Machines of Amazon EC2, which several jobs may share. Where no kind is named, it is this one.',
  );

const fargateQueue = z
  .strictObject({
    kind: z
      .literal('fargate')
      .describe(
        'What the queue is of. Another kind replaces the queue, and AWS Batch ends the jobs in the old one: let it run empty first, as `docs/runbooks/changing-a-queue.md` says.',
      ),
    architecture: z.enum(architectures).default('x86_64').describe('Of the container images.'),
    maxVcpus,
    purchase: z
      .enum(['on-demand', 'spot'])
      .describe(
        'Spot is cheaper and may be taken away; jobs that lose their task are tried again. On x86_64 only.',
      ),
    scheduling,
    stuckAfterMinutes,
  })
  .refine(({ architecture, purchase }) => architecture === 'x86_64' || purchase === 'on-demand', {
    path: ['purchase'],
    error:
      'is not available on arm64: AWS Batch runs no arm64 tasks on Fargate Spot; allowed: on-demand, or spot with architecture x86_64 (found spot with arm64)',
  })
  .describe(
    'A task of AWS Fargate for each job: no machine is kept up, and each job starts in about a minute. Up to 16 vCPU, 120 GiB of memory and 200 GiB of scratch; a job gets the smallest size of a task that holds it.',
  );

/** A job queue and its compute environment. */
export const queueSettings = z.discriminatedUnion('kind', [machineQueue, fargateQueue]);

function mixed(input: unknown): string {
  const { instanceTypes } = input as { instanceTypes: readonly string[] };
  return `mix x86_64 and arm64; AWS Batch takes one architecture a queue (found ${JSON.stringify(instanceTypes)})`;
}

function aboveMaximum(input: unknown): string {
  const { minVcpus, maxVcpus: most } = input as { minVcpus: number; maxVcpus: number };
  return `is above maxVcpus, ${most} (found ${minVcpus})`;
}

export type QueueSettings = z.infer<typeof queueSettings>;
/** A queue whose jobs share machines. */
export type MachineQueueSettings = z.infer<typeof machineQueue>;
/** A queue whose jobs are Fargate tasks. */
export type FargateQueueSettings = z.infer<typeof fargateQueue>;

export function isFargate(settings: QueueSettings): settings is FargateQueueSettings {
  return settings.kind === 'fargate';
}
