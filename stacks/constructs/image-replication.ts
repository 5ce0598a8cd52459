import { EcrRegistryPolicy } from '@cdktf/provider-aws/lib/ecr-registry-policy/index.js';
import { EcrReplicationConfiguration } from '@cdktf/provider-aws/lib/ecr-replication-configuration/index.js';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { policyDocument } from './policy-document.ts';

export interface ImageReplicationProps {
  readonly deployment: Deployment;
  /** Accounts that take releases from this one. */
  readonly takers: readonly string[];
  /** Accounts that this one takes releases from. */
  readonly givers: readonly string[];
}

/**
 * Copies container images to the registries of accounts that take releases from this one, and allows accounts
 * that this one takes releases from to copy theirs here. A copy has the same digest. An account and region
 * has one configuration and one policy for this.
 *
 * Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html
 */
export class ImageReplication extends Construct {
  constructor(scope: Construct, id: string, props: ImageReplicationProps) {
    super(scope, id);
    const { deployment, takers, givers } = props;
    const { region, shared } = deployment;
    if (takers.length > 0) {
      new EcrReplicationConfiguration(this, 'configuration', {
        replicationConfiguration: {
          rule: [
            {
              destination: takers.map((registryId) => ({ region, registryId })),
              repositoryFilter: [{ filter: shared.registry(''), filterType: 'PREFIX_MATCH' }],
            },
          ],
        },
      });
    }
    if (givers.length > 0) {
      new EcrRegistryPolicy(this, 'policy', {
        policy: policyDocument([
          {
            sid: 'TakeCopies',
            principal: { AWS: givers.map((account) => rootOf(deployment, account)) },
            actions: ['ecr:ReplicateImage'],
            resources: [deployment.arn('ecr', `repository/${shared.registry('*')}`)],
          },
        ]),
      });
    }
  }
}

/** The principal that stands for an account, whose own policies decide which of its users may act. */
export function rootOf({ partition }: Deployment, account: string): string {
  return `arn:${partition}:iam::${account}:root`;
}
