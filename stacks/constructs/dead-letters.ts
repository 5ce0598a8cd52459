import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { policyDocument } from './policy-document.ts';

/** Job events that could not be delivered or handled, kept for two weeks. */
export class DeadLetters extends Construct {
  readonly arn: string;
  readonly queueName: string;

  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: Deployment }) {
    super(scope, id);
    const queue = new SqsQueue(this, 'queue', {
      name: deployment.name('dead-job-events'),
      messageRetentionSeconds: 14 * 24 * 3600,
      sqsManagedSseEnabled: true,
    });
    new SqsQueuePolicy(this, 'policy', {
      queueUrl: queue.url,
      policy: policyDocument([
        {
          sid: 'UndeliveredEvents',
          principal: { Service: 'events.amazonaws.com' },
          actions: ['sqs:SendMessage'],
          resources: [queue.arn],
          conditions: {
            ArnLike: { 'aws:SourceArn': deployment.arn('events', `rule/${deployment.name('*')}`) },
          },
        },
      ]),
    });
    this.arn = queue.arn;
    this.queueName = queue.name;
  }
}
