import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { Construct } from 'constructs';
import { configurationFilename } from '../names.ts';
import type { Deployment } from './deployment.ts';
import type { ReleasedFunctions } from './release.ts';
import { ServiceRole } from './service-role.ts';

export interface PublishedFunctionProps {
  readonly deployment: Deployment;
  /** Suffix of the names of function, role and log group. */
  readonly name: string;
  readonly description: string;
  /** Module and export: `lambda/handler.handler`. */
  readonly handler: string;
  readonly package: ReleasedFunctions;
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  /** Reserved concurrent executions. Without it, none are reserved. */
  readonly concurrency?: number;
  readonly logRetentionDays: number;
}

/**
 * A function that belongs to one environment, with its own role and log group. It publishes a version with
 * every change of its code; the environment's alias points at the newest, and unpublished code is never
 * called.
 */
export class PublishedFunction extends Construct {
  readonly functionName: string;
  readonly arn: string;
  readonly version: string;
  readonly roleName: string;
  /** Name of its log group. */
  readonly logGroup: string;

  constructor(scope: Construct, id: string, props: PublishedFunctionProps) {
    super(scope, id);
    const { deployment } = props;
    const name = deployment.name(props.name);
    // Created before the function: a log group that Lambda creates on the first call never expires.
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.logRetentionDays,
    });
    this.logGroup = logGroup.name;
    const configurationArn = `arn:${deployment.partition}:s3:::${deployment.configurationBucket}`;
    const role = new ServiceRole(this, 'role', {
      deployment,
      name,
      description: props.description,
      service: 'lambda.amazonaws.com',
      statements: [
        {
          sid: 'WriteLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${logGroup.arn}:*`],
        },
        {
          sid: 'ReadConfiguration',
          actions: ['s3:GetObject'],
          // A call without an alias gets the configuration that offers nothing.
          resources: [deployment.environment, '$LATEST'].map(
            (alias) => `${configurationArn}/${alias}/*`,
          ),
        },
        {
          // Without it, S3 answers "access denied" for a file that does not exist.
          sid: 'TellMissingConfiguration',
          actions: ['s3:ListBucket'],
          resources: [configurationArn],
        },
      ],
    });
    const published = new LambdaFunction(this, 'function', {
      functionName: name,
      description: props.description,
      role: role.arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: props.handler,
      s3Bucket: props.package.bucket,
      s3Key: props.package.key,
      s3ObjectVersion: props.package.objectVersion,
      sourceCodeHash: props.package.sha256,
      publish: true,
      memorySize: props.memoryMiB,
      timeout: props.timeoutSeconds,
      ...(props.concurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.concurrency }),
      environment: {
        variables: {
          CONFIGURATION_S3_BUCKET: deployment.configurationBucket,
          CONFIG_FILENAME: configurationFilename,
        },
      },
      dependsOn: [logGroup, ...role.policies],
    });
    this.functionName = published.functionName;
    this.arn = published.arn;
    this.version = published.version;
    this.roleName = role.roleName;
  }
}
