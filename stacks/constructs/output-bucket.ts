import type { Construct } from 'constructs';
import type { OutputSettings } from '../../environments/operations-settings.ts';
import type { Deployment } from './deployment.ts';
import type { Statement } from './policy-document.ts';
import { PrivateBucket } from './private-bucket.ts';

export interface OutputBucketProps {
  readonly deployment: Deployment;
  readonly settings: OutputSettings;
}

/** Requests, records, status documents and outputs of an environment's jobs. */
export class OutputBucket extends PrivateBucket {
  readonly #kmsKeyArn: string | undefined;

  constructor(scope: Construct, id: string, { deployment, settings }: OutputBucketProps) {
    super(scope, id, {
      bucketName: deployment.bucketName('outputs'),
      deleteWithContent: settings.deleteWithStack,
      expire: { prefix: 'jobs/', days: settings.retentionDays },
      ...(settings.kmsKeyArn === undefined ? {} : { kmsKeyArn: settings.kmsKeyArn }),
    });
    this.#kmsKeyArn = settings.kmsKeyArn;
  }

  /** Reading and writing the documents of jobs. */
  statements(): readonly Statement[] {
    return [
      {
        sid: 'KeepJobs',
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
        resources: [`${this.arn}/jobs/*`, `${this.arn}/unfinished/*`],
      },
      {
        // Without it S3 says "access denied" of an object that is not there, where "not found"
        // decides what happens next.
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
