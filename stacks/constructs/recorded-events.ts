import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

export interface RecordedEventsProps {
  readonly deployment: Deployment;
  readonly description: string;
  /** The events, as an EventBridge pattern. */
  readonly pattern: object;
  readonly logRetentionDays: number;
}

/**
 * Writes events to a log group of their own, `/aws/events/<name>`. The rule's own metric counts them.
 *
 * @param id of the rule, and suffix of the names of rule and log group
 * @returns the rule's name
 */
export function recordEvents(scope: Construct, id: string, props: RecordedEventsProps): string {
  const name = props.deployment.name(id);
  const log = new CloudwatchLogGroup(scope, `${id}-log`, {
    name: `/aws/events/${name}`,
    retentionInDays: props.logRetentionDays,
  });
  const rule = new CloudwatchEventRule(scope, id, {
    name,
    description: props.description,
    eventPattern: JSON.stringify(props.pattern),
    state: 'ENABLED',
  });
  new CloudwatchEventTarget(scope, `${id}-target`, { rule: rule.name, arn: log.arn });
  return rule.name;
}
