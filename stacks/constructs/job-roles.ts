import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Statement } from './policy-document.ts';
import { ServiceRole } from './service-role.ts';

export interface JobRolesProps {
  readonly deployment: Deployment;
  /** What containers of jobs may do. */
  readonly statements: readonly Statement[];
  readonly logGroupArn: string;
  /** ARNs of secrets that job definitions name. */
  readonly secrets: readonly string[];
  /** Names of buckets that jobs read in addition to their own documents. */
  readonly buckets: readonly string[];
}

/**
 * The three roles of a job: that of the machine, of the agent that starts the container, and of the
 * container.
 */
export class JobRoles extends Construct {
  readonly instanceProfileArn: string;
  readonly executionRoleArn: string;
  readonly jobRoleArn: string;
  /** A compute environment cannot be deleted once its roles are gone. */
  readonly machinePolicies: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: JobRolesProps) {
    super(scope, id);
    const { deployment, secrets } = props;
    const instance = new ServiceRole(this, 'instance', {
      deployment,
      name: deployment.name('instance'),
      description: 'Taken by the machines that run jobs.',
      service: 'ec2.amazonaws.com',
      managedPolicies: {
        'service-role/AmazonEC2ContainerServiceforEC2Role':
          'The ECS agent needs what this policy lists; Batch chooses the clusters’ names, so they cannot be named.',
      },
    });
    const profile = new IamInstanceProfile(this, 'instance-profile', {
      name: deployment.name('instance'),
      role: instance.roleName,
    });
    this.instanceProfileArn = profile.arn;
    this.machinePolicies = [profile, ...instance.policies];

    const secretsBy = (service: string) => secrets.filter((arn) => arn.split(':')[2] === service);
    const execution = new ServiceRole(this, 'execution', {
      deployment,
      name: deployment.name('execution'),
      description: 'Taken by the agent to start containers of jobs.',
      service: 'ecs-tasks.amazonaws.com',
      namesSourceAccount: true,
      statements: [
        {
          sid: 'WriteLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${props.logGroupArn}:*`],
        },
        {
          sid: 'PullImages',
          actions: [
            'ecr:BatchCheckLayerAvailability',
            'ecr:BatchGetImage',
            'ecr:GetDownloadUrlForLayer',
          ],
          resources: [deployment.arn('ecr', `repository/${deployment.shared.registry('*')}`)],
        },
        {
          sid: 'LogInToRegistries',
          actions: ['ecr:GetAuthorizationToken'],
          anyResourceBecause: 'AWS gives one token for all registries of an account.',
        },
        ...readSecrets('ReadParameters', 'ssm:GetParameters', secretsBy('ssm')),
        ...readSecrets('ReadSecrets', 'secretsmanager:GetSecretValue', secretsBy('secretsmanager')),
      ],
    });
    this.executionRoleArn = execution.arn;

    const job = new ServiceRole(this, 'job', {
      deployment,
      name: deployment.name('job'),
      description: 'Taken by the containers of jobs.',
      service: 'ecs-tasks.amazonaws.com',
      namesSourceAccount: true,
      statements: [...props.statements, ...readBuckets(deployment, props.buckets)],
    });
    this.jobRoleArn = job.arn;
  }
}

function readSecrets(sid: string, action: string, arns: readonly string[]): Statement[] {
  const resources = [...new Set(arns.map(withoutParts))];
  return resources.length === 0 ? [] : [{ sid, actions: [action], resources }];
}

/** Without permission to list, S3 answers "access denied" for objects that do not exist. */
function readBuckets({ partition }: Deployment, names: readonly string[]): Statement[] {
  const arns = [...new Set(names)].map((name) => `arn:${partition}:s3:::${name}`);
  if (arns.length === 0) return [];
  return [
    {
      sid: 'ReadObjectsOfBuckets',
      actions: ['s3:GetObject'],
      resources: arns.map((arn) => `${arn}/*`),
    },
    { sid: 'ListBuckets', actions: ['s3:ListBucket'], resources: arns },
  ];
}

/**
 * A job definition may append key, stage and version to a secret's ARN; a policy must not.
 *
 * Source: https://docs.aws.amazon.com/batch/latest/userguide/specifying-sensitive-data-secrets.html
 */
function withoutParts(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}
