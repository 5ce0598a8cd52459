import { Annotations, type TerraformStack } from 'cdktf';
import type { Environment } from '../../environments/environment.ts';
import { missingSettings } from '../../environments/missing-settings.ts';
import type { SharedEnvironment } from '../../environments/shared-settings.ts';

/** Tells the person who synthesises the stack what stands in for settings that have not been chosen yet. */
export function warnOfMissingSettings(
  stack: TerraformStack,
  settings: Environment | SharedEnvironment,
): void {
  for (const { path, placeholder } of missingSettings(settings)) {
    Annotations.of(stack).addWarning(`${path} is not set: ${placeholder}`);
  }
}
