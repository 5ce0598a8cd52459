import { z } from 'zod';

const variableName = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'is no variable name; allowed: capital letters, digits and _');

/** How one process is run in this environment. */
const oneProcess = z.strictObject({
  variables: z
    .record(variableName, z.string())
    .default({})
    .describe(
      'Variables of its containers: the address of a server it reads from, and the like. Its description must name them.',
    ),
  secrets: z
    .record(
      variableName,
      z
        .string()
        .regex(
          /^arn:[\w-]+:(ssm|secretsmanager):/,
          'is no ARN of a Parameter Store parameter or a Secrets Manager secret',
        ),
    )
    .default({})
    .describe(
      'Variables, named by its description too, whose values AWS Batch fetches at the start: ARN of a Parameter Store parameter or Secrets Manager secret. Encrypted with a key of your own, its policy must let the role `<prefix>-<environment>-execution` decrypt.',
    ),
  buckets: z
    .array(
      z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          'is no name of a bucket; allowed: as S3 has it',
        ),
    )
    .default([])
    .describe(
      'Buckets that its jobs may read and list, such as one with layers of GoGoDuck. A bucket of another account must allow it, too; what anyone may read needs nothing here. All jobs of an environment have one role.',
    ),
});

/**
 * The processes offered in this environment: all of `batch-jobs/` and of the named folders, except those
 * withheld.
 */
export const processSettings = z.strictObject({
  folders: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Folders of processes that are offered beside those of `batch-jobs/`: every folder in them with a `process.yaml` or `process.json`, and a Dockerfile. Relative paths are below the project.',
    ),
  withheld: z
    .array(z.string())
    .default([])
    .describe('Folders below `batch-jobs/` of processes that are not offered here.'),
  testProcess: z
    .boolean()
    .default(false)
    .describe(
      'Offer the process that test suites of OGC API - Processes run against (`batch-jobs/echo-inputs`).',
    ),
  own: z
    .record(z.string(), oneProcess)
    .default({})
    .describe('What is particular to one process, by its folder below `batch-jobs/`.'),
});
