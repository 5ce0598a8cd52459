import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import type { Construct } from 'constructs';
import { exempt } from '../rules/exemption.ts';
import type { Deployment } from './deployment.ts';
import { rootOf } from './image-replication.ts';
import { policyDocument } from './policy-document.ts';

export interface SharedImageKeyProps {
  readonly deployment: Deployment;
  /** Accounts that may copy images. */
  readonly takers: readonly string[];
}

/**
 * The key of machine images that other accounts copy: an image encrypted with AWS's own key cannot be shared.
 *
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html
 */
export class SharedImageKey extends KmsKey {
  constructor(scope: Construct, id: string, { deployment, takers }: SharedImageKeyProps) {
    super(scope, id, {
      description: 'Images of machines that other accounts copy.',
      enableKeyRotation: true,
      policy: policyDocument([
        {
          sid: 'Own',
          principal: { AWS: rootOf(deployment, deployment.accountId) },
          actions: ['kms:*'],
          resources: ['*'],
        },
        {
          // As in the policy of AWS's own key: every principal that may use EC2's volumes, including service
          // roles.
          sid: 'ThroughVolumes',
          principal: '*',
          actions: [
            'kms:CreateGrant',
            'kms:Decrypt',
            'kms:DescribeKey',
            'kms:Encrypt',
            'kms:GenerateDataKeyWithoutPlaintext',
            'kms:ReEncryptFrom',
            'kms:ReEncryptTo',
          ],
          resources: ['*'],
          conditions: {
            StringEquals: {
              'kms:CallerAccount': [deployment.accountId, ...takers],
              'kms:ViaService': `ec2.${deployment.region}.amazonaws.com`,
            },
          },
        },
      ]),
    });
    exempt(this, {
      rule: 'wildcard-policy',
      reason: 'In the policy of a key, * is that key; its accounts and EC2 bound who may use it.',
    });
  }
}
