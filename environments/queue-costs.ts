import { fargateSize, largestTask, type TaskSize } from '../batch-jobs/api/fargate-size.ts';
import { jobUsdPerHour, type QueuePrice } from '../batch-jobs/api/job-cost.ts';
import { architectureOf } from './instance-architecture.ts';
import type { Prices } from './prices.ts';
import {
  isFargate,
  type MachineQueueSettings,
  type QueueSettings,
  type StorageSettings,
} from './queue-settings.ts';

/** Hours that AWS reckons a month with. */
const hoursOfMonth = 730;

/** Size of the machine that prices are of. */
const pricedVcpus = 2;
const pricedGiB = 8;

/** Fargate bills a task for no less. */
const shortestTaskSeconds = 60;

/** Storage that every task of Fargate has at no price of its own, in GiB. */
const includedScratchGiB = 20;

/** What jobs of a kind need, for what a thousand of them cost. */
export interface JobKind extends TaskSize {
  readonly seconds: number;
  /** Written to the scratch folder and read from it again. */
  readonly scratchGb: number;
}

/** An hour of a machine of the queue, with address and volumes, in US dollars. */
export function machineHourUsd(queue: MachineQueueSettings, prices: Prices): number {
  const onDemand = prices.machine[architectureOf(queue.instanceTypes[0] ?? '')];
  const price = queue.purchase === 'spot' ? onDemand * prices.spotShare : onDemand;
  return price + prices.address + volumeMonthUsd(queue.storage, prices) / hoursOfMonth;
}

/** What an hour of a job of the queue is reckoned from. */
export function queuePrice(queue: QueueSettings, prices: Prices): QueuePrice {
  if (!isFargate(queue)) {
    const usdPerHour = machineHourUsd(queue, prices);
    return { kind: 'machine', vcpus: pricedVcpus, memoryGiB: pricedGiB, usdPerHour };
  }
  const { vcpu, gib } = prices.task[queue.architecture];
  const share = queue.purchase === 'spot' ? prices.spotShare : 1;
  return {
    kind: 'task',
    vcpuUsdPerHour: vcpu * share,
    gibUsdPerHour: gib * share,
    usdPerHour: prices.address,
  };
}

/** What the queue costs in a month in which nothing runs: the machines that are kept up. */
export function atRestUsd(queue: QueueSettings, prices: Prices): number {
  if (isFargate(queue)) return 0;
  const machines = Math.ceil(queue.minVcpus / pricedVcpus);
  return machines * hoursOfMonth * machineHourUsd(queue, prices);
}

/**
 * What a thousand jobs cost beyond that, in US dollars: the part of machines that they keep from others, or
 * their tasks, and the traffic of scratch folders in EFS. Jobs that machines which are kept up have room for
 * cost nothing more: `whileIdle` says so.
 */
export function thousandJobsUsd(
  queue: QueueSettings,
  job: JobKind,
  prices: Prices,
  whileIdle = false,
): number {
  const price = queuePrice(queue, prices);
  if (isFargate(queue)) {
    const hours = (1000 * Math.max(shortestTaskSeconds, job.seconds)) / 3600;
    const above = Math.max(0, job.scratchGb - includedScratchGiB) * prices.task.scratchGib;
    return hours * (jobUsdPerHour(fargateSize(job) ?? largestTask, price) + above);
  }
  const hours = (1000 * job.seconds) / 3600;
  const machines = whileIdle ? 0 : hours * jobUsdPerHour(job, price);
  const { written, read } = prices.fileSystem;
  const traffic = queue.storage.kind === 'efs' ? 1000 * job.scratchGb * (written + read) : 0;
  return machines + traffic;
}

/** gp3 includes 3000 IOPS and 125 MB/s. Beside a data volume, or EFS, there is a root volume of 30 GiB. */
function volumeMonthUsd(storage: StorageSettings, { volume }: Prices): number {
  if (storage.kind === 'root-volume') return storage.sizeGiB * volume.gb;
  const root = 30 * volume.gb;
  if (storage.kind === 'efs') return root;
  return (
    root +
    storage.sizeGiB * volume.gb +
    Math.max(0, storage.iops - 3000) * volume.iops +
    Math.max(0, storage.throughputMiBps - 125) * volume.throughput
  );
}
