import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Statement } from './policy-document.ts';
import { ServiceRole } from './service-role.ts';

export interface PublishedFunctionProps {
  readonly deployment: Deployment;
  readonly name: string;
  readonly roleName: string;
  readonly description: string;
  /** Module and export: `lambda/handler.handler`. */
  readonly handler: string;
  /** Path of the zip, and its SHA-256 in base64. */
  readonly package: { readonly path: string; readonly sha256: string };
  readonly memoryMiB: number;
  readonly timeoutSeconds: number;
  readonly variables: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
  readonly logRetentionDays: number;
}

/**
 * A function that publishes a version with every change of its code. Environments point aliases at
 * versions; nothing ever calls the unpublished code.
 */
export class PublishedFunction extends Construct {
  readonly version: string;

  constructor(scope: Construct, id: string, props: PublishedFunctionProps) {
    super(scope, id);
    const { deployment, name } = props;
    // Before the function: what Lambda makes itself on the first call keeps its lines for ever.
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.logRetentionDays,
    });
    const role = new ServiceRole(this, 'role', {
      deployment,
      name: props.roleName,
      description: `${props.description} Each environment adds what its own resources ask for.`,
      service: 'lambda.amazonaws.com',
      statements: [
        {
          sid: 'WriteLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${logGroup.arn}:*`],
        },
        ...props.statements,
      ],
    });
    this.version = new LambdaFunction(this, 'function', {
      functionName: name,
      description: props.description,
      role: role.arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: props.handler,
      filename: props.package.path,
      sourceCodeHash: props.package.sha256,
      publish: true,
      memorySize: props.memoryMiB,
      timeout: props.timeoutSeconds,
      environment: { variables: props.variables },
      dependsOn: [logGroup, ...role.policies],
    }).version;
  }
}
