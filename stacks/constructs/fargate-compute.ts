import { BatchComputeEnvironment } from '@cdktf/provider-aws/lib/batch-compute-environment/index.js';
import { Construct } from 'constructs';
import type { FargateQueueSettings } from '../../environments/queue-settings.ts';
import type { Network } from './network.ts';

export interface FargateComputeProps {
  readonly network: Network;
  /** Name of the queue that the tasks are for. */
  readonly name: string;
  readonly settings: FargateQueueSettings;
}

/** The Fargate compute environment of a job queue. All its properties can be changed in place. */
export class FargateCompute extends Construct {
  readonly environmentArn: string;

  constructor(scope: Construct, id: string, { network, name, settings }: FargateComputeProps) {
    super(scope, id);
    this.environmentArn = new BatchComputeEnvironment(this, 'compute-environment', {
      computeEnvironmentNamePrefix: `${name}-tasks-`,
      type: 'MANAGED',
      state: 'ENABLED',
      computeResources: {
        type: settings.purchase === 'spot' ? 'FARGATE_SPOT' : 'FARGATE',
        maxVcpus: settings.maxVcpus,
        subnets: [...network.subnetIds],
        securityGroupIds: [network.jobsGroupId],
      },
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...network.waysOut],
    }).arn;
  }
}
