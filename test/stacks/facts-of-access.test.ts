import { expect } from 'vitest';
import { dev } from '../../environments/dev.ts';
import { installationData } from '../../environments/index.ts';
import { describeFacts } from './facts.ts';
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
]);

describeFacts('the API', [
  {
    says: 'is deployed anew before its last deployment goes',
    because: 'the stage names a deployment that is gone, and every request fails',
    type: 'aws_api_gateway_deployment',
    count: 1,
    has: { lifecycle: { create_before_destroy: true } },
  },
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
        /"cloudwatch\.amazonaws\.com".*"aws:SourceAccount".*"budgets\.amazonaws\.com".*"aws:SourceAccount"/,
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
        /"Sid":"TlsOnly","Effect":"Deny".*"Bool":\{"aws:SecureTransport":"false"\}.*"Sid":"AccessPointOnly","Effect":"Deny".*"elasticfilesystem:ClientMount".*"StringNotEquals":\{"elasticfilesystem:AccessPointArn"/,
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
      has: { depends_on: containing('aws_iam_role_policy_attachment.api-account_role_') },
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
  ],
  {
    ...installationData,
    environments: [
      {
        ...dev,
        api: { ...dev.api, domain: { name: 'wps.example.org', certificateArn } },
        mail: { address: 'wps@example.org', identity: 'create' },
      },
    ],
  },
);

function withApiAccountRole(data: ReturnType<typeof installationOverTwoAccounts>) {
  const [first, ...others] = [data.shared].flat();
  return { ...data, shared: [{ ...(first as object), apiAccountRole: 'managed' }, ...others] };
}
