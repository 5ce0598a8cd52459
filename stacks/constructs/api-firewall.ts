import { Wafv2WebAcl } from '@cdktf/provider-aws/lib/wafv2-web-acl/index.js';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js';
import { Construct } from 'constructs';

export interface ApiFirewallProps {
  readonly name: string;
  readonly stageArn: string;
  readonly requestsPerFiveMinutes: number;
}

/**
 * Rules that legitimate requests of WPS clients break. An Execute request is XML, whose declaration and tags
 * look like scripts in a body or in `DataInputs`; it is larger than 8 KiB, or than 2 KiB as a query, and
 * contains URLs of data. Scripts send no user agent. The service parses with its own defences.
 */
const rulesOnlyCounted = [
  'CrossSiteScripting_BODY',
  'CrossSiteScripting_QUERYARGUMENTS',
  'SizeRestrictions_BODY',
  'SizeRestrictions_QUERYSTRING',
  'EC2MetaDataSSRF_BODY',
  'GenericRFI_BODY',
  'GenericRFI_QUERYARGUMENTS',
  'NoUserAgent_HEADER',
];

/**
 * AWS WAF in front of a stage: a rate limit per address, and Amazon's common rules.
 *
 * Source: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
export class ApiFirewall extends Construct {
  constructor(scope: Construct, id: string, props: ApiFirewallProps) {
    super(scope, id);
    const measured = (metricName: string) => ({
      metricName,
      cloudwatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
    });
    const acl = new Wafv2WebAcl(this, 'acl', {
      name: props.name,
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: measured(props.name),
      rule: [
        {
          name: 'requests-of-one-address',
          priority: 1,
          action: { block: {} },
          statement: {
            rate_based_statement: { limit: props.requestsPerFiveMinutes, aggregate_key_type: 'IP' },
          },
          visibilityConfig: measured(`${props.name}-rate`),
        },
        {
          name: 'common-rules',
          priority: 2,
          overrideAction: { none: {} },
          statement: {
            managed_rule_group_statement: {
              vendor_name: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              rule_action_override: rulesOnlyCounted.map((name) => ({
                name,
                action_to_use: { count: {} },
              })),
            },
          },
          visibilityConfig: measured(`${props.name}-common`),
        },
      ],
    });
    new Wafv2WebAclAssociation(this, 'association', {
      resourceArn: props.stageArn,
      webAclArn: acl.arn,
    });
  }
}
