import { BatchJobDefinition } from '@cdktf/provider-aws/lib/batch-job-definition/index.js';
import { DataAwsEcrRepository } from '@cdktf/provider-aws/lib/data-aws-ecr-repository/index.js';
import { Construct } from 'constructs';
import { fargateSize } from '../../batch-jobs/api/fargate-size.ts';
import type { ProcessDescription } from '../../batch-jobs/api/process-description.ts';
import { retryStrategy } from '../../batch-jobs/api/retry-strategy.ts';
import { runnerVariables } from '../../batch-jobs/api/runner-variables.ts';
import type { Environment } from '../../environments/environment.ts';
import type { Architecture } from '../../environments/instance-architecture.ts';
import { taskScratchGiB } from '../process-queues.ts';
import { containerUser } from './container-user.ts';
import type { Deployment } from './deployment.ts';
import type { JobRoles } from './job-roles.ts';
import { hostScratchFolder } from './machine-start.ts';
import type { ScratchFileSystem } from './scratch-file-system.ts';

/** The platform of the containers of a process's jobs. */
export type Platform =
  | {
      readonly kind: 'machines';
      /** Set if a queue that the jobs may wait in has its scratch folders in EFS. */
      readonly scratch?: ScratchFileSystem;
    }
  | {
      readonly kind: 'fargate';
      readonly architecture: Architecture;
      readonly givesPublicAddresses: boolean;
    };

export interface ProcessJobDefinitionProps {
  readonly deployment: Deployment;
  readonly process: ProcessDescription;
  readonly settings: Environment['processes'];
  /** Digest of the container image. */
  readonly imageDigest: string;
  readonly roles: JobRoles;
  readonly logGroup: string;
  readonly platform: Platform;
}

/** Where a container finds its scratch folder; on machines, the rest of its file system is read-only. */
const scratchFolder = '/scratch';

/** The Batch job definition of a process, from the same description that DescribeProcess serves. */
export class ProcessJobDefinition extends Construct {
  /** Includes the revision, so that the configuration says exactly what runs. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: ProcessJobDefinitionProps) {
    super(scope, id);
    const { deployment, process, settings, roles, platform } = props;
    const { job } = process;
    const own = settings.own[job.image];
    const repository = new DataAwsEcrRepository(this, 'registry', {
      name: deployment.shared.registry(job.image),
    });
    const variables = { ...own?.variables, [runnerVariables.scratchDir]: scratchFolder };
    const isTask = platform.kind === 'fargate';
    const scratch = isTask ? undefined : platform.scratch;
    this.arn = new BatchJobDefinition(this, 'definition', {
      name: deployment.name(isTask ? `${job.image}-fargate` : job.image),
      type: 'container',
      platformCapabilities: [isTask ? 'FARGATE' : 'EC2'],
      propagateTags: true,
      // Waiting jobs, and a configuration after a rollback, still name earlier revisions.
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
        environment: byName(variables).map(([name, value]) => ({ name, value })),
        secrets: byName(own?.secrets ?? {}).map(([name, valueFrom]) => ({ name, valueFrom })),
        user: `${containerUser.uid}:${containerUser.gid}`,
        privileged: false,
        ...(isTask ? onFargate(job, platform) : onMachines(job, scratch)),
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': props.logGroup, 'awslogs-stream-prefix': job.image },
        },
      }),
      ...(scratch ? { dependsOn: [...scratch.mountTargets] } : {}),
    }).arn;
  }
}

type Job = ProcessDescription['job'];

function onMachines({ vcpus, memoryMiB }: Job, scratch: ScratchFileSystem | undefined) {
  return {
    resourceRequirements: resources(vcpus, memoryMiB),
    readonlyRootFilesystem: true,
    linuxParameters: {
      // Passes SIGTERM on, and reaps processes that the command left behind.
      initProcessEnabled: true,
      tmpfs: [{ containerPath: '/tmp', size: 64, mountOptions: ['nosuid', 'nodev'] }],
    },
    volumes: [scratch ? efsVolume(scratch) : hostVolume],
    mountPoints: [{ sourceVolume: 'scratch', containerPath: scratchFolder, readOnly: false }],
    ulimits: [],
  };
}

/**
 * A task runs alone on its machine, and has neither tmpfs nor folders of a host: the scratch folder is the
 * one in the image, on the task's own storage.
 *
 * Source: AWS Batch User Guide, "Job definitions on Fargate"
 */
function onFargate(job: Job, platform: Extract<Platform, { kind: 'fargate' }>) {
  const size = fargateSize(job) ?? job;
  return {
    resourceRequirements: resources(size.vcpus, size.memoryMiB),
    readonlyRootFilesystem: false,
    linuxParameters: { initProcessEnabled: true },
    ephemeralStorage: { sizeInGiB: taskScratchGiB(job) },
    fargatePlatformConfiguration: { platformVersion: '1.4.0' },
    runtimePlatform: {
      operatingSystemFamily: 'LINUX',
      cpuArchitecture: platform.architecture === 'arm64' ? 'ARM64' : 'X86_64',
    },
    networkConfiguration: {
      assignPublicIp: platform.givesPublicAddresses ? 'ENABLED' : 'DISABLED',
    },
  };
}

function resources(vcpus: number, memoryMiB: number) {
  return [
    { type: 'VCPU', value: String(vcpus) },
    { type: 'MEMORY', value: String(memoryMiB) },
  ];
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

/** Sorted, so that the order in the settings creates no new revision. */
function byName(variables: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
}
