/**
 * The settings that Terraform needs in addition to the synthesised stack when it uses the emulator. They go
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

/** The role that AWS Batch creates by itself in a real account. The emulator needs its name. */
export const batchServiceRole = {
  path: '/aws-service-role/batch.amazonaws.com/',
  name: 'AWSServiceRoleForBatch',
};

/**
 * Attributes that the emulator forgets or returns changed.
 *
 * One thing it cannot do at all: an apply of `aws_api_gateway_rest_api_policy` for principals of IAM (access
 * `iam`) never returns. No overlay helps, so tests only plan such a stack.
 */
const forgotten: Readonly<Record<string, readonly string[]>> = {
  aws_api_gateway_authorizer: ['identity_validation_expression'],
  aws_api_gateway_rest_api: ['binary_media_types'],
  aws_batch_compute_environment: ['update_policy'],
  aws_batch_job_queue: ['job_state_time_limit_action'],
  // The emulator keeps one per function, whatever the alias.
  aws_lambda_function_event_invoke_config: ['destination_config'],
  aws_launch_template: ['tag_specifications'],
  aws_vpc_security_group_ingress_rule: ['description'],
};

/**
 * @param configuration the synthesised stack
 * @param stateFile path of the state of a stack with local state
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
  // These policies forbid access without TLS, which the emulator's clients use. The emulator ignores
  // conditions, so the policies would deny everything. Here they apply to the bucket and not to its objects.
  override('aws_s3_bucket_policy', ({ policy }) => ({
    policy: String(policy).replace(/"Resource":\["([^"]*)","[^"]*"\]/, '"Resource":["$1"]'),
  }));
  // The emulator keeps the days of earlier versions, and forgets how many of them always stay.
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
