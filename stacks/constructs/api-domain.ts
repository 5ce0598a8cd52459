import { ApiGatewayBasePathMapping } from '@cdktf/provider-aws/lib/api-gateway-base-path-mapping/index.js';
import { ApiGatewayDomainName } from '@cdktf/provider-aws/lib/api-gateway-domain-name/index.js';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record/index.js';
import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { ApiSettings } from '../../environments/api-settings.ts';

export interface ApiDomainProps {
  readonly settings: NonNullable<ApiSettings['domain']>;
  readonly restApiId: string;
  readonly stageName: string;
}

/** A custom domain name for a stage of an API. */
export class ApiDomain extends Construct {
  constructor(scope: Construct, id: string, props: ApiDomainProps) {
    super(scope, id);
    const { name, certificateArn, hostedZoneId } = props.settings;
    const domain = new ApiGatewayDomainName(this, 'name', {
      domainName: name,
      regionalCertificateArn: certificateArn,
      endpointConfiguration: { types: ['REGIONAL'] },
      securityPolicy: 'TLS_1_2',
    });
    new ApiGatewayBasePathMapping(this, 'mapping', {
      apiId: props.restApiId,
      stageName: props.stageName,
      domainName: domain.domainName,
    });
    if (hostedZoneId === undefined) {
      new TerraformOutput(this, 'points_to', { value: domain.regionalDomainName });
      return;
    }
    new Route53Record(this, 'record', {
      zoneId: hostedZoneId,
      name,
      type: 'A',
      alias: {
        name: domain.regionalDomainName,
        zoneId: domain.regionalZoneId,
        evaluateTargetHealth: false,
      },
    });
  }
}
