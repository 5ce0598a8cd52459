import { EfsAccessPoint } from '@cdktf/provider-aws/lib/efs-access-point/index.js';
import { EfsFileSystem } from '@cdktf/provider-aws/lib/efs-file-system/index.js';
import { EfsFileSystemPolicy } from '@cdktf/provider-aws/lib/efs-file-system-policy/index.js';
import { EfsMountTarget } from '@cdktf/provider-aws/lib/efs-mount-target/index.js';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group/index.js';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Environment } from '../../environments/environment.ts';
import { isFargate, type StorageSettings } from '../../environments/queue-settings.ts';
import { containerUser } from './container-user.ts';
import type { Deployment } from './deployment.ts';
import type { Network } from './network.ts';
import { policyDocument, type Statement } from './policy-document.ts';

export interface ScratchFileSystemProps {
  readonly deployment: Deployment;
  readonly network: Network;
  readonly throughput: Throughput;
}

type Throughput = Extract<StorageSettings, { kind: 'efs' }>['throughput'];

/** The throughput mode that an environment's queues ask for; undefined if no queue uses a file system. */
export function throughputOf(queues: Environment['queues']): Throughput | undefined {
  const wanted = Object.values(queues).flatMap((queue) =>
    !isFargate(queue) && queue.storage.kind === 'efs' ? [queue.storage.throughput] : [],
  );
  // One file system serves all queues; elastic throughput is never the slower mode.
  return wanted.includes('elastic') ? 'elastic' : wanted[0];
}

const nfsPort = 2049;

/**
 * Scratch folders in EFS, mounted by ECS over TLS through an access point: containers need no privileges, and
 * can reach only that folder of the file system.
 */
export class ScratchFileSystem extends Construct {
  readonly fileSystemId: string;
  readonly accessPointId: string;
  /** Must exist before a job can mount the file system. */
  readonly mountTargets: readonly ITerraformDependable[];
  readonly #fileSystemArn: string;
  readonly #accessPointArn: string;

  constructor(scope: Construct, id: string, props: ScratchFileSystemProps) {
    super(scope, id);
    const { deployment, network } = props;
    const files = new EfsFileSystem(this, 'files', {
      creationToken: deployment.name('scratch'),
      encrypted: true,
      throughputMode: props.throughput,
      // Files of a killed job are never read again; after a day they cost a tenth.
      lifecyclePolicy: [{ transitionToIa: 'AFTER_1_DAY' }],
      tags: { Name: deployment.name('scratch') },
    });
    const group = new SecurityGroup(this, 'group', {
      namePrefix: `${deployment.name('scratch')}-`,
      description: 'Scratch file system: NFS from the machines that run jobs.',
      vpcId: network.vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    new VpcSecurityGroupIngressRule(this, 'nfs', {
      securityGroupId: group.id,
      description: 'NFS from jobs',
      ipProtocol: 'tcp',
      fromPort: nfsPort,
      toPort: nfsPort,
      referencedSecurityGroupId: network.jobsGroupId,
    });
    this.mountTargets = network.subnetIds.map(
      (subnetId, position) =>
        new EfsMountTarget(this, `mount-target-${position}`, {
          fileSystemId: files.id,
          subnetId,
          securityGroups: [group.id],
        }),
    );
    const accessPoint = new EfsAccessPoint(this, 'access-point', {
      fileSystemId: files.id,
      posixUser: containerUser,
      rootDirectory: {
        path: '/scratch',
        creationInfo: {
          ownerUid: containerUser.uid,
          ownerGid: containerUser.gid,
          permissions: '0770',
        },
      },
      tags: { Name: deployment.name('scratch') },
    });
    new EfsFileSystemPolicy(this, 'policy', {
      fileSystemId: files.id,
      policy: policyDocument([
        {
          sid: 'TlsOnly',
          effect: 'Deny',
          principal: '*',
          actions: ['*'],
          resources: [files.arn],
          conditions: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          sid: 'AccessPointOnly',
          effect: 'Deny',
          principal: '*',
          actions: ['elasticfilesystem:ClientMount'],
          resources: [files.arn],
          conditions: { StringNotEquals: { 'elasticfilesystem:AccessPointArn': accessPoint.arn } },
        },
      ]),
    });
    this.fileSystemId = files.id;
    this.accessPointId = accessPoint.id;
    this.#fileSystemArn = files.arn;
    this.#accessPointArn = accessPoint.arn;
  }

  /** Permission to mount the file system and to write to it. */
  statements(): readonly Statement[] {
    return [
      {
        sid: 'MountScratch',
        actions: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
        resources: [this.#fileSystemArn],
        conditions: {
          StringEquals: { 'elasticfilesystem:AccessPointArn': this.#accessPointArn },
        },
      },
    ];
  }
}
