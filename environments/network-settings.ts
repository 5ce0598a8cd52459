import { z } from 'zod';

/** The network of the jobs. The functions and the API need no network of their own. */
export const networkSettings = z.discriminatedUnion('kind', [
  z
    .strictObject({
      kind: z.literal('dedicated'),
      cidr: z
        .cidrv4('is no IPv4 block; allowed: for example 10.20.0.0/20')
        .refine(
          (block) => Number(block.split('/')[1]) <= 24 && Number(block.split('/')[1]) >= 16,
          'has the wrong size; allowed: /16 to /24',
        )
        .describe('Addresses of the network, /16 to /24.'),
      zones: z
        .int()
        .min(2)
        .max(4)
        .describe('Availability zones, a subnet each. More zones find capacity sooner.'),
    })
    .describe(
      'A small network of its own: public subnets without a NAT gateway, nothing allowed in, S3 reached through a gateway endpoint.',
    ),
  z
    .strictObject({
      kind: z.literal('existing'),
      vpcId: z
        .string()
        .regex(/^vpc-[0-9a-f]+$/, 'is no VPC id; allowed: vpc-…')
        .describe('The VPC.'),
      subnetIds: z
        .array(z.string().regex(/^subnet-[0-9a-f]+$/, 'is no subnet id; allowed: subnet-…'))
        .min(1)
        .describe(
          'Subnets that reach S3, ECR, ECS and CloudWatch Logs: through NAT, endpoints or public addresses. With storage in EFS, one a zone.',
        ),
      publicAddresses: z
        .boolean()
        .default(false)
        .describe(
          'Whether tasks on Fargate get public addresses: for subnets that route to an internet gateway, and have neither NAT nor endpoints. Machines follow the setting of the subnet.',
        ),
    })
    .describe('A VPC that is there already.'),
]);

export type NetworkSettings = z.infer<typeof networkSettings>;
