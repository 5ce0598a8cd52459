import { expect, it } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import type { MachineQueueSettings } from '../../environments/queue-settings.ts';
import { throughputOf } from '../../stacks/constructs/scratch-file-system.ts';
import { machineQueue } from '../environments/machine-queue.ts';
import { describeFacts, type Fact } from './facts.ts';

const account = '123456789012';
const outputs = `wps-{env}-outputs-${account}-ap-southeast-2`;
const configuration = `wps-configuration-${account}-ap-southeast-2`;
const everyStack = ['SHARED', 'DEV', 'SYSTEST', 'RC', 'PROD'];
const unfinishedUploads = {
  id: 'unfinished-uploads',
  status: 'Enabled',
  filter: [{ prefix: '' }],
  abort_incomplete_multipart_upload: [{ days_after_initiation: 2 }],
};

/**
 * Outputs expire after this many days. Markers of unfinished jobs do not, because the service needs them to
 * find those jobs.
 */
const expiringAfter = (days: number): Fact['has'] => ({
  bucket: outputs,
  rule: [
    unfinishedUploads,
    ...['jobs', 'ended', 'index', 'idempotency', 'mail'].map((folder) => ({
      id: `expiry-${folder}`,
      status: 'Enabled',
      filter: [{ prefix: `${folder}/` }],
      expiration: [{ days }],
    })),
  ],
});

const documents: readonly Fact[] = [
  {
    says: 'expire below jobs/, where they are, after two weeks',
    because: 'nothing ever expires, or something else does',
    in: ['DEV', 'SYSTEST', 'RC'],
    type: 'aws_s3_bucket_lifecycle_configuration',
    count: 1,
    has: expiringAfter(14),
  },
  {
    says: 'expire below jobs/ after 30 days in PROD',
    because: 'users lose outputs that they were promised',
    in: ['PROD'],
    type: 'aws_s3_bucket_lifecycle_configuration',
    count: 1,
    has: expiringAfter(30),
  },
  {
    says: 'outlive the stack in RC and PROD',
    because: 'a destroyed stack takes the outputs of users with it',
    in: ['RC', 'PROD'],
    type: 'aws_s3_bucket',
    where: { bucket: outputs },
    count: 1,
    has: { force_destroy: false },
  },
  {
    says: 'go with the stack in DEV and SYSTEST',
    because: 'trying things out ends with a bucket that somebody must empty',
    in: ['DEV', 'SYSTEST'],
    type: 'aws_s3_bucket',
    where: { bucket: outputs },
    count: 1,
    has: { force_destroy: true },
  },
  {
    says: 'cannot be made public, in SHARED neither',
    because: 'one wrong policy shows every output to everybody',
    in: everyStack,
    type: 'aws_s3_bucket_public_access_block',
    has: {
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    },
  },
  {
    says: 'get their policy after the block of public access',
    because: 'S3 refuses one of two changes at the same time, and the first deployment fails',
    in: everyStack,
    type: 'aws_s3_bucket_policy',
    has: { depends_on: [expect.stringMatching(/^aws_s3_bucket_public_access_block\./)] },
  },
  ...['configuration', 'releases'].map(
    (name): Fact => ({
      says: `of ${name} get versions before a rule for earlier ones`,
      because: 'S3 refuses the rule, and the first deployment fails',
      in: ['SHARED'],
      type: 'aws_s3_bucket_lifecycle_configuration',
      where: { bucket: `wps-${name}-${account}-ap-southeast-2` },
      count: 1,
      has: { depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\./)] },
    }),
  ),
  {
    says: 'of releases begin with a first version of the package',
    because: 'Terraform cannot delete a package that it wrote before there were versions',
    in: ['SHARED'],
    type: 'aws_s3_object',
    where: { key: 'functions.zip' },
    count: 1,
    has: { depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\./)] },
  },
  {
    says: 'belong to the account, even if another account wrote them',
    because: 'access lists decide beside policies',
    in: everyStack,
    type: 'aws_s3_bucket_ownership_controls',
    has: { rule: { object_ownership: 'BucketOwnerEnforced' } },
  },
  {
    says: 'are encrypted with S3’s own key where the settings name none',
    because: 'they are readable on the disk',
    in: everyStack,
    type: 'aws_s3_bucket_server_side_encryption_configuration',
    has: {
      rule: [
        {
          apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' },
          bucket_key_enabled: false,
        },
      ],
    },
  },
  {
    says: 'may be read by pages in parts, and their names and sizes with them',
    because: 'a page that reads NetCDF over HTTP cannot',
    type: 'aws_s3_bucket_cors_configuration',
    count: 1,
    has: {
      bucket: outputs,
      cors_rule: [
        {
          allowed_methods: ['GET', 'HEAD'],
          allowed_origins: ['*'],
          allowed_headers: ['range', 'if-match', 'if-none-match'],
          expose_headers: ['Accept-Ranges', 'Content-Disposition', 'Content-Range', 'ETag'],
          max_age_seconds: 86_400,
        },
      ],
    },
  },
  {
    says: 'of the configuration keep their earlier versions, for 90 days',
    because: 'a file written wrongly cannot be brought back, or each is kept without end',
    in: ['SHARED'],
    type: 'aws_s3_bucket_lifecycle_configuration',
    where: { bucket: configuration },
    count: 1,
    has: {
      bucket: configuration,
      rule: [
        unfinishedUploads,
        {
          id: 'earlier-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrent_version_expiration: [{ noncurrent_days: 90 }],
        },
      ],
    },
  },
  {
    says: 'of the configuration have versions',
    because: 'there is none to bring back',
    in: ['SHARED'],
    type: 'aws_s3_bucket_versioning',
    where: { bucket: configuration },
    count: 1,
    has: { versioning_configuration: { status: 'Enabled' } },
  },
  {
    says: 'that tell an environment its configuration are in its folder, as UTF-8',
    because: 'its alias finds none, or reads letters as others',
    type: 'aws_s3_object',
    count: 1,
    has: {
      bucket: configuration,
      key: '{ENV}/wps.properties',
      content_type: 'text/plain; charset=utf-8',
    },
  },
  {
    says: 'that tell a call without an alias its configuration are there after versions',
    because: 'Terraform cannot delete a file that it wrote before there were versions',
    in: ['SHARED'],
    type: 'aws_s3_object',
    where: { key: '$LATEST/wps.properties' },
    count: 1,
    has: { depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\./)] },
  },
];

const releases = `wps-releases-${account}-ap-southeast-2`;

const packages: readonly Fact[] = [
  {
    says: 'have versions under one key',
    because: 'a new one deletes the one before, and nothing can go back to it',
    in: ['SHARED'],
    type: 'aws_s3_bucket_versioning',
    where: { bucket: releases },
    count: 1,
    has: { versioning_configuration: { status: 'Enabled' } },
  },
  {
    says: 'are kept for 400 days, and the last hundred without limit',
    because: 'a release that an environment runs cannot be deployed again',
    in: ['SHARED'],
    type: 'aws_s3_bucket_lifecycle_configuration',
    where: { bucket: releases },
    count: 1,
    has: {
      rule: [
        unfinishedUploads,
        {
          id: 'earlier-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrent_version_expiration: [{ noncurrent_days: 400, newer_noncurrent_versions: 100 }],
        },
      ],
    },
  },
];

const logs: readonly Fact[] = [
  ...[
    { stack: 'DEV', days: 30 },
    { stack: 'SYSTEST', days: 30 },
    { stack: 'RC', days: 60 },
    { stack: 'PROD', days: 90 },
    { stack: 'SHARED', days: 90 },
  ].map(
    ({ stack, days }): Fact => ({
      says: `of ${stack} are kept for ${days} days, all of them`,
      because: 'log lines are paid for without end, or gone when they are needed',
      in: [stack],
      type: 'aws_cloudwatch_log_group',
      has: { name: expect.any(String), retention_in_days: days },
    }),
  ),
  {
    says: 'of jobs are in the group that job definitions name',
    because: 'the agent cannot start a container',
    type: 'aws_batch_job_definition',
    where: { name: 'wps-{env}-echo' },
    count: 1,
    has: {
      container_properties: expect.stringContaining(
        '"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/aws/batch/wps-',
      ),
    },
  },
];

const scratch: readonly Fact[] = [
  {
    says: 'is encrypted, and as fast as its settings say',
    because: 'data is unencrypted on a disk, or every job is slow',
    in: ['DEV'],
    type: 'aws_efs_file_system',
    count: 1,
    has: {
      // Two environments of an account with one token would be one file system.
      creation_token: 'wps-dev-scratch',
      encrypted: true,
      throughput_mode: 'elastic',
      lifecycle_policy: [{ transition_to_ia: 'AFTER_1_DAY' }],
    },
  },
  {
    says: 'belongs to the user of containers, who alone may look into it',
    because: 'jobs cannot write, or others can read',
    in: ['DEV'],
    type: 'aws_efs_access_point',
    count: 1,
    has: {
      posix_user: { uid: 1000, gid: 1000 },
      root_directory: {
        path: '/scratch',
        creation_info: { owner_uid: 1000, owner_gid: 1000, permissions: '0770' },
      },
    },
  },
  ...[0, 1].map(
    (zone): Fact => ({
      says: `can be mounted in zone ${zone}, from jobs`,
      because: 'jobs on machines of that zone fail',
      in: ['DEV'],
      type: 'aws_efs_mount_target',
      where: { subnet_id: `aws_subnet.network_subnet-${zone}.id` },
      count: 1,
      has: {
        file_system_id: 'aws_efs_file_system.scratch_files.id',
        security_groups: ['aws_security_group.scratch_group.id'],
      },
    }),
  ),
];

const kmsKeyArn = `arn:aws:kms:ap-southeast-2:${account}:key/1`;
const withKey = {
  ...installationData,
  environments: [{ ...dev, outputs: { ...dev.outputs, kmsKeyArn } }],
};

describeFacts('documents of jobs', documents);
describeFacts('packages of the functions', packages);
describeFacts('logs', logs);
describeFacts('the scratch file system', scratch);
describeFacts(
  'documents under a key of one’s own',
  [
    {
      says: 'are encrypted with it, which S3 asks for once a bucket',
      because: 'S3’s own key stands in, or every object costs a call to KMS',
      in: ['DEV'],
      type: 'aws_s3_bucket_server_side_encryption_configuration',
      count: 1,
      has: {
        rule: [
          {
            apply_server_side_encryption_by_default: {
              sse_algorithm: 'aws:kms',
              kms_master_key_id: kmsKeyArn,
            },
            bucket_key_enabled: true,
          },
        ],
      },
    },
  ],
  withKey,
);

it('a scratch file system that several queues share has elastic throughput if one of them wants it', () => {
  const queue = (storage: MachineQueueSettings['storage']): MachineQueueSettings => ({
    ...machineQueue(dev.queues.small),
    scheduling: 'first-come',
    stuckAfterMinutes: 60,
    storage,
  });
  const [bursting, elastic, none] = [
    queue({ kind: 'efs', throughput: 'bursting' }),
    queue({ kind: 'efs', throughput: 'elastic' }),
    queue({ kind: 'root-volume', sizeGiB: 30 }),
  ];
  const shared = (small: MachineQueueSettings, large: MachineQueueSettings) =>
    throughputOf({ small, timeseries: none, large });
  expect(shared(bursting, elastic)).toBe('elastic');
  expect(shared(elastic, bursting)).toBe('elastic');
  expect(shared(none, bursting)).toBe('bursting');
  expect(shared(none, none)).toBeUndefined();
});
