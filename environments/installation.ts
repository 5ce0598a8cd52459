import {
  type InstalledAccount,
  installedAccounts,
  pinnedElsewhere,
  unlikeAccounts,
  withoutAccount,
} from './check-accounts.ts';
import { type Environment, environmentSettings } from './environment.ts';
import { architectureOf } from './instance-architecture.ts';
import { parseSettings, SettingsError, type SettingsFault } from './parse-settings.ts';
import { isFargate } from './queue-settings.ts';
import { type EnvironmentName, environmentNames } from './release-settings.ts';
import { tooManyReserved } from './reserved-executions.ts';
import { type SharedEnvironment, sharedSettings } from './shared-settings.ts';

/** SHARED and the environments on it; in several accounts, one SHARED in each. */
export interface Installation {
  readonly accounts: readonly InstalledAccount[];
  /** The environments of all accounts, in the order of the data files. */
  readonly environments: readonly Environment[];
}

/** The data of an installation, before it is checked. */
export interface InstallationData {
  /** Settings of SHARED, or a list of them, one for each account. */
  readonly shared: unknown;
  readonly environments: readonly unknown[];
}

/**
 * Checks the data of an installation: each part, and the parts against each other.
 *
 * @throws {SettingsError} with every fault at once
 */
export function parseInstallation(data: InstallationData): Installation {
  const faults: SettingsFault[] = [];
  const shareds: SharedEnvironment[] = [];
  const sharedData: readonly unknown[] = Array.isArray(data.shared) ? data.shared : [data.shared];
  for (const [position, one] of sharedData.entries()) {
    const name = sharedData.length === 1 ? 'SHARED' : `shared[${position}]`;
    const parsed = parseSettings(sharedSettings, one, name);
    if ('faults' in parsed) faults.push(...parsed.faults);
    else shareds.push(parsed.settings);
  }
  const environments: Environment[] = [];
  data.environments.forEach((environment, position) => {
    const parsed = parseSettings(environmentSettings, environment, nameOf(environment, position));
    if ('faults' in parsed) faults.push(...parsed.faults);
    else environments.push(parsed.settings);
  });
  faults.push(...namedTwice(environments), ...circularPromotions(environments));
  const accounts = installedAccounts(shareds, environments);
  if (shareds.length === sharedData.length) {
    faults.push(...withoutAccount(shareds, environments), ...unlikeAccounts(shareds));
    faults.push(...pinnedElsewhere(accounts));
    for (const account of accounts) {
      faults.push(...unlikeImage(account), ...tooManyReserved(account), ...stillStoodOn(account));
    }
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return { accounts, environments };
}

function nameOf(data: unknown, position: number): string {
  const name = typeof data === 'object' && data !== null && 'name' in data ? data.name : undefined;
  return environmentNames.find((known) => known === name) ?? `environments[${position}]`;
}

function namedTwice(environments: readonly Environment[]): readonly SettingsFault[] {
  const names = environments.map(({ name }) => name);
  return names
    .filter((name, position) => names.indexOf(name) !== position)
    .map((name) => ({ path: `${name}.name`, message: 'is the name of two environments' }));
}

/** A cycle of promotions would never get a new release. */
function circularPromotions(environments: readonly Environment[]): readonly SettingsFault[] {
  const source = new Map(
    environments.map(({ name, release }) => [
      name,
      release.take === 'promoted' ? release.from : undefined,
    ]),
  );
  const circular = ([name]: [EnvironmentName, EnvironmentName | undefined]) => {
    const passed = new Set<EnvironmentName>();
    for (let at = source.get(name); at && !passed.has(at); at = source.get(at)) passed.add(at);
    return passed.has(name);
  };
  return [...source].filter(circular).map(([name, from]) => ({
    path: `${name}.release.from`,
    message: `leads back to ${name}; one environment on the way must take "newest" or be "pinned" (found "${from}")`,
  }));
}

/**
 * Machines on the custom image must have its architecture, and volumes at least as large as the one in it.
 */
function unlikeImage({
  environments,
  shared: { name: sharedName, image },
}: InstalledAccount): readonly SettingsFault[] {
  return environments.flatMap(({ name, queues }) =>
    Object.entries(queues).flatMap(([queue, settings]) => {
      if (isFargate(settings) || settings.storage.kind !== 'data-volume') return [];
      const { instanceTypes, storage } = settings;
      const path = `${name}.queues.${queue}`;
      const faults: SettingsFault[] = [];
      if (storage.sizeGiB < image.dataVolumeGiB) {
        faults.push({
          path: `${path}.storage.sizeGiB`,
          message: `is below ${sharedName}.image.dataVolumeGiB, ${image.dataVolumeGiB} (found ${storage.sizeGiB})`,
        });
      }
      if (instanceTypes.some((type) => architectureOf(type) !== image.architecture)) {
        faults.push({
          path: `${path}.instanceTypes`,
          message: `have another architecture than ${sharedName}.image.architecture, ${image.architecture} (found ${JSON.stringify(instanceTypes)})`,
        });
      }
      return faults;
    }),
  );
}

/** An environment without packages, registries and configuration can neither be deployed nor started. */
function stillStoodOn({
  environments,
  shared: { name: sharedName, deletionProtection },
}: InstalledAccount): readonly SettingsFault[] {
  if (deletionProtection || environments.length === 0) return [];
  const names = environments.map(({ name }) => name).join(', ');
  return [
    {
      path: `${sharedName}.deletionProtection`,
      message: `is off while environments stand on ${sharedName} (${names}); destroy them first, and take them out of environments/index.ts`,
    },
  ];
}
