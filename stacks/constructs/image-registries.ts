import { EcrLifecyclePolicy } from '@cdktf/provider-aws/lib/ecr-lifecycle-policy/index.js';
import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository/index.js';
import { Construct } from 'constructs';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import type { Deployment } from './deployment.ts';

export interface ImageRegistriesProps {
  readonly deployment: Deployment;
  readonly catalogue: readonly ProcessDescription[];
  readonly deletionProtection: boolean;
}

/**
 * A registry for each process's container images, with immutable tags. Tagged images are never deleted here:
 * a rule by count or age would eventually delete an image that an environment runs, and ECR cannot exempt it.
 */
export class ImageRegistries extends Construct {
  constructor(scope: Construct, id: string, props: ImageRegistriesProps) {
    super(scope, id);
    const { deployment, catalogue, deletionProtection } = props;
    for (const { job } of catalogue) {
      const repository = new EcrRepository(this, job.image, {
        name: deployment.shared.registry(job.image),
        imageTagMutability: 'IMMUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: [{ encryptionType: 'AES256' }],
        lifecycle: { preventDestroy: deletionProtection },
      });
      new EcrLifecyclePolicy(this, `${job.image}-lifecycle`, {
        repository: repository.name,
        policy: JSON.stringify({
          rules: [
            {
              rulePriority: 1,
              description: 'Images that no tag names',
              selection: {
                tagStatus: 'untagged',
                countType: 'sinceImagePushed',
                countUnit: 'days',
                countNumber: 7,
              },
              action: { type: 'expire' },
            },
          ],
        }),
      });
    }
  }
}
