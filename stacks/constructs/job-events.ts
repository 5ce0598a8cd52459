import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import type { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';

export interface JobEventsProps {
  readonly deployment: Deployment;
  /** The function that follows jobs. */
  readonly alias: LambdaAlias;
  readonly queueArns: readonly string[];
  readonly deadLetters: DeadLetters;
  /** Allows the function to write events to the dead-letter queue. */
  readonly access: ITerraformDependable;
}

/**
 * Sends state changes of the environment's jobs to the function that follows them, and calls it regularly to
 * look for jobs whose events were lost. An event that fails twice more goes to the dead-letter queue.
 *
 * Source: https://docs.aws.amazon.com/batch/latest/userguide/batch_cwe_events.html
 */
export class JobEvents extends Construct {
  constructor(scope: Construct, id: string, props: JobEventsProps) {
    super(scope, id);
    const { alias, queueArns, deadLetters } = props;
    this.#invoke('changes', props, {
      description: 'State changes of jobs.',
      eventPattern: JSON.stringify({
        source: ['aws.batch'],
        'detail-type': ['Batch Job State Change'],
        // States that change a record: a new attempt, a start, an end.
        detail: { jobQueue: queueArns, status: ['RUNNABLE', 'RUNNING', 'SUCCEEDED', 'FAILED'] },
      }),
    });
    this.#invoke('sweep', props, {
      description: 'Looks for jobs whose events were lost.',
      scheduleExpression: 'rate(5 minutes)',
    });
    new LambdaFunctionEventInvokeConfig(this, 'failures', {
      functionName: alias.functionName,
      qualifier: alias.name,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 3600,
      destinationConfig: { onFailure: { destination: deadLetters.arn } },
      dependsOn: [props.access],
    });
  }

  #invoke(
    id: string,
    { deployment, alias, deadLetters }: JobEventsProps,
    when: { description: string; eventPattern?: string; scheduleExpression?: string },
  ): void {
    const rule = new CloudwatchEventRule(this, id, {
      name: deployment.name(`job-${id}`),
      ...when,
      // If left out, Terraform accepts any state: a rule that somebody disables would stay disabled.
      state: 'ENABLED',
    });
    new CloudwatchEventTarget(this, `${id}-target`, {
      rule: rule.name,
      arn: alias.arn,
      deadLetterConfig: { arn: deadLetters.arn },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 10 },
    });
    new LambdaPermission(this, `${id}-permission`, {
      statementId: deployment.name(`job-${id}`),
      functionName: alias.functionName,
      qualifier: alias.name,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
  }
}
