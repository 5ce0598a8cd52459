import { ApiGatewayAccount } from '@cdktf/provider-aws/lib/api-gateway-account/index.js';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { ServiceRole } from './service-role.ts';

/**
 * The one role per account and region with which API Gateway writes the logs of every API.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
 */
export class ApiAccount extends Construct {
  constructor(scope: Construct, id: string, { deployment }: { readonly deployment: Deployment }) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', {
      deployment,
      name: deployment.name('api-gateway-logs'),
      description: 'Lets API Gateway write logs.',
      service: 'apigateway.amazonaws.com',
      managedPolicies: {
        'service-role/AmazonAPIGatewayPushToCloudWatchLogs':
          'API Gateway checks for the rights this policy lists before it takes a role for logs.',
      },
    });
    new ApiGatewayAccount(this, 'account', {
      cloudwatchRoleArn: role.arn,
      dependsOn: role.policies,
    });
  }
}
