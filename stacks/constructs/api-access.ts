import { ApiGatewayApiKey } from '@cdktf/provider-aws/lib/api-gateway-api-key/index.js';
import { ApiGatewayAuthorizer } from '@cdktf/provider-aws/lib/api-gateway-authorizer/index.js';
import type { ApiGatewayRestApi } from '@cdktf/provider-aws/lib/api-gateway-rest-api/index.js';
import { ApiGatewayRestApiPolicy } from '@cdktf/provider-aws/lib/api-gateway-rest-api-policy/index.js';
import type { ApiGatewayStage } from '@cdktf/provider-aws/lib/api-gateway-stage/index.js';
import { ApiGatewayUsagePlan } from '@cdktf/provider-aws/lib/api-gateway-usage-plan/index.js';
import { ApiGatewayUsagePlanKey } from '@cdktf/provider-aws/lib/api-gateway-usage-plan-key/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { Construct } from 'constructs';
import type { AccessSettings } from '../../environments/api-settings.ts';
import type { Deployment } from './deployment.ts';
import { policyDocument } from './policy-document.ts';

/** The credentials that API Gateway requires before it calls the function. */
export interface MethodAccess {
  readonly authorization: 'NONE' | 'AWS_IAM' | 'COGNITO_USER_POOLS' | 'CUSTOM';
  readonly authorizerId?: string;
  readonly authorizationScopes?: string[];
  readonly apiKeyRequired?: boolean;
}

/** Without credentials: open to everyone. */
export const anybody: MethodAccess = { authorization: 'NONE' };

export interface ApiAccessProps {
  readonly deployment: Deployment;
  readonly settings: AccessSettings;
  readonly api: ApiGatewayRestApi;
}

/** Who may call an API: the requirements of its methods, and the authorizer, plans and keys behind them. */
export class ApiAccess extends Construct {
  /** The requirements of every method that is not open to everyone. */
  readonly method: MethodAccess;
  /** A new deployment of the API is needed whenever these change. */
  readonly asked: object;
  readonly policies: readonly ApiGatewayRestApiPolicy[];
  readonly #deployment: Deployment;
  readonly #settings: AccessSettings;

  constructor(scope: Construct, id: string, { deployment, settings, api }: ApiAccessProps) {
    super(scope, id);
    this.#deployment = deployment;
    this.#settings = settings;
    this.method = this.#method(api);
    this.policies = this.#policies(api);
    this.asked = { settings, authorizerId: this.method.authorizerId ?? 'none' };
  }

  #method(api: ApiGatewayRestApi): MethodAccess {
    const settings = this.#settings;
    switch (settings.kind) {
      case 'public':
        return anybody;
      case 'api-key':
        return { ...anybody, apiKeyRequired: true };
      case 'iam':
        return { authorization: 'AWS_IAM' };
      case 'jwt':
        return this.#tokens(settings.authorizer, api);
    }
  }

  /** Principals of other accounts need the API's resource policy beside their own policies. */
  #policies(api: ApiGatewayRestApi): readonly ApiGatewayRestApiPolicy[] {
    if (this.#settings.kind !== 'iam' || this.#settings.principals.length === 0) return [];
    const policy = policyDocument([
      {
        sid: 'OtherAccounts',
        principal: { AWS: this.#settings.principals },
        actions: ['execute-api:Invoke'],
        resources: [`${api.executionArn}/${this.#deployment.environment}/*`],
      },
    ]);
    return [new ApiGatewayRestApiPolicy(this, 'policy', { restApiId: api.id, policy })];
  }

  #tokens(
    authorizer: Extract<AccessSettings, { kind: 'jwt' }>['authorizer'],
    api: ApiGatewayRestApi,
  ): MethodAccess {
    const { partition, region } = this.#deployment;
    const common = {
      name: this.#deployment.name('tokens'),
      restApiId: api.id,
      identitySource: 'method.request.header.Authorization',
    };
    if (authorizer.kind === 'cognito') {
      const { id } = new ApiGatewayAuthorizer(this, 'authorizer', {
        ...common,
        type: 'COGNITO_USER_POOLS',
        providerArns: authorizer.userPoolArns,
      });
      return {
        authorization: 'COGNITO_USER_POOLS',
        authorizerId: id,
        ...(authorizer.scopes.length > 0 ? { authorizationScopes: authorizer.scopes } : {}),
      };
    }
    const { functionArn, keptSeconds } = authorizer;
    const { id } = new ApiGatewayAuthorizer(this, 'authorizer', {
      ...common,
      type: 'TOKEN',
      authorizerUri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`,
      authorizerResultTtlInSeconds: keptSeconds,
      // What cannot be a token is refused without a call of the function.
      identityValidationExpression: '^[Bb]earer [A-Za-z0-9_=.-]+$',
    });
    const [, , , , , , name = '', qualifier] = functionArn.split(':');
    new LambdaPermission(this, 'authorizer-permission', {
      statementId: this.#deployment.name('tokens'),
      functionName: name,
      ...(qualifier === undefined ? {} : { qualifier }),
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      sourceArn: `${api.executionArn}/authorizers/${id}`,
    });
    return { authorization: 'CUSTOM', authorizerId: id };
  }

  /** Usage plans and keys, which belong to a stage. */
  addPlans(api: ApiGatewayRestApi, stage: ApiGatewayStage): void {
    if (this.#settings.kind !== 'api-key') return;
    for (const [name, plan] of Object.entries(this.#settings.plans)) {
      const usage = new ApiGatewayUsagePlan(this, `plan-${name}`, {
        name: this.#deployment.name(name),
        apiStages: [{ apiId: api.id, stage: stage.stageName }],
        throttleSettings: { rateLimit: plan.requestsPerSecond, burstLimit: plan.burst },
        ...(plan.requestsPerDay === undefined
          ? {}
          : { quotaSettings: { limit: plan.requestsPerDay, period: 'DAY' } }),
      });
      for (const key of plan.keys) {
        const { id } = new ApiGatewayApiKey(this, `key-${key}`, {
          name: this.#deployment.name(key),
          description: `Given to ${key}; plan ${name}.`,
        });
        new ApiGatewayUsagePlanKey(this, `key-${key}-in-plan`, {
          keyId: id,
          keyType: 'API_KEY',
          usagePlanId: usage.id,
        });
      }
    }
  }
}
