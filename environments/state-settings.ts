import { z } from 'zod';

/** Where Terraform stores its state. */
export const stateSettings = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('local') })
    .describe(
      'A file `terraform.<stack>.tfstate` in the folder of the project. For one person trying things out; the stack warns.',
    ),
  z
    .strictObject({
      kind: z.literal('s3'),
      bucket: z.string().min(3).max(63).describe('Bucket, which must be there already.'),
      region: z.string().optional().describe('Region of the bucket. Default: that of the account.'),
      prefix: z
        .string()
        .default('aws-wps/')
        .describe('Start of the object’s key; the stack’s name and `.tfstate` follow.'),
      kmsKeyArn: z.string().optional().describe('KMS key. Default: the bucket’s own encryption.'),
    })
    .describe(
      'An object in S3, locked by a lock file beside it while somebody deploys (no DynamoDB table).',
    ),
]);

export type StateSettings = z.infer<typeof stateSettings>;
