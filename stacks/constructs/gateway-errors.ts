import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response/index.js';
import { Construct } from 'constructs';

/**
 * Answers that API Gateway gives by itself: throttled, too large, timed out, blocked by the firewall.
 * A page of another origin may read them, as it may all that the service answers; without the header a
 * browser shows it a network failure.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export class GatewayErrors extends Construct {
  readonly responses: readonly ApiGatewayGatewayResponse[];

  constructor(scope: Construct, id: string, { restApiId }: { readonly restApiId: string }) {
    super(scope, id);
    this.responses = ['DEFAULT_4XX', 'DEFAULT_5XX'].map(
      (responseType) =>
        new ApiGatewayGatewayResponse(this, responseType.toLowerCase(), {
          restApiId,
          responseType,
          responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
          responseParameters: { 'gatewayresponse.header.Access-Control-Allow-Origin': "'*'" },
        }),
    );
  }
}
