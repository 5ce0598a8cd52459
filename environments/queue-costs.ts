import { architectureOf } from './instance-architecture.ts';
import type { Prices } from './prices.ts';
import type { QueueSettings, StorageSettings } from './queue-settings.ts';

/** Hours that AWS reckons a month with. */
const hoursOfMonth = 730;

/** Size of the machine that prices are of. */
const pricedVcpus = 2;

/** What jobs of a kind need, for what a thousand of them cost. */
export interface JobKind {
  readonly vcpus: number;
  readonly seconds: number;
  /** Written to the scratch folder and read from it again. */
  readonly scratchGb: number;
}

/** An hour of a machine of the queue, with address and volumes, in US dollars. */
export function machineHourUsd(queue: QueueSettings, prices: Prices): number {
  const { machine } = prices;
  const onDemand = machine[architectureOf(queue.instanceTypes[0] ?? '')];
  const price = queue.purchase === 'spot' ? onDemand * machine.spotShare : onDemand;
  return price + machine.address + volumeMonthUsd(queue.storage, prices) / hoursOfMonth;
}

/** What the queue costs in a month in which nothing runs: the machines that are kept up. */
export function atRestUsd(queue: QueueSettings, prices: Prices): number {
  const machines = Math.ceil(queue.minVcpus / pricedVcpus);
  return machines * hoursOfMonth * machineHourUsd(queue, prices);
}

/**
 * What a thousand jobs cost beyond that, in US dollars: the part of machines that they keep from others,
 * and the traffic of scratch folders in EFS. Jobs that machines which are kept up have room for cost
 * nothing more: `whileIdle` says so.
 */
export function thousandJobsUsd(
  queue: QueueSettings,
  job: JobKind,
  prices: Prices,
  whileIdle = false,
): number {
  const hours = (1000 * job.seconds) / 3600;
  const machines = whileIdle
    ? 0
    : hours * (job.vcpus / pricedVcpus) * machineHourUsd(queue, prices);
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
