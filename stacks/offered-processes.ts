import { reachesCommand } from '../batch-jobs/api/command-variables.ts';
import type { ProcessDescription } from '../batch-jobs/api/process-description.ts';
import type { Environment } from '../environments/environment.ts';
import type { Installation } from '../environments/installation.ts';
import { SettingsError, type SettingsFault } from '../environments/parse-settings.ts';
import { vcpusOfMachine } from './vcpus-of-machine.ts';

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
 * Checks what the settings say of processes against the catalogue, which `environments/` does not
 * know.
 *
 * @throws {SettingsError} with every fault at once
 */
export function checkProcessSettings(
  { environments }: Installation,
  catalogue: readonly ProcessDescription[],
): void {
  const faults = environments.flatMap((environment) => [
    ...unknownProcesses(environment, catalogue),
    ...nothingToOffer(environment, catalogue),
    ...offeredProcesses(catalogue, environment).flatMap((process) => [
      ...tooLarge(process, environment),
      ...unreadVariables(process, environment),
    ]),
  ]);
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

/** The schema of capabilities documents allows none without a process. */
function nothingToOffer(
  environment: Environment,
  catalogue: readonly ProcessDescription[],
): readonly SettingsFault[] {
  if (offeredProcesses(catalogue, environment).length > 0) return [];
  const path = `${environment.name}.processes.withheld`;
  return [{ path, message: 'leaves no process to offer; allowed: all but one at most' }];
}

/** A variable that the command does not get would be set for nothing: misspelt, most likely. */
function unreadVariables({ job }: ProcessDescription, environment: Environment): SettingsFault[] {
  const { variables = {}, secrets = {} } = environment.processes.own[job.image] ?? {};
  const path = `${environment.name}.processes.own.${job.image}`;
  return Object.entries({ variables, secrets }).flatMap(([kind, values]) =>
    Object.keys(values)
      .filter((name) => !reachesCommand(name, job))
      .map((name) => ({
        path: `${path}.${kind}.${name}`,
        message: `is none that the process reads; its description names: ${job.variables?.join(', ') ?? 'none'}`,
      })),
  );
}

/** What the system and container images take of a volume, in GiB. */
const usedByImages = 15;

/**
 * A job that its queue could never run would wait until it is cancelled. Jobs that share a machine
 * share its volume, and AWS Batch counts vCPUs and memory but no scratch space: the largest machine of
 * the queue must have room for as many jobs as its vCPUs let start.
 */
function tooLarge({ job }: ProcessDescription, { name, queues }: Environment): SettingsFault[] {
  const path = `${name}.queues.${job.queue}`;
  const { instanceTypes, maxVcpus, storage } = queues[job.queue];
  const largest = Math.max(...instanceTypes.map(vcpusOfMachine));
  const faults: SettingsFault[] = [];
  if (job.vcpus > maxVcpus) {
    faults.push({
      path: `${path}.maxVcpus`,
      message: `is too few for a job of ${job.image}, which takes ${job.vcpus} (found ${maxVcpus})`,
    });
  }
  if (job.vcpus > largest) {
    faults.push({
      path: `${path}.instanceTypes`,
      message: `has no machine for a job of ${job.image}, which takes ${job.vcpus} vCPUs (largest: ${largest})`,
    });
  }
  const atOnce = Math.max(1, Math.floor(Math.min(largest, maxVcpus) / job.vcpus));
  if (storage.kind !== 'efs' && atOnce * job.scratchGiB + usedByImages > storage.sizeGiB) {
    const jobs = atOnce === 1 ? 'a job' : `the ${atOnce} jobs that may share a machine`;
    faults.push({
      path: `${path}.storage.sizeGiB`,
      message: `is too small for ${jobs} of ${job.image}, which takes ${job.scratchGiB} beside ${usedByImages} for container images (found ${storage.sizeGiB}); name a larger volume, or instance types with fewer vCPUs`,
    });
  }
  return faults;
}
