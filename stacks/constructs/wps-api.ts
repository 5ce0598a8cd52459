import { ApiGatewayDeployment } from '@cdktf/provider-aws/lib/api-gateway-deployment/index.js';
import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response/index.js';
import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration/index.js';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method/index.js';
import { ApiGatewayMethodSettings } from '@cdktf/provider-aws/lib/api-gateway-method-settings/index.js';
import { ApiGatewayResource } from '@cdktf/provider-aws/lib/api-gateway-resource/index.js';
import { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import type { LambdaAlias } from '@cdktf/provider-aws/lib/lambda-alias/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ApiSettings } from '../../environments/api-settings.ts';
import { gatewayTimeoutSeconds } from '../../lambda/configuration/limits.ts';
import { ApiDomain } from './api-domain.ts';
import { ApiFirewall } from './api-firewall.ts';
import type { Deployment } from './deployment.ts';

export interface WpsApiProps {
  readonly deployment: Deployment;
  readonly settings: ApiSettings;
  /** What answers requests. */
  readonly alias: LambdaAlias;
  /** Origin whose pages may call the service; `*` for any. */
  readonly allowOrigin: string;
  readonly logRetentionDays: number;
}

/** API Gateway gives a call up after this time. */
const gatewayTimeoutMilliseconds = gatewayTimeoutSeconds * 1000;

/**
 * What an access log line holds. No query string and no path: a job's id in them opens its outputs.
 *
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
const accessLogLine = JSON.stringify({
  time: '$context.requestTime',
  requestId: '$context.requestId',
  sourceIp: '$context.identity.sourceIp',
  userAgent: '$context.identity.userAgent',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationLatencyMs: '$context.integration.latency',
  integrationStatus: '$context.integration.integrationStatus',
  error: '$context.error.message',
});

/** The REST API of an environment: everything below `/wps` goes to its alias. */
export class WpsApi extends Construct {
  /** Base of every URL the service hands out, ending in `/wps/`. */
  readonly endpoint: string;
  readonly apiName: string;
  readonly stageName: string;

  constructor(scope: Construct, id: string, props: WpsApiProps) {
    super(scope, id);
    const { deployment, settings, alias } = props;
    const { domain } = settings;
    const api = new ApiGatewayRestApi(this, 'api', {
      name: deployment.name('api'),
      description: `Web Processing Service, ${deployment.environment}.`,
      endpointConfiguration: { types: ['REGIONAL'] },
      // Bodies pass byte for byte: XML says itself which encoding it has, and outputs may be binary.
      binaryMediaTypes: ['*/*'],
      disableExecuteApiEndpoint: domain !== undefined,
    });
    const parts = [...this.#routes(api, alias), ...this.#refusals(api, props.allowOrigin)];
    const stage = this.#stage(api, parts, props);
    new LambdaPermission(this, 'permission', {
      statementId: `${deployment.name('api')}`,
      functionName: alias.functionName,
      qualifier: alias.name,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/${deployment.environment}/*`,
    });
    if (domain) {
      new ApiDomain(this, 'domain', {
        settings: domain,
        restApiId: api.id,
        stageName: stage.stageName,
      });
    }
    if (settings.firewall) {
      new ApiFirewall(this, 'firewall', {
        name: deployment.name('api'),
        stageArn: stage.arn,
        requestsPerFiveMinutes: settings.firewall.requestsPerFiveMinutes,
      });
    }
    this.endpoint = domain ? `https://${domain.name}/wps/` : `${stage.invokeUrl}/wps/`;
    this.apiName = api.name;
    this.stageName = stage.stageName;
  }

  /** `ANY /wps` and `ANY /wps/{proxy+}`, and what a deployment must follow when they change. */
  #routes(api: ApiGatewayRestApi, alias: LambdaAlias) {
    const root = new ApiGatewayResource(this, 'wps', {
      restApiId: api.id,
      parentId: api.rootResourceId,
      pathPart: 'wps',
    });
    const below = new ApiGatewayResource(this, 'below-wps', {
      restApiId: api.id,
      parentId: root.id,
      pathPart: '{proxy+}',
    });
    return [root, below].flatMap((resource) => {
      const method = new ApiGatewayMethod(this, `${resource.node.id}-method`, {
        restApiId: api.id,
        resourceId: resource.id,
        httpMethod: 'ANY',
        authorization: 'NONE',
      });
      const integration = new ApiGatewayIntegration(this, `${resource.node.id}-integration`, {
        restApiId: api.id,
        resourceId: resource.id,
        httpMethod: method.httpMethod,
        type: 'AWS_PROXY',
        integrationHttpMethod: 'POST',
        uri: alias.invokeArn,
        timeoutMilliseconds: gatewayTimeoutMilliseconds,
      });
      return [resource, method, integration];
    });
  }

  /**
   * What the API answers by itself (throttled, timed out, too large) may be read by pages, too: without
   * these headers a browser tells them of no status.
   *
   * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
   */
  #refusals(api: ApiGatewayRestApi, allowOrigin: string) {
    return ['DEFAULT_4XX', 'DEFAULT_5XX'].map(
      (responseType) =>
        new ApiGatewayGatewayResponse(this, responseType.toLowerCase().replace('_', '-'), {
          restApiId: api.id,
          responseType,
          responseParameters: {
            'gatewayresponse.header.Access-Control-Allow-Origin': `'${allowOrigin}'`,
            'gatewayresponse.header.Cache-Control': "'no-store'",
          },
        }),
    );
  }

  #stage(
    api: ApiGatewayRestApi,
    parts: readonly (ITerraformDependable & { readonly id: string })[],
    { deployment, settings, alias, allowOrigin, logRetentionDays }: WpsApiProps,
  ): ApiGatewayStage {
    const deployed = new ApiGatewayDeployment(this, 'deployment', {
      restApiId: api.id,
      // A deployment is a copy of parts and settings: it is made anew when one of them changes.
      triggers: {
        routes: Fn.sha1(
          Fn.jsonencode([
            ...parts.map(({ id }) => id),
            alias.invokeArn,
            api.binaryMediaTypes,
            allowOrigin,
            api.disableExecuteApiEndpoint,
            gatewayTimeoutMilliseconds,
          ]),
        ),
      },
      lifecycle: { createBeforeDestroy: true },
      dependsOn: [...parts],
    });
    const log = new CloudwatchLogGroup(this, 'access-log', {
      name: `/aws/apigateway/${deployment.name('access')}`,
      retentionInDays: logRetentionDays,
    });
    const stage = new ApiGatewayStage(this, 'stage', {
      restApiId: api.id,
      deploymentId: deployed.id,
      stageName: deployment.environment,
      accessLogSettings: { destinationArn: log.arn, format: accessLogLine },
    });
    new ApiGatewayMethodSettings(this, 'limits', {
      restApiId: api.id,
      stageName: stage.stageName,
      methodPath: '*/*',
      settings: {
        // Figures for each method would be paid for, and no alarm or graph looks at them.
        metricsEnabled: false,
        // The function logs what it does; execution logs would hold bodies and query strings.
        loggingLevel: 'OFF',
        dataTraceEnabled: false,
        throttlingRateLimit: settings.requestsPerSecond,
        throttlingBurstLimit: settings.burst,
      },
    });
    return stage;
  }
}
