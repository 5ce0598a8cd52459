import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import type { AccountSettings } from '../environments/account-settings.ts';
import type { StateSettings } from '../environments/state-settings.ts';

/**
 * Where Terraform stores the stack's state. In S3, a lock file beside it prevents two deployments at the same
 * time.
 *
 * Source: https://developer.hashicorp.com/terraform/language/backend/s3 "State Locking"
 */
export function addStateBackend(
  stack: TerraformStack,
  state: StateSettings,
  account: AccountSettings,
): void {
  if (state.kind === 'local') {
    new LocalBackend(stack);
    return;
  }
  const backend = new S3Backend(stack, {
    bucket: state.bucket,
    key: `${state.prefix}${stack.node.id}.tfstate`,
    region: state.region ?? account.region,
    encrypt: true,
    ...(account.id === undefined ? {} : { allowedAccountIds: [account.id] }),
    ...(state.kmsKeyArn === undefined ? {} : { kmsKeyId: state.kmsKeyArn }),
  });
  // The typed options only have the DynamoDB table, which lock files replace.
  backend.addOverride('use_lockfile', true);
  // Lock files came with version 1.10 and have been stable since 1.11.
  stack.addOverride('terraform.required_version', '>= 1.11.0');
}
