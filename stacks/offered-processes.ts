import { reachesCommand } from '../batch-jobs/api/command-variables.ts';
import { unreachableSizes } from '../batch-jobs/api/input-bounds.ts';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import type { Environment } from '../environments/environment.ts';
import type { Installation } from '../environments/installation.ts';
import { SettingsError, type SettingsFault } from '../environments/parse-settings.ts';
import { defaultLimits } from '../lambda/configuration/limits.ts';
import type { OfferedCatalogue } from './process-folders.ts';
import { taskArchitectures, tooLarge } from './process-queues.ts';

/** The processes of the catalogue that an environment offers. */
export function offeredProcesses(
  catalogue: readonly ProcessDescription[],
  { processes }: Environment,
): readonly ProcessDescription[] {
  return catalogue.filter(
    ({ job, isForTests = false }) =>
      !processes.withheld.includes(job.image) && (!isForTests || processes.testProcess),
  );
}

/**
 * Checks the settings of processes against the catalogue, which `environments/` does not import.
 *
 * @throws {SettingsError} with every fault at once
 */
export function checkProcessSettings(
  { environments }: Installation,
  offered: OfferedCatalogue,
): void {
  const faults = environments.flatMap((environment) => {
    const catalogue = offered.of(environment);
    return [
      ...unknownProcesses(environment, catalogue),
      ...nothingToOffer(environment, catalogue),
      ...toldTwice(environment),
      ...blindCanary(environment, catalogue),
      ...offeredProcesses(catalogue, environment).flatMap((process) => [
        ...tooLarge(process, environment),
        ...ofTwoArchitectures(process, environment),
        ...unreadVariables(process, environment),
        ...tooLargeInputs(process, environment),
      ]),
    ];
  });
  if (faults.length > 0) throw new SettingsError(faults);
}

function unknownProcesses(
  { name, processes, release }: Environment,
  catalogue: readonly ProcessDescription[],
): readonly SettingsFault[] {
  const known = catalogue.map(({ job }) => job.image);
  return [
    ...Object.keys(processes.own).map((image) => ({ path: `${name}.processes.own`, image })),
    ...Object.keys(release.take === 'newest' ? release.tags : {}).map((image) => ({
      path: `${name}.release.tags`,
      image,
    })),
    ...processes.withheld.map((image) => ({ path: `${name}.processes.withheld`, image })),
  ]
    .filter(({ image }) => !known.includes(image))
    .map(({ path, image }) => ({
      path,
      message: `there is no process in batch-jobs/${image}; allowed: ${known.join(', ')}`,
    }));
}

/** The schema of capabilities documents requires at least one process. */
function nothingToOffer(
  environment: Environment,
  catalogue: readonly ProcessDescription[],
): readonly SettingsFault[] {
  if (offeredProcesses(catalogue, environment).length > 0) return [];
  const path = `${environment.name}.processes.withheld`;
  return [{ path, message: 'leaves no process to offer; allowed: all but one at most' }];
}

/** A process has one job definition for Fargate, which fixes the architecture of its image. */
function ofTwoArchitectures(
  process: ProcessDescription,
  { name, queues }: Environment,
): SettingsFault[] {
  if (taskArchitectures(process, queues).length < 2) return [];
  const path = `${name}.queues`;
  const message = `have Fargate of both architectures, while jobs of ${process.job.image} may wait in each of them; take one`;
  return [{ path, message }];
}

/** The functions identify a variable by its name alone. */
function toldTwice({ name, processes }: Environment): SettingsFault[] {
  const told = new Map<string, string>();
  return Object.entries(processes.own).flatMap(([image, { variables }]) =>
    Object.entries(variables).flatMap(([variable, value]) => {
      const earlier = told.get(variable) ?? value;
      told.set(variable, earlier);
      if (earlier === value) return [];
      const path = `${name}.processes.own.${image}.variables.${variable}`;
      const message = `has another value for another process; allowed: ${earlier} (found ${value})`;
      return [{ path, message }];
    }),
  );
}

/** A canary that cannot run its job would raise an alarm that never ends. */
function blindCanary(
  environment: Environment,
  catalogue: readonly ProcessDescription[],
): readonly SettingsFault[] {
  const { name, canary, api } = environment;
  if (!canary) return [];
  const faults: SettingsFault[] = [];
  const offered = offeredProcesses(catalogue, environment).map(({ identifier }) => identifier);
  if (!offered.includes(canary.process)) {
    const message = `is not offered (found "${canary.process}"); allowed: ${offered.join(', ')}`;
    faults.push({ path: `${name}.canary.process`, message });
  }
  if (api.access.kind !== 'public') {
    const message = `is set, but the canary calls without credentials and api.access is "${api.access.kind}"; allowed: leave it out, and run npm run smoke -- --header on a schedule of your own`;
    faults.push({ path: `${name}.canary`, message });
  }
  return faults;
}

/** A variable that the command does not receive has no effect: it is probably misspelt. */
function unreadVariables({ job }: ProcessDescription, environment: Environment): SettingsFault[] {
  const { variables = {}, secrets = {} } = environment.processes.own[job.image] ?? {};
  const path = `${environment.name}.processes.own.${job.image}`;
  return Object.entries({ variables, secrets }).flatMap(([kind, values]) =>
    Object.keys(values)
      .filter((name) => !reachesCommand(name, job))
      .map((name) => ({
        path: `${path}.${kind}.${name}`,
        message: `is not read by the process; its description names: ${job.variables?.join(', ') ?? 'none'}`,
      })),
  );
}

/** A description that promises clients more than the service accepts. */
function tooLargeInputs(
  { identifier, inputs }: ProcessDescription,
  { name, service }: Environment,
): SettingsFault[] {
  const { limits } = service;
  const hosts = limits.referenceHosts ?? [];
  const bounds = {
    requestBytes: limits.maxRequestBytes ?? defaultLimits.maxRequestBytes,
    referenceBytes:
      hosts.length === 0 ? 0 : (limits.referenceMaxBytes ?? defaultLimits.referenceMaxBytes),
    remedy: 'raise maxRequestBytes, or name referenceHosts and raise referenceMaxBytes',
  };
  return unreachableSizes(inputs, bounds).map(({ index, text }) => ({
    path: `${name}.service.limits`,
    message: `do not fit process ${identifier}: maximumMegabytes of input "${inputs[index]?.identifier}" ${text}`,
  }));
}
