import type { Rule } from './rule.ts';
import { blocks } from './synthesised-resource.ts';

/** Every API stage writes an access log. */
export const unloggedStage: Rule = {
  name: 'unlogged-stage',
  check: ({ resources }) =>
    resources
      .filter(({ type }) => type === 'aws_api_gateway_stage' || type === 'aws_apigatewayv2_stage')
      .filter(({ attributes }) =>
        blocks(attributes['access_log_settings']).every((log) => !log['destination_arn']),
      )
      .map((resource) => ({ resource, message: 'has no access log; set access_log_settings' })),
};
