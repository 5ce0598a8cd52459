import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import type { AccountSettings } from '../environments/account-settings.ts';
import type { StateSettings } from '../environments/state-settings.ts';

/**
 * Where Terraform keeps the stack's state. In S3 a lock file beside it keeps two people from
 * deploying at once.
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
  // The typed options know only the DynamoDB table that lock files replace.
  backend.addOverride('use_lockfile', true);
  // Lock files came with 1.10 and left their trial in 1.11.
  stack.addOverride('terraform.required_version', '>= 1.11.0');
}
