import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy/index.js';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { policyDocument } from './policy-document.ts';

/**
 * Allows EventBridge to write events into the environments' log groups. An account and region may have at
 * most ten such policies, so one serves all environments.
 */
export class EventLogs extends CloudwatchLogResourcePolicy {
  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: Deployment }) {
    super(scope, id, {
      policyName: deployment.name('events'),
      policyDocument: policyDocument([
        {
          sid: 'WriteEvents',
          principal: { Service: ['events.amazonaws.com', 'delivery.logs.amazonaws.com'] },
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [deployment.arn('logs', `log-group:${deployment.shared.eventLogGroups}*`)],
        },
      ]),
    });
  }
}
