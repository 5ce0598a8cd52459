import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { CanarySettings } from '../../environments/operations-settings.ts';
import { functionEntries } from '../function-package.ts';
import type { Watch } from './alarms.ts';
import type { Deployment } from './deployment.ts';
import type { ReleasedFunctions } from './release.ts';
import { ServiceRole } from './service-role.ts';

export interface CanaryProps {
  readonly deployment: Deployment;
  readonly settings: CanarySettings;
  /** The package of the function: that of the service, so that both are promoted together. */
  readonly package: ReleasedFunctions;
  /** URL of the service's WPS endpoint. */
  readonly endpoint: string;
  readonly logRetentionDays: number;
  /** Resources that must exist before the canary runs. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The smoke test of the environment's own service, on a schedule: over each protocol to the output of a job
 * in the small queue. It calls the service as any client does; its role may only write its log.
 */
export class Canary extends Construct {
  /** The alarm for runs that find a fault. */
  readonly watch: Watch;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    const { deployment, settings } = props;
    const name = deployment.name('canary');
    const description = 'Asks the service over each protocol, and follows a job to its output.';
    // Created before the function: a log group that Lambda creates on the first call never expires.
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.logRetentionDays,
    });
    const role = new ServiceRole(this, 'role', {
      deployment,
      name,
      description,
      service: 'lambda.amazonaws.com',
      statements: [
        {
          sid: 'WriteLog',
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [`${logGroup.arn}:*`],
        },
      ],
    });
    const canary = new LambdaFunction(this, 'function', {
      functionName: name,
      description,
      role: role.arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: functionEntries.canary.replace(/\.js$/, '.handler'),
      s3Bucket: props.package.bucket,
      s3Key: props.package.key,
      s3ObjectVersion: props.package.objectVersion,
      sourceCodeHash: props.package.sha256,
      memorySize: 256,
      // The maximum that Lambda allows, since it waits for jobs.
      timeout: 900,
      environment: {
        variables: {
          CANARY_ENDPOINT: props.endpoint.replace(/wps\/?$/, ''),
          CANARY_PROCESS: settings.process,
        },
      },
      dependsOn: [logGroup, ...role.policies, ...props.after],
    });
    const rule = new CloudwatchEventRule(this, 'schedule', {
      name,
      description,
      scheduleExpression: `rate(${settings.everyMinutes} minutes)`,
      state: 'ENABLED',
    });
    new CloudwatchEventTarget(this, 'target', { rule: rule.name, arn: canary.arn });
    new LambdaPermission(this, 'permission', {
      statementId: name,
      functionName: canary.functionName,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    // The next run says more than a retry of this one.
    new LambdaFunctionEventInvokeConfig(this, 'failures', {
      functionName: canary.functionName,
      maximumRetryAttempts: 0,
    });
    this.watch = {
      metric: {
        namespace: 'AWS/Lambda',
        metricName: 'Errors',
        dimensions: { FunctionName: canary.functionName },
      },
      statistic: 'Sum',
      // Two runs, so that every period contains one: each run emits a value, so a period without one means
      // trouble.
      periodMinutes: 2 * settings.everyMinutes,
      above: 0,
      missingIsBreaching: true,
      meaning:
        'The smoke test of the service found a fault, or did not run. The canary’s log names each check that did; npm run smoke does the same by hand.',
    };
  }
}
