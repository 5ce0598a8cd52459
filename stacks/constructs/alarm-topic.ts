import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic/index.js';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy/index.js';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription/index.js';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { policyDocument } from './policy-document.ts';

export interface AlarmTopicProps {
  readonly deployment: Deployment;
  readonly email?: string;
}

/**
 * The topic that alarms and the budget notify. Messages contain names of alarms and nothing about users, so
 * the topic has no KMS key of its own, which CloudWatch and Budgets would need access to.
 */
export class AlarmTopic extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { deployment, email }: AlarmTopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, 'topic', { name: deployment.name('alarms') });
    const publishing = (sid: string, service: string) => ({
      sid,
      principal: { Service: service },
      actions: ['sns:Publish'],
      resources: [topic.arn],
      conditions: { StringEquals: { 'aws:SourceAccount': deployment.accountId } },
    });
    const policy = new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: policyDocument([
        publishing('Alarms', 'cloudwatch.amazonaws.com'),
        publishing('Budget', 'budgets.amazonaws.com'),
      ]),
    });
    if (email !== undefined) {
      new SnsTopicSubscription(this, 'email', {
        topicArn: topic.arn,
        protocol: 'email',
        endpoint: email,
      });
    }
    // Refers to the topic through its policy, so that publishers are created after the policy.
    this.arn = policy.arn;
  }
}
