/** What the machines of a queue cost, as AWS bills them: by the hour, in US dollars. */
export interface MachinePrice {
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Of the machine as a whole, with its public address. */
  readonly usdPerHour: number;
  /** Of its volumes. */
  readonly volumesUsdPerHour: number;
}

/** What a job took of a machine. */
export interface MachineShare {
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** From the start of its first attempt to its end, ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
}

/**
 * What a job cost in US dollars, estimated: the share of a machine that it kept from others, for as long
 * as it ran. Of vCPUs and memory the one counts of which it took more, as the rest of the machine is no
 * use to a job that needs both. Machines that wait for jobs, requests and storage are not in it.
 *
 * @returns 0 for a job whose clocks disagree
 */
export function jobCostUsd(share: MachineShare, price: MachinePrice): number {
  const hours = (Date.parse(share.endedAt) - Date.parse(share.startedAt)) / 3_600_000;
  if (!(hours > 0)) return 0;
  const ofVcpus = share.vcpus / price.vcpus;
  const ofMemory = share.memoryMiB / 1024 / price.memoryGiB;
  // A job larger than the machine that is priced ran on one that is as many times larger.
  return hours * Math.max(ofVcpus, ofMemory) * (price.usdPerHour + price.volumesUsdPerHour);
}
