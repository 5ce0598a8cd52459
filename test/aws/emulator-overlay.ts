/**
 * What Terraform must be told beside the synthesised stack when it speaks to the emulator. It goes
 * into an override file, which Terraform merges, so that the stack itself stays what is deployed.
 *
 * Source: https://developer.hashicorp.com/terraform/language/files/override
 */

import { emulatedAccount } from './emulator.ts';

type Attributes = Readonly<Record<string, unknown>>;

interface Configuration {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly terraform: { readonly backend: Readonly<Record<string, Attributes>> };
}

/** Role that AWS Batch makes for itself in a real account; the emulator wants it named. */
export const batchServiceRole = {
  path: '/aws-service-role/batch.amazonaws.com/',
  name: 'AWSServiceRoleForBatch',
};

/**
 * Attributes that the emulator forgets, or gives back changed.
 *
 * Something it cannot do at all: an apply of `aws_api_gateway_rest_api_policy` for principals of IAM (access `iam`)
 * never returns. No overlay helps; such a stack is only planned.
 */
const forgotten: Readonly<Record<string, readonly string[]>> = {
  aws_api_gateway_authorizer: ['identity_validation_expression'],
  aws_api_gateway_rest_api: ['binary_media_types'],
  aws_batch_compute_environment: ['update_policy'],
  aws_batch_job_queue: ['job_state_time_limit_action'],
  // It keeps one for a function, whatever the alias.
  aws_lambda_function_event_invoke_config: ['destination_config'],
  aws_launch_template: ['tag_specifications'],
  aws_vpc_security_group_ingress_rule: ['description'],
};

/**
 * @param configuration the synthesised stack
 * @param stateFile where a stack with local state keeps it
 */
export function emulatorOverlay(configuration: Configuration, stateFile: string): object {
  const resource: Record<string, Record<string, Attributes>> = {};
  const override = (type: string, change: (attributes: Attributes) => Attributes) => {
    for (const [id, attributes] of Object.entries(configuration.resource[type] ?? {})) {
      const changed = { ...resource[type]?.[id], ...change(attributes) };
      resource[type] = { ...resource[type], [id]: changed };
    }
  };
  for (const [type, names] of Object.entries(forgotten)) {
    override(type, ({ lifecycle }) => ({
      lifecycle: { ignore_changes: [...ignoredIn(lifecycle), ...names] },
    }));
  }
  const { path, name } = batchServiceRole;
  override('aws_batch_compute_environment', () => ({
    service_role: `arn:aws:iam::${emulatedAccount}:role${path}${name}`,
  }));
  // The emulator is spoken to without TLS, which these policies forbid; and it reads no conditions,
  // so that they would shut everybody out. Here they stop at the bucket and leave its objects.
  override('aws_s3_bucket_policy', ({ policy }) => ({
    policy: String(policy).replace(/"Resource":\["([^"]*)","[^"]*"\]/, '"Resource":["$1"]'),
  }));
  // It keeps the days of earlier versions, and forgets how many of them are kept in any case.
  override('aws_s3_bucket_lifecycle_configuration', ({ rule }) => ({
    rule: JSON.parse(
      JSON.stringify(rule, (name, value) =>
        name === 'newer_noncurrent_versions' ? undefined : value,
      ),
    ),
  }));
  return {
    terraform: { backend: backendOf(configuration, stateFile) },
    provider: { aws: { s3_use_path_style: true, skip_metadata_api_check: true } },
    resource,
  };
}

function ignoredIn(lifecycle: unknown): readonly string[] {
  const block: { ignore_changes?: readonly string[] } =
    typeof lifecycle === 'object' && lifecycle !== null ? lifecycle : {};
  return block.ignore_changes ?? [];
}

function backendOf({ terraform: { backend } }: Configuration, stateFile: string): object {
  return backend['s3']
    ? { s3: { ...backend['s3'], use_path_style: true, skip_metadata_api_check: true } }
    : { local: { path: stateFile } };
}
