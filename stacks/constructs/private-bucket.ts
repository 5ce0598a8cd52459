import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { policyDocument } from './policy-document.ts';

export interface PrivateBucketProps {
  readonly bucketName: string;
  /** Whether destroying the stack deletes the bucket's content. */
  readonly deleteWithContent: boolean;
  /** Whether Terraform refuses to destroy the bucket, and with it the stack. */
  readonly preventDestroy: boolean;
  /** How many days earlier versions of objects are kept. Without it, the bucket has no versions. */
  readonly earlierVersionsDays?: number;
  /** How many earlier versions are kept even after that, at most 100. */
  readonly earlierVersionsKept?: number;
  /** After how many days objects below each prefix are deleted. */
  readonly expire?: readonly { readonly prefix: string; readonly days: number }[];
  /** Principals of other accounts that may read objects and their versions. */
  readonly readers?: readonly string[];
  /** Without it, S3's own key is used. */
  readonly kmsKeyArn?: string;
}

/**
 * A bucket that only its owner's roles and the named readers can reach, over TLS, encrypted, without access
 * lists.
 */
export class PrivateBucket extends Construct {
  readonly bucketName: string;
  readonly arn: string;
  /**
   * Must be created before objects of the stack: Terraform deletes all versions of an object only if the
   * bucket had versions when it wrote the object.
   */
  readonly versioning: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { kmsKeyArn, earlierVersionsDays, expire = [], readers = [] } = props;
    const bucket = new S3Bucket(this, 'bucket', {
      bucket: props.bucketName,
      forceDestroy: props.deleteWithContent,
      lifecycle: { preventDestroy: props.preventDestroy },
    });
    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    const access = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket: bucket.bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, 'ownership', {
      bucket: bucket.bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: bucket.bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: kmsKeyArn
            ? { sseAlgorithm: 'aws:kms', kmsMasterKeyId: kmsKeyArn }
            : { sseAlgorithm: 'AES256' },
          // One key per bucket instead of one call to KMS per object.
          bucketKeyEnabled: kmsKeyArn !== undefined,
        },
      ],
    });
    new S3BucketPolicy(this, 'policy', {
      bucket: bucket.bucket,
      policy: policyDocument([
        {
          sid: 'TlsOnly',
          effect: 'Deny',
          principal: '*',
          actions: ['s3:*'],
          resources: [bucket.arn, `${bucket.arn}/*`],
          conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        ...(readers.length > 0
          ? [
              {
                sid: 'OtherAccounts',
                principal: { AWS: readers },
                actions: ['s3:GetObject', 's3:GetObjectVersion'],
                resources: [`${bucket.arn}/*`],
              },
            ]
          : []),
      ]),
      // Two changes to a new bucket's access at the same time cause a conflict.
      dependsOn: [access],
    });
    this.versioning =
      earlierVersionsDays === undefined
        ? []
        : [
            new S3BucketVersioningA(this, 'versioning', {
              bucket: bucket.bucket,
              versioningConfiguration: { status: 'Enabled' },
            }),
          ];
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: bucket.bucket,
      rule: [
        {
          id: 'unfinished-uploads',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 2 }],
        },
        ...expire.map(({ prefix, days }) => ({
          id: `expiry-${prefix.replace('/', '')}`,
          status: 'Enabled',
          filter: [{ prefix }],
          expiration: [{ days }],
        })),
        ...(earlierVersionsDays === undefined
          ? []
          : [
              {
                id: 'earlier-versions',
                status: 'Enabled',
                filter: [{ prefix: '' }],
                noncurrentVersionExpiration: [
                  {
                    noncurrentDays: earlierVersionsDays,
                    ...(props.earlierVersionsKept === undefined
                      ? {}
                      : { newerNoncurrentVersions: props.earlierVersionsKept }),
                  },
                ],
              },
            ]),
      ],
      dependsOn: [...this.versioning],
    });
  }
}
