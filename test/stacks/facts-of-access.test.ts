import { expect } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { describeFacts, type Fact } from './facts.ts';
import { installationOverTwoAccounts } from './two-accounts.ts';

const containing = (...texts: readonly string[]) =>
  expect.arrayContaining(texts.map((text) => expect.stringContaining(text)));

describeFacts('the firewall', [
  {
    says: 'refuses an address that asks too often, by the address that connects',
    because: 'it only counts, or a header that anybody writes says who asks',
    in: ['RC', 'PROD'],
    type: 'aws_wafv2_web_acl',
    count: 1,
    has: {
      scope: 'REGIONAL',
      rule: [
        {
          action: { block: {} },
          statement: { rate_based_statement: { limit: 3000, aggregate_key_type: 'IP' } },
        },
        { override_action: { none: {} } },
      ],
    },
  },
  {
    says: 'lets through what neither rule refuses, and lets requests through that Amazon’s common rules mistake for attacks',
    because: 'every request is refused, or each Execute in XML is',
    in: ['RC', 'PROD'],
    type: 'aws_wafv2_web_acl',
    count: 1,
    has: {
      default_action: { allow: {} },
      rule: [
        { priority: 1 },
        {
          priority: 2,
          statement: {
            managed_rule_group_statement: {
              vendor_name: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              rule_action_override: [
                'CrossSiteScripting_BODY',
                'CrossSiteScripting_QUERYARGUMENTS',
                'SizeRestrictions_BODY',
                'SizeRestrictions_QUERYSTRING',
                'EC2MetaDataSSRF_BODY',
                'GenericRFI_BODY',
                'GenericRFI_QUERYARGUMENTS',
                'NoUserAgent_HEADER',
              ].map((name) => ({ name, action_to_use: { count: {} } })),
            },
          },
        },
      ],
    },
  },
  {
    says: 'keeps no samples of requests',
    because: 'a person who may look at it sees ids of jobs, which give access to their outputs',
    in: ['RC', 'PROD'],
    type: 'aws_wafv2_web_acl',
    count: 1,
    has: {
      visibility_config: { sampled_requests_enabled: false },
      rule: [1, 2].map(() => ({ visibility_config: { sampled_requests_enabled: false } })),
    },
  },
  {
    says: 'stands before the stage that clients call',
    because: 'it refuses nothing, as no request passes through it',
    in: ['RC', 'PROD'],
    type: 'aws_wafv2_web_acl_association',
    count: 1,
    has: {
      resource_arn: 'aws_api_gateway_stage.api_stage.arn',
      web_acl_arn: 'aws_wafv2_web_acl.api_firewall_acl.arn',
    },
  },
]);

describeFacts('the API', [
  {
    says: 'is called at its stage as it was deployed last, and each call is logged',
    because: 'the stage cannot be made, or no one knows who called',
    type: 'aws_api_gateway_stage',
    count: 1,
    has: {
      stage_name: '{ENV}',
      rest_api_id: 'aws_api_gateway_rest_api.api.id',
      deployment_id: 'aws_api_gateway_deployment.api_deployment.id',
      access_log_settings: {
        destination_arn:
          'arn:aws:logs:ap-southeast-2:123456789012:log-group:/aws/apigateway/wps-{env}-access',
        format: expect.stringMatching(/"status":"\$context\.status".*"latencyMs":"\$context\.resp/),
      },
    },
  },
  {
    says: 'is deployed again before its last deployment goes',
    because: 'the stage names a deployment that is gone, and every request fails',
    type: 'aws_api_gateway_deployment',
    count: 1,
    has: { lifecycle: { create_before_destroy: true } },
  },
  {
    says: 'is deployed again when the types of its bodies change, or the time that a call may take',
    because: 'the stage goes on with a copy of what the API was',
    type: 'aws_api_gateway_deployment',
    count: 1,
    has: {
      triggers: {
        routes: expect.stringMatching(
          /aws_api_gateway_rest_api\.api_\w+\.binary_media_types.*29000/,
        ),
      },
    },
  },
  ...['DEFAULT_4XX', 'DEFAULT_5XX'].map(
    (response_type): Fact => ({
      says: `lets no cache keep its own answers of ${response_type}`,
      because: 'a client that was refused once is refused from then on',
      type: 'aws_api_gateway_gateway_response',
      where: { response_type },
      count: 1,
      has: {
        response_parameters: expect.objectContaining({
          'gatewayresponse.header.Cache-Control': "'no-store'",
        }),
      },
    }),
  ),
]);

describeFacts('events that fail', [
  {
    says: 'are put aside by a function that may do so',
    because: 'AWS Lambda refuses the destination in a first deployment',
    type: 'aws_lambda_function_event_invoke_config',
    where: { maximum_retry_attempts: 2 },
    has: { depends_on: containing('aws_iam_role_policy.function-access_job-events') },
  },
]);

describeFacts('alarms and budgets', [
  {
    says: 'may tell the topic, for this account alone',
    because: 'the budget is spent and no one is told',
    in: ['DEV', 'SYSTEST', 'RC', 'PROD', 'SHARED'],
    type: 'aws_sns_topic_policy',
    has: {
      policy: expect.stringMatching(
        /"cloudwatch\.amazonaws\.com".*"sns:Publish".*"aws:SourceAccount".*"budgets\.amazonaws\.com".*"sns:Publish".*"aws:SourceAccount"/,
      ),
    },
  },
]);

describeFacts('the scratch file system', [
  {
    says: 'is mounted over TLS and through its access point, or not at all',
    because: 'a job of another role reads the whole file system, or none reads its own folder',
    in: ['DEV'],
    type: 'aws_efs_file_system_policy',
    has: {
      policy: expect.stringMatching(
        /"Sid":"TlsOnly","Effect":"Deny","Principal":"\*","Action":\["\*"\].*"Bool":\{"aws:SecureTransport":"false"\}.*"Sid":"AccessPointOnly","Effect":"Deny".*"elasticfilesystem:ClientMount".*"StringNotEquals":\{"elasticfilesystem:AccessPointArn"/,
      ),
    },
  },
]);

describeFacts(
  'an installation over two accounts',
  [
    {
      says: 'has a key for images of machines that EC2 may use for both, and that changes',
      because: 'machines of the other account cannot start from the image',
      in: ['SHARED'],
      type: 'aws_kms_key',
      count: 1,
      has: {
        enable_key_rotation: true,
        policy: expect.stringMatching(
          /"kms:CreateGrant","kms:Decrypt","kms:DescribeKey","kms:Encrypt","kms:GenerateDataKeyWithoutPlaintext","kms:ReEncryptFrom","kms:ReEncryptTo"/,
        ),
      },
    },
    {
      says: 'has the role of API Gateway’s logs with its rights, before the account takes it',
      because: 'API Gateway checks the role’s rights and refuses it',
      in: ['SHARED'],
      type: 'aws_api_gateway_account',
      count: 1,
      has: {
        cloudwatch_role_arn: 'arn:aws:iam::123456789012:role/wps-api-gateway-logs',
        depends_on: containing('aws_iam_role_policy_attachment.api-account_role_'),
      },
    },
    {
      says: 'has a role of API Gateway’s logs that API Gateway takes',
      because: 'API Gateway refuses the role, and the deployment of SHARED fails',
      in: ['SHARED'],
      type: 'aws_iam_role',
      where: { name: 'wps-api-gateway-logs' },
      count: 1,
      has: {
        assume_role_policy: expect.stringContaining(
          '"Principal":{"Service":"apigateway.amazonaws.com"}',
        ),
      },
    },
  ],
  withApiAccountRole(installationOverTwoAccounts()),
);

const certificateArn = 'arn:aws:acm:ap-southeast-2:123456789012:certificate/0a1b';
describeFacts(
  'names of one’s own',
  [
    {
      says: 'are answered over TLS 1.2 at least',
      because: 'a client speaks a version that is broken',
      in: ['DEV'],
      type: 'aws_api_gateway_domain_name',
      count: 1,
      has: { security_policy: 'TLS_1_2', regional_certificate_arn: certificateArn },
    },
    {
      says: 'lead to the environment’s own stage',
      because: 'paths have the stage in them, or requests reach no stage at all',
      in: ['DEV'],
      type: 'aws_api_gateway_base_path_mapping',
      count: 1,
      has: {
        api_id: 'aws_api_gateway_rest_api.api.id',
        stage_name: 'DEV',
        domain_name: 'wps.example.org',
      },
    },
    {
      says: 'are found in their zone, at the address that API Gateway has for them',
      because: 'the name leads nowhere, since an alias needs the zone of its target, not its own',
      in: ['DEV'],
      type: 'aws_route53_record',
      count: 1,
      has: {
        zone_id: 'Z1',
        name: 'wps.example.org',
        type: 'A',
        alias: {
          name: 'aws_api_gateway_domain_name.api_domain_name.regional_domain_name',
          zone_id: 'aws_api_gateway_domain_name.api_domain_name.regional_zone_id',
          evaluate_target_health: false,
        },
      },
    },
    {
      says: 'send mail over TLS or not at all, and not to those who complained',
      because: 'mails on jobs are read on their way, or Amazon stops the sender',
      in: ['DEV'],
      type: 'aws_sesv2_configuration_set',
      count: 1,
      has: {
        delivery_options: { tls_policy: 'REQUIRE' },
        suppression_options: { suppressed_reasons: ['BOUNCE', 'COMPLAINT'] },
      },
    },
    {
      says: 'have their mails that bounce counted',
      because: 'Amazon stops the sender, and no figure had shown why',
      in: ['DEV'],
      type: 'aws_sesv2_configuration_set',
      count: 1,
      has: { reputation_options: { reputation_metrics_enabled: true } },
    },
  ],
  {
    ...installationData,
    environments: [
      {
        ...dev,
        api: {
          ...dev.api,
          domain: { name: 'wps.example.org', certificateArn, hostedZoneId: 'Z1' },
        },
        mail: { address: 'wps@example.org', identity: 'create' },
      },
    ],
  },
);

function withApiAccountRole(data: ReturnType<typeof installationOverTwoAccounts>) {
  const [first, ...others] = [data.shared].flat();
  return { ...data, shared: [{ ...(first as object), apiAccountRole: 'managed' }, ...others] };
}
