import type { Environment } from './environment.ts';
import type { SharedEnvironment } from './shared-settings.ts';
import { unsetTag } from './tag-settings.ts';

/** A setting that only the owner of the account can choose, and the placeholder used until then. */
export interface MissingSetting {
  /** Path in the settings: `account.id`. */
  readonly path: string;
  /** The placeholder, and what follows from it. */
  readonly placeholder: string;
}

/**
 * Settings of the account that have not been chosen. The stack can be planned, and even deployed, without
 * them; synthesis warns of each placeholder.
 */
export function missingSettings(
  settings: Environment | SharedEnvironment,
): readonly MissingSetting[] {
  const missing: MissingSetting[] = [];
  if (settings.account.id === undefined) {
    missing.push({
      path: 'account.id',
      placeholder:
        'the account that the credentials belong to stands in; nothing guards against the wrong one',
    });
  }
  if (settings.state.kind === 'local') {
    missing.push({
      path: 'state',
      placeholder: 'a state file in this folder stands in; no other machine can deploy',
    });
  }
  for (const [tag, value] of Object.entries(settings.tags)) {
    if (value !== unsetTag) continue;
    missing.push({ path: `tags.${tag}`, placeholder: `the tag says "${unsetTag}"` });
  }
  if ('alarms' in settings && settings.alarms.email === undefined) {
    missing.push({ path: 'alarms.email', placeholder: 'alarms and the budget notify no one' });
  }
  if ('image' in settings && settings.apiAccountRole === undefined) {
    missing.push({
      path: 'apiAccountRole',
      placeholder:
        'the account’s role for logs of API Gateway stays as it is; without one no environment can be deployed',
    });
  }
  return missing;
}
