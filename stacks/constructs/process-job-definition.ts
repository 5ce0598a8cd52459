import { BatchJobDefinition } from '@cdktf/provider-aws/lib/batch-job-definition/index.js';
import { DataAwsEcrRepository } from '@cdktf/provider-aws/lib/data-aws-ecr-repository/index.js';
import { Construct } from 'constructs';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { queueClasses } from '../../batch-jobs/api/process-description.ts';
import { retryStrategy } from '../../batch-jobs/api/retry-strategy.ts';
import { runnerVariables } from '../../batch-jobs/api/runner-variables.ts';
import type { Environment } from '../../environments/environment.ts';
import { containerUser } from './container-user.ts';
import type { Deployment } from './deployment.ts';
import type { JobRoles } from './job-roles.ts';
import { hostScratchFolder } from './machine-start.ts';
import type { ScratchFileSystem } from './scratch-file-system.ts';

export interface ProcessJobDefinitionProps {
  readonly deployment: Deployment;
  readonly process: ProcessDescription;
  readonly settings: Environment['processes'];
  /** Digest of the container image. */
  readonly imageDigest: string;
  readonly roles: JobRoles;
  readonly logGroup: string;
  /** Given where a queue this process's jobs may wait in has its scratch folders in EFS. */
  readonly scratch?: ScratchFileSystem;
}

/** Where a container finds its scratch folder; the rest of its file system is read-only. */
const scratchFolder = '/scratch';

/** The Batch template of a process's jobs, from the same description that DescribeProcess serves. */
export class ProcessJobDefinition extends Construct {
  /** With its revision, so that the configuration says exactly what runs. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ProcessJobDefinitionProps) {
    super(scope, id);
    const { deployment, process, settings, roles, scratch } = props;
    const { job } = process;
    const own = settings.own[job.image];
    const repository = new DataAwsEcrRepository(this, 'registry', {
      name: deployment.shared.registry(job.image),
    });
    const variables = { ...own?.variables, [runnerVariables.scratchDir]: scratchFolder };
    this.arn = new BatchJobDefinition(this, 'definition', {
      name: deployment.name(job.image),
      type: 'container',
      platformCapabilities: ['EC2'],
      propagateTags: true,
      // Jobs that wait, and a rolled back configuration, still name earlier revisions.
      deregisterOnNewRevision: false,
      timeout: { attemptDurationSeconds: Math.max(60, job.timeoutSeconds) },
      retryStrategy: {
        attempts: job.attempts,
        evaluateOnExit: [...retryStrategy(job.attempts).evaluateOnExit],
      },
      containerProperties: JSON.stringify({
        // By digest: what was planned and tested is what runs.
        image: `${repository.repositoryUrl}@${props.imageDigest}`,
        // The image's entry point is the runner; it takes the process's command from the catalogue.
        command: [],
        jobRoleArn: roles.jobRoleArn,
        executionRoleArn: roles.executionRoleArn,
        resourceRequirements: [
          { type: 'VCPU', value: String(job.vcpus) },
          { type: 'MEMORY', value: String(job.memoryMiB) },
        ],
        environment: byName(variables).map(([name, value]) => ({ name, value })),
        secrets: byName(own?.secrets ?? {}).map(([name, valueFrom]) => ({ name, valueFrom })),
        user: `${containerUser.uid}:${containerUser.gid}`,
        readonlyRootFilesystem: true,
        privileged: false,
        linuxParameters: {
          // Passes SIGTERM on, and buries what the process left behind.
          initProcessEnabled: true,
          tmpfs: [{ containerPath: '/tmp', size: 64, mountOptions: ['nosuid', 'nodev'] }],
        },
        volumes: [scratch ? efsVolume(scratch) : hostVolume],
        mountPoints: [{ sourceVolume: 'scratch', containerPath: scratchFolder, readOnly: false }],
        ulimits: [],
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': props.logGroup, 'awslogs-stream-prefix': job.image },
        },
      }),
      ...(scratch ? { dependsOn: [...scratch.mountTargets] } : {}),
    }).arn;
  }
}

/** Whether jobs of the process may wait in a queue whose scratch folders are in EFS. */
export function needsFileSystem(
  process: ProcessDescription,
  queues: Environment['queues'],
): boolean {
  // What a choice of queue may answer is not known before it is asked.
  const reachable = process.job.chooseQueue ? queueClasses : [process.job.queue];
  return reachable.some((queue) => queues[queue].storage.kind === 'efs');
}

const hostVolume = { name: 'scratch', host: { sourcePath: hostScratchFolder } };

function efsVolume({ fileSystemId, accessPointId }: ScratchFileSystem) {
  return {
    name: 'scratch',
    efsVolumeConfiguration: {
      fileSystemId,
      transitEncryption: 'ENABLED',
      authorizationConfig: { accessPointId, iam: 'ENABLED' },
    },
  };
}

/** In an order of its own, so that two ways of writing the settings are no two revisions. */
function byName(variables: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
}
