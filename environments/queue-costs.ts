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

/** Hours per month in AWS's price examples. */
const hoursOfMonth = 730;

/** Size of the machine that the prices are for. */
const pricedVcpus = 2;
const pricedGiB = 8;

/** Fargate bills each task for at least this long. */
const shortestTaskSeconds = 60;

/** Storage included in the price of every Fargate task, in GiB. */
const includedScratchGiB = 20;

/** What a job of a kind needs, to estimate the cost of a thousand of them. */
export interface JobKind extends TaskSize {
  readonly seconds: number;
  /** Data written to the scratch folder and read back. */
  readonly scratchGb: number;
}

/** The price of an hour of a machine of the queue, with its address and volumes, in US dollars. */
export function machineHourUsd(queue: MachineQueueSettings, prices: Prices): number {
  const onDemand = prices.machine[architectureOf(queue.instanceTypes[0] ?? '')];
  const price = queue.purchase === 'spot' ? onDemand * prices.spotShare : onDemand;
  return price + prices.address + volumeMonthUsd(queue.storage, prices) / hoursOfMonth;
}

/** What the price of an hour of a job in the queue is calculated from. */
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

/** The cost of the queue in a month without jobs: the machines that are kept running. */
export function atRestUsd(queue: QueueSettings, prices: Prices): number {
  if (isFargate(queue)) return 0;
  const machines = Math.ceil(queue.minVcpus / pricedVcpus);
  return machines * hoursOfMonth * machineHourUsd(queue, prices);
}

/**
 * The further cost of a thousand jobs, in US dollars: their share of machines, or their tasks, and the
 * traffic of scratch folders in EFS. Jobs that fit on machines which are kept running anyway cost nothing
 * more (`whileIdle`).
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
