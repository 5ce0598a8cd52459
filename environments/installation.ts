import { type Environment, environmentSettings } from './environment.ts';
import { architectureOf } from './instance-architecture.ts';
import { parseSettings, SettingsError, type SettingsFault } from './parse-settings.ts';
import { type EnvironmentName, environmentNames } from './release-settings.ts';
import { type SharedEnvironment, sharedSettings } from './shared-settings.ts';

/** What one account holds: the shared parts and the environments on them. */
export interface Installation {
  readonly shared: SharedEnvironment;
  readonly environments: readonly Environment[];
}

/** Data of an installation before it is checked. */
export interface InstallationData {
  readonly shared: unknown;
  readonly environments: readonly unknown[];
}

/**
 * Checks the data of an installation, each part and the parts against each other.
 *
 * @throws {SettingsError} with every fault at once
 */
export function parseInstallation(data: InstallationData): Installation {
  const faults: SettingsFault[] = [];
  const shared = parseSettings(sharedSettings, data.shared, 'SHARED');
  if ('faults' in shared) faults.push(...shared.faults);
  const environments: Environment[] = [];
  data.environments.forEach((environment, position) => {
    const parsed = parseSettings(environmentSettings, environment, nameOf(environment, position));
    if ('faults' in parsed) faults.push(...parsed.faults);
    else environments.push(parsed.settings);
  });
  faults.push(...namedTwice(environments), ...circularPromotions(environments));
  if ('settings' in shared) {
    faults.push(...elsewhere(environments, shared.settings));
    faults.push(...unlikeImage(environments, shared.settings));
  }
  if ('faults' in shared || faults.length > 0) throw new SettingsError(faults);
  return { shared: shared.settings, environments };
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

/** A promotion that leads back to where it began would never take a new version. */
function circularPromotions(environments: readonly Environment[]): readonly SettingsFault[] {
  const source = new Map(
    environments.map(({ name, handler }) => [
      name,
      handler.version === 'promoted' ? handler.from : undefined,
    ]),
  );
  const circular = ([name]: [EnvironmentName, EnvironmentName | undefined]) => {
    const passed = new Set<EnvironmentName>();
    for (let at = source.get(name); at && !passed.has(at); at = source.get(at)) passed.add(at);
    return passed.has(name);
  };
  return [...source].filter(circular).map(([name, from]) => ({
    path: `${name}.handler.from`,
    message: `leads back to ${name}; one environment on the way must take "newest" or be "pinned" (found "${from}")`,
  }));
}

/** Environments find the shared parts by name, so they lie in one account and region. */
function elsewhere(
  environments: readonly Environment[],
  shared: SharedEnvironment,
): readonly SettingsFault[] {
  return environments.flatMap(({ name, account }) =>
    (['id', 'region', 'prefix'] as const)
      .filter((part) => account[part] !== shared.account[part])
      .map((part) => ({
        path: `${name}.account.${part}`,
        message: `differs from SHARED’s, ${JSON.stringify(shared.account[part])}; an installation lies in one account and region (found ${JSON.stringify(account[part])})`,
      })),
  );
}

/** Machines on the custom image have its architecture, and volumes no smaller than the one in it. */
function unlikeImage(
  environments: readonly Environment[],
  { image }: SharedEnvironment,
): readonly SettingsFault[] {
  return environments.flatMap(({ name, queues }) =>
    Object.entries(queues).flatMap(([queue, { instanceTypes, storage }]) => {
      if (storage.kind !== 'data-volume') return [];
      const path = `${name}.queues.${queue}`;
      const faults: SettingsFault[] = [];
      if (storage.sizeGiB < image.dataVolumeGiB) {
        faults.push({
          path: `${path}.storage.sizeGiB`,
          message: `is below SHARED.image.dataVolumeGiB, ${image.dataVolumeGiB} (found ${storage.sizeGiB})`,
        });
      }
      if (instanceTypes.some((type) => architectureOf(type) !== image.architecture)) {
        faults.push({
          path: `${path}.instanceTypes`,
          message: `have another architecture than SHARED.image.architecture, ${image.architecture} (found ${JSON.stringify(instanceTypes)})`,
        });
      }
      return faults;
    }),
  );
}
