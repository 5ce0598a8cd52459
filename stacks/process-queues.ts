import { fargateSize, largestTask } from '../batch-jobs/api/fargate-size.ts';
import {
  type ProcessDescription,
  type QueueClass,
  queueClasses,
} from '../batch-jobs/api/process-description.ts';
import type { Environment } from '../environments/environment.ts';
import type { Architecture } from '../environments/instance-architecture.ts';
import type { SettingsFault } from '../environments/parse-settings.ts';
import { isFargate } from '../environments/queue-settings.ts';
import { vcpusOfMachine } from './vcpus-of-machine.ts';

type Queues = Environment['queues'];

/**
 * Queues that jobs of the process may wait in: all of them if the process chooses by request, since the
 * choice is not known before.
 */
export function queuesOf({ job }: ProcessDescription): readonly QueueClass[] {
  return job.chooseQueue ? queueClasses : [job.queue];
}

/** Whether jobs of the process may wait in a queue of machines. */
export function needsMachines(process: ProcessDescription, queues: Queues): boolean {
  return queuesOf(process).some((queue) => !isFargate(queues[queue]));
}

/** Whether jobs of the process may wait in a queue whose scratch folders are in EFS. */
export function needsFileSystem(process: ProcessDescription, queues: Queues): boolean {
  return queuesOf(process).some((queue) => {
    const settings = queues[queue];
    return !isFargate(settings) && settings.storage.kind === 'efs';
  });
}

/** Architectures of the queues on Fargate that jobs of the process may wait in. */
export function taskArchitectures(
  process: ProcessDescription,
  queues: Queues,
): readonly Architecture[] {
  const found = queuesOf(process).flatMap((queue) => {
    const settings = queues[queue];
    return isFargate(settings) ? [settings.architecture] : [];
  });
  return [...new Set(found)];
}

/** The space on a volume that the system and container images take, in GiB. */
const usedByImages = 15;

/**
 * Storage of a Fargate task for the image and the scratch folder of a job, in GiB. Batch accepts 21 to 200.
 */
export function taskScratchGiB({ scratchGiB }: ProcessDescription['job']): number {
  return Math.max(21, scratchGiB + usedByImages);
}
const mostTaskScratchGiB = 200;

/**
 * Reasons why jobs of a process could never run in a queue. Jobs that share a machine share its volume, and
 * AWS Batch counts vCPUs and memory but not scratch space: the volume of the queue's largest machine must
 * have room for as many jobs as its vCPUs allow.
 */
export function tooLarge(
  { job }: ProcessDescription,
  { name, queues }: Environment,
): readonly SettingsFault[] {
  const path = `${name}.queues.${job.queue}`;
  const settings = queues[job.queue];
  const faults: SettingsFault[] = [];
  if (job.vcpus > settings.maxVcpus) {
    faults.push({
      path: `${path}.maxVcpus`,
      message: `is too few for a job of ${job.image}, which takes ${job.vcpus} (found ${settings.maxVcpus})`,
    });
  }
  if (isFargate(settings)) return [...faults, ...tooLargeForTask(job, path)];
  const { instanceTypes, maxVcpus, storage } = settings;
  const largest = Math.max(...instanceTypes.map(vcpusOfMachine));
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

function tooLargeForTask(job: ProcessDescription['job'], path: string): SettingsFault[] {
  const faults: SettingsFault[] = [];
  if (!fargateSize(job)) {
    faults.push({
      path: `${path}.kind`,
      message: `has no task for a job of ${job.image}, which takes ${job.vcpus} vCPUs and ${job.memoryMiB} MiB (largest: ${largestTask.vcpus} and ${largestTask.memoryMiB}); take "machines"`,
    });
  }
  if (taskScratchGiB(job) > mostTaskScratchGiB) {
    faults.push({
      path: `${path}.kind`,
      message: `has no task for a job of ${job.image}, which takes ${job.scratchGiB} GiB of scratch beside ${usedByImages} for its image (at most ${mostTaskScratchGiB} in all); take "machines"`,
    });
  }
  return faults;
}
