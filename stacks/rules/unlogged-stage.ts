import type { Rule } from './rule.ts';
import { blocks } from './synthesised-resource.ts';

/** Every API stage writes an access log, and no deployment creates a stage by itself. */
export const unloggedStage: Rule = {
  name: 'unlogged-stage',
  check: ({ resources }) => [
    ...resources
      .filter(({ type }) => type === 'aws_api_gateway_stage' || type === 'aws_apigatewayv2_stage')
      .filter(({ attributes }) =>
        blocks(attributes['access_log_settings']).every((log) => !log['destination_arn']),
      )
      .map((resource) => ({ resource, message: 'has no access log; set access_log_settings' })),
    ...resources
      .filter(({ type }) => type === 'aws_api_gateway_deployment')
      .filter(({ attributes }) => attributes['stage_name'])
      .map((resource) => ({
        resource,
        message: 'makes a stage without a log; leave stage_name out',
      })),
  ],
};
