import { BatchJobQueue } from '@cdktf/provider-aws/lib/batch-job-queue/index.js';
import { BatchSchedulingPolicy } from '@cdktf/provider-aws/lib/batch-scheduling-policy/index.js';
import { Construct } from 'constructs';
import type { QueueClass } from '../../batch-jobs/api/process-description.ts';
import { isFargate, type QueueSettings } from '../../environments/queue-settings.ts';
import { queueName } from '../names.ts';
import type { Deployment } from './deployment.ts';
import { FargateCompute } from './fargate-compute.ts';
import type { JobRoles } from './job-roles.ts';
import { MachineCompute } from './machine-compute.ts';
import type { Network } from './network.ts';
import type { MachineImages } from './release.ts';

export interface JobComputeProps {
  readonly deployment: Deployment;
  readonly network: Network;
  readonly roles: JobRoles;
  readonly queueClass: QueueClass;
  readonly settings: QueueSettings;
  /** Images of the environment's release that machines start from. */
  readonly images: MachineImages;
  /** The image with a data volume as the release names it, or its copy in another account. */
  readonly releasedImage: string;
}

/** Reasons for which the job at the head of a queue may be stuck; each leads to its cancellation. */
const stuckReasons = [
  'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
  'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
  'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
] as const;

/** How long past usage of a share counts against it, in seconds. */
const shareDecaySeconds = 3600;

/**
 * A job queue, with its compute environment of machines or Fargate tasks.
 *
 * Each combination of kind and scheduling has its own queue name (`queueName`); another choice creates the
 * new queue before the old one is deleted.
 */
export class JobCompute extends Construct {
  readonly queueArn: string;
  readonly queueName: string;

  constructor(scope: Construct, id: string, props: JobComputeProps) {
    super(scope, id);
    const { deployment, queueClass, settings } = props;
    const name = deployment.name(queueClass);
    const isShared = settings.scheduling === 'fair-share';
    const compute = isFargate(settings)
      ? new FargateCompute(this, 'tasks', { ...props, name, settings })
      : // `Default` is left out of the names of its parts, which another name would replace.
        new MachineCompute(this, 'Default', { ...props, name, settings });
    const policy = isShared
      ? new BatchSchedulingPolicy(this, 'fair-share', {
          name: `${name}-fair-share`,
          // Shares need not be declared; those without a declared weight have equal weights.
          fairSharePolicy: { computeReservation: 0, shareDecaySeconds },
        })
      : undefined;
    const queue = new BatchJobQueue(this, 'queue', {
      name: queueName(name, settings),
      state: 'ENABLED',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: compute.environmentArn }],
      ...(policy ? { schedulingPolicyArn: policy.arn } : {}),
      jobStateTimeLimitAction: stuckReasons.map((reason) => ({
        action: 'CANCEL',
        state: 'RUNNABLE',
        reason,
        maxTimeSeconds: settings.stuckAfterMinutes * 60,
      })),
      lifecycle: { createBeforeDestroy: true },
    });
    this.queueArn = queue.arn;
    this.queueName = queue.name;
  }
}
