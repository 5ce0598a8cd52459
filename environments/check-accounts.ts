import type { Environment } from './environment.ts';
import type { SettingsFault } from './parse-settings.ts';
import type { EnvironmentName, RecordedRelease } from './release-settings.ts';
import type { SharedEnvironment } from './shared-settings.ts';

/** An account of an installation: its SHARED, and the environments that depend on it. */
export interface InstalledAccount {
  readonly shared: SharedEnvironment;
  readonly environments: readonly Environment[];
}

const partsOfAccount = ['id', 'region', 'prefix'] as const;

/** Assigns environments to the SHARED of the same account, region and prefix. */
export function installedAccounts(
  shareds: readonly SharedEnvironment[],
  environments: readonly Environment[],
): readonly InstalledAccount[] {
  return shareds.map((shared) => ({
    shared,
    environments: environments.filter(({ account }) =>
      partsOfAccount.every((part) => account[part] === shared.account[part]),
    ),
  }));
}

/** Environments find shared parts by name, so each needs a SHARED in its account and region. */
export function withoutAccount(
  shareds: readonly SharedEnvironment[],
  environments: readonly Environment[],
): readonly SettingsFault[] {
  const placed = new Set(
    installedAccounts(shareds, environments).flatMap((account) => account.environments),
  );
  const lost = environments.filter((environment) => !placed.has(environment));
  const [only, ...others] = shareds;
  if (only && others.length === 0) {
    return lost.flatMap(({ name, account }) =>
      partsOfAccount
        .filter((part) => account[part] !== only.account[part])
        .map((part) => ({
          path: `${name}.account.${part}`,
          message: `differs from SHARED’s, ${JSON.stringify(only.account[part])}; an environment stands on a SHARED of its own account, region and prefix (found ${JSON.stringify(account[part])})`,
        })),
    );
  }
  const known = shareds.map(({ name, account }) => `${name} ${account.id}`).join(', ');
  return lost.map(({ name, account }) => ({
    path: `${name}.account`,
    message: `is that of no SHARED; allowed: ${known}, each with its region and prefix (found ${JSON.stringify(account)})`,
  }));
}

/** The extra settings that an installation over several accounts needs. */
export function unlikeAccounts(shareds: readonly SharedEnvironment[]): readonly SettingsFault[] {
  const [first, ...others] = shareds;
  if (!first || others.length === 0) return [];
  const names = shareds.map(({ name }) => name);
  return [
    ...shareds
      .filter(({ name }, position) => names.indexOf(name) !== position)
      .map(({ name }) => ({
        path: `${name}.name`,
        message: 'is the name of two accounts’ shared parts; name the other SHARED-PROD, say',
      })),
    ...shareds
      .filter(({ account }) => account.id === undefined)
      .map(({ name }) => ({
        path: `${name}.account.id`,
        message: 'is left out; an installation over several accounts names them all',
      })),
    ...others
      .filter(({ account }) => account.region !== first.account.region)
      .map(({ name, account }) => ({
        path: `${name}.account.region`,
        message: `differs from ${first.name}’s, "${first.account.region}"; releases are promoted within one region (found "${account.region}")`,
      })),
  ];
}

/** Releases are recorded in parameters, which can only be read within an account. */
export function pinnedElsewhere(accounts: readonly InstalledAccount[]): readonly SettingsFault[] {
  return accounts.flatMap(({ environments }) => {
    const here = new Set<EnvironmentName>(environments.map(({ name }) => name));
    const elsewhere = accounts
      .flatMap((account) => account.environments.map(({ name }) => name))
      .filter((name) => !here.has(name));
    return environments.flatMap(({ name, release }) => {
      const pins: Readonly<Record<string, RecordedRelease | undefined>> = {
        ...(release.take === 'pinned' ? { release } : {}),
        ...Object.fromEntries(
          Object.entries(release.parts).map(([part, pin]) => [`release.parts.${part}`, pin]),
        ),
      };
      return Object.entries(pins)
        .filter(([, pin]) => pin && elsewhere.includes(pin.environment))
        .map(([path, pin]) => ({
          path: `${name}.${path}.environment`,
          message: `is in another account, whose records cannot be read; name an environment of this account, ${name} itself for one (found "${pin?.environment}")`,
        }));
    });
  });
}
