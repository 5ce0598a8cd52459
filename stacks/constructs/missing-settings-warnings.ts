import { Annotations, type TerraformStack } from 'cdktf';
import type { Environment } from '../../environments/environment.ts';
import { missingSettings } from '../../environments/missing-settings.ts';
import type { SharedEnvironment } from '../../environments/shared-settings.ts';

/**
 * Warns the person who synthesises the stack of each setting that has not been chosen, and of its
 * placeholder.
 */
export function warnOfMissingSettings(
  stack: TerraformStack,
  settings: Environment | SharedEnvironment,
): void {
  for (const { path, placeholder } of missingSettings(settings)) {
    Annotations.of(stack).addWarning(`${path} is not set: ${placeholder}`);
  }
}
