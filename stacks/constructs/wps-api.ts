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
import { ApiAccess } from './api-access.ts';
import { ApiDomain } from './api-domain.ts';
import { ApiFirewall } from './api-firewall.ts';
import { type ApiRoute, routesOf } from './api-routes.ts';
import type { Deployment } from './deployment.ts';

export interface WpsApiProps {
  readonly deployment: Deployment;
  readonly settings: ApiSettings;
  /** The function that answers requests, by its alias, which has the environment's name. */
  readonly functionArn: string;
  /** The origin whose pages may call the service; `*` for any. */
  readonly allowOrigin: string;
  readonly logRetentionDays: number;
}

/** API Gateway gives up a call after this time. */
const gatewayTimeoutMilliseconds = gatewayTimeoutSeconds * 1000;

/**
 * The fields of an access log line. It contains no query string and no path: a job's id in them gives access
 * to its outputs.
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

/**
 * The REST API of an environment: its root and everything below go to the alias, which knows the routes.
 *
 * The alias is named rather than referred to: it moves to a new version only after the configuration is
 * written, which contains the API's address.
 */
export class WpsApi extends Construct {
  /** Base of every URL in the service's answers, ending in `/wps/`. */
  readonly endpoint: string;
  readonly apiName: string;
  readonly stageName: string;
  readonly #calls: { readonly statementId: string; readonly sourceArn: string };

  constructor(scope: Construct, id: string, props: WpsApiProps) {
    super(scope, id);
    const { deployment, settings } = props;
    const { domain } = settings;
    const { environment } = deployment;
    const api = new ApiGatewayRestApi(this, 'api', {
      name: deployment.name('api'),
      description: `Web Processing Service, ${deployment.environment}.`,
      endpointConfiguration: { types: ['REGIONAL'] },
      // Bodies pass byte for byte: XML declares its own encoding, and outputs may be binary.
      binaryMediaTypes: ['*/*'],
      disableExecuteApiEndpoint: domain !== undefined,
    });
    const { partition, region } = deployment;
    const access = new ApiAccess(this, 'access', { deployment, settings: settings.access, api });
    const uri = `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${props.functionArn}:${environment}/invocations`;
    const routes = this.#routes(api, uri, routesOf(settings.access, access.method));
    const refusals = this.#refusals(api, props.allowOrigin);
    const parts = [...routes.parts, ...refusals, ...access.policies];
    const stage = this.#stage(api, parts, [...routes.uris, access.asked], props);
    access.addPlans(api, stage);
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
    this.#calls = {
      statementId: deployment.name('api'),
      sourceArn: `${api.executionArn}/${environment}/*`,
    };
  }

  /** Allows the API to call the alias, once the alias exists. */
  mayCall(alias: LambdaAlias): void {
    new LambdaPermission(this, 'permission', {
      ...this.#calls,
      functionName: alias.functionName,
      qualifier: alias.name,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
    });
  }

  /** Resources, methods and integrations, and the values whose change needs a new deployment. */
  #routes(api: ApiGatewayRestApi, uri: string, routes: readonly ApiRoute[]) {
    const resources = new Map<string, ApiGatewayResource>();
    const resourceIdOf = (path: string): string => {
      if (path === '/') return api.rootResourceId;
      const known = resources.get(path);
      if (known) return known.id;
      const end = path.lastIndexOf('/');
      const made = new ApiGatewayResource(this, idOf(path), {
        restApiId: api.id,
        parentId: resourceIdOf(path.slice(0, end) || '/'),
        pathPart: path.slice(end + 1),
      });
      resources.set(path, made);
      return made.id;
    };
    const methods = routes.map(({ path, method: httpMethod, access }) => {
      const id = httpMethod === 'ANY' ? idOf(path) : `${idOf(path)}-${httpMethod.toLowerCase()}`;
      const resourceId = resourceIdOf(path);
      const method = new ApiGatewayMethod(this, `${id}-method`, {
        restApiId: api.id,
        resourceId,
        httpMethod,
        ...access,
      });
      const integration = new ApiGatewayIntegration(this, `${id}-integration`, {
        restApiId: api.id,
        resourceId,
        httpMethod: method.httpMethod,
        type: 'AWS_PROXY',
        integrationHttpMethod: 'POST',
        uri,
        timeoutMilliseconds: gatewayTimeoutMilliseconds,
      });
      return { method, integration };
    });
    return {
      parts: [
        ...resources.values(),
        ...methods.flatMap(({ method, integration }) => [method, integration]),
      ],
      uris: methods.map(({ integration }) => integration.uri),
    };
  }

  /**
   * API Gateway's own answers (throttled, timed out, too large) get these headers, too; without them, a
   * browser does not show pages their status.
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
    others: readonly unknown[],
    { deployment, settings, allowOrigin, logRetentionDays }: WpsApiProps,
  ): ApiGatewayStage {
    const deployed = new ApiGatewayDeployment(this, 'deployment', {
      restApiId: api.id,
      // A deployment is a copy of parts and settings, so it is made again when one of them changes.
      triggers: {
        routes: Fn.sha1(
          Fn.jsonencode([
            ...parts.map(({ id }) => id),
            ...others,
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
        // Metrics per method cost extra, and no alarm or graph uses them.
        metricsEnabled: false,
        // The function logs its work; execution logs would contain bodies and query strings.
        loggingLevel: 'OFF',
        dataTraceEnabled: false,
        throttlingRateLimit: settings.requestsPerSecond,
        throttlingBurstLimit: settings.burst,
      },
    });
    return stage;
  }
}

/** The construct id of a path: `root`, `below`, `at-processes-id`. */
function idOf(path: string): string {
  if (path === '/') return 'root';
  if (path === '/{proxy+}') return 'below';
  return `at${path.replace('{proxy+}', 'below').replaceAll(/[{}]/g, '').replaceAll('/', '-')}`;
}
