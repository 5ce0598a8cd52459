import type { InstalledAccount } from './check-accounts.ts';
import type { Environment } from './environment.ts';
import type { SettingsFault } from './parse-settings.ts';

/**
 * Concurrent executions that Lambda leaves unreserved for the other functions of an account.
 *
 * Source: AWS Lambda Developer Guide, "Configuring reserved concurrency for a function"
 */
export const unreservedExecutions = 100;

/** Concurrent executions that an environment reserves for its functions. */
function executionsOf({ handler: { concurrency } }: Environment): number {
  return concurrency.kind === 'unreserved' ? 0 : concurrency.requests + concurrency.jobEvents;
}

/** Concurrent executions that several environments reserve for their functions. */
export function reservedExecutions(environments: readonly Environment[]): number {
  return environments.reduce((sum, environment) => sum + executionsOf(environment), 0);
}

/** An account cannot reserve more than its quota. */
export function tooManyReserved({
  environments,
  shared: { name, concurrentExecutions },
}: InstalledAccount): readonly SettingsFault[] {
  const sum = reservedExecutions(environments);
  const allowed = Math.max(0, concurrentExecutions - unreservedExecutions);
  if (sum <= allowed) return [];
  const found = environments
    .filter((environment) => executionsOf(environment) > 0)
    .map((environment) => `${environment.name} ${executionsOf(environment)}`)
    .join(', ');
  return [
    {
      path: `${name}.concurrentExecutions`,
      message: `leaves ${allowed} executions to set aside, and environments set aside ${sum} (${found}); lower their handler.concurrency, or let Lambda raise the account’s quota`,
    },
  ];
}
