import { S3BucketCorsConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-cors-configuration/index.js';
import type { Construct } from 'constructs';
import type { OutputSettings } from '../../environments/operations-settings.ts';
import type { Deployment } from './deployment.ts';
import type { Statement } from './policy-document.ts';
import { PrivateBucket } from './private-bucket.ts';

export interface OutputBucketProps {
  readonly deployment: Deployment;
  readonly settings: OutputSettings;
  readonly deletionProtection: boolean;
}

/** Requests, records, status documents and outputs of an environment's jobs. */
export class OutputBucket extends PrivateBucket {
  readonly #kmsKeyArn: string | undefined;

  constructor(scope: Construct, id: string, props: OutputBucketProps) {
    const { deployment, settings } = props;
    super(scope, id, {
      bucketName: deployment.bucketName('outputs'),
      deleteWithContent: settings.deleteWithStack,
      // A bucket with content cannot be deleted, and that failure would come after everything else is gone.
      preventDestroy: props.deletionProtection || !settings.deleteWithStack,
      // An index entry without its job is harmless; a key is only used while its request may be repeated; how
      // a job ended is needed while its record exists.
      expire: [
        { prefix: 'jobs/', days: settings.retentionDays },
        { prefix: 'ended/', days: settings.retentionDays },
        { prefix: 'index/', days: settings.retentionDays },
        { prefix: 'idempotency/', days: settings.retentionDays },
        { prefix: 'mail/', days: settings.retentionDays },
      ],
      ...(settings.kmsKeyArn === undefined ? {} : { kmsKeyArn: settings.kmsKeyArn }),
    });
    this.#kmsKeyArn = settings.kmsKeyArn;
    // A page that requests an output from the service is redirected here, and after a redirect between
    // origins a browser sends the origin "null". The signature, not the origin, gives access to an output.
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
    new S3BucketCorsConfiguration(this, 'cors', {
      bucket: this.bucketName,
      corsRule: [
        {
          allowedMethods: ['GET', 'HEAD'],
          allowedOrigins: ['*'],
          // For readers that fetch a NetCDF file in parts.
          allowedHeaders: ['range', 'if-match', 'if-none-match'],
          exposeHeaders: ['Accept-Ranges', 'Content-Disposition', 'Content-Range', 'ETag'],
          maxAgeSeconds: 86_400,
        },
      ],
    });
  }

  /**
   * Permission of the functions: to read and write the documents of jobs and the markers of unfinished ones.
   */
  functionStatements(): readonly Statement[] {
    return [
      {
        sid: 'KeepJobs',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [
          'jobs',
          'unfinished',
          'ended',
          'index',
          'idempotency',
          'callbacks',
          'mail',
          'keys',
        ].map((folder) => `${this.arn}/${folder}/*`),
      },
      {
        // Markers that are no longer needed, and the outputs of jobs that clients dismiss.
        sid: 'UnmarkJobs',
        actions: ['s3:DeleteObject'],
        resources: [
          'jobs/*/outputs',
          'unfinished',
          'index',
          'idempotency',
          'callbacks',
          'mail',
        ].map((folder) => `${this.arn}/${folder}/*`),
      },
      ...this.#common(),
    ];
  }

  /**
   * Permission of the containers of jobs: to read and write the documents of jobs, and large outputs in
   * parts.
   */
  jobStatements(): readonly Statement[] {
    return [
      {
        sid: 'WorkOnJobs',
        actions: ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
        resources: [`${this.arn}/jobs/*`],
      },
      ...this.#common(),
    ];
  }

  #common(): readonly Statement[] {
    return [
      {
        // Without it, S3 answers "access denied" for an object that does not exist, and the code depends on
        // "not found".
        sid: 'FindJobs',
        actions: ['s3:ListBucket'],
        resources: [this.arn],
      },
      ...(this.#kmsKeyArn === undefined
        ? []
        : [
            {
              sid: 'UseOutputKey',
              actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
              resources: [this.#kmsKeyArn],
            },
          ]),
    ];
  }
}
