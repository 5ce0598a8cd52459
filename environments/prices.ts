import { z } from 'zod';

const usd = z.number().min(0);

/**
 * List prices in US dollars, used to estimate costs. They are entered by hand and no program looks them up:
 * AWS changes prices, and regions differ.
 */
export const priceSettings = z.strictObject({
  machine: z
    .strictObject({
      x86_64: usd.describe('An hour of a machine with 2 vCPU and 8 GiB.'),
      arm64: usd.describe('The same on Graviton.'),
    })
    .describe('Machines of EC2, on demand.'),
  task: z
    .strictObject({
      x86_64: z
        .strictObject({
          vcpu: usd.describe('An hour of a vCPU.'),
          gib: usd.describe('An hour of a GiB of memory.'),
        })
        .describe('On x86_64.'),
      arm64: z
        .strictObject({
          vcpu: usd.describe('An hour of a vCPU.'),
          gib: usd.describe('An hour of a GiB of memory.'),
        })
        .describe('On arm64.'),
      scratchGib: usd.describe('An hour of a GiB of storage above the 20 that are included.'),
    })
    .describe('Tasks of Fargate, on demand.'),
  spotShare: z.number().min(0).max(1).describe('Part of the price on demand that Spot asks for.'),
  address: usd.describe('An hour of the public IPv4 address of a machine or task.'),
  volume: z
    .strictObject({
      gb: usd.describe('A GB.'),
      iops: usd.describe('An IOPS above 3000.'),
      throughput: usd.describe('A MB/s above 125.'),
    })
    .describe('gp3 volumes, by the month.'),
  fileSystem: z
    .strictObject({ written: usd.describe('A GB written.'), read: usd.describe('A GB read.') })
    .describe('EFS with elastic throughput.'),
});

export type Prices = z.infer<typeof priceSettings>;

/**
 * Prices of ap-southeast-2 (Sydney), as entered in November 2026; no test compares them with AWS's price
 * list. Spot is assumed to cost two fifths of the on-demand price.
 *
 * To look them up for your region, use the price list (`aws pricing get-products`), or
 * - machines and addresses: https://aws.amazon.com/ec2/pricing/on-demand/, https://aws.amazon.com/vpc/pricing/
 * - tasks of Fargate: https://aws.amazon.com/fargate/pricing/
 * - volumes and file systems: https://aws.amazon.com/ebs/pricing/, https://aws.amazon.com/efs/pricing/
 */
export const pricesOfSydney: Prices = {
  machine: { x86_64: 0.12, arm64: 0.102 },
  task: {
    x86_64: { vcpu: 0.04856, gib: 0.00532 },
    arm64: { vcpu: 0.03885, gib: 0.00425 },
    scratchGib: 0.000133,
  },
  spotShare: 0.4,
  address: 0.005,
  volume: { gb: 0.096, iops: 0.006, throughput: 0.048 },
  fileSystem: { written: 0.07, read: 0.04 },
};

/** The region of {@link pricesOfSydney}. */
export const regionOfPrices = 'ap-southeast-2';
