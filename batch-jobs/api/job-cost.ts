/**
 * What jobs of a queue cost by the hour, in US dollars. A job on a machine keeps a share of it from others:
 * of vCPUs and memory the one counts of which it takes more. A task on Fargate is billed for both.
 */
export type QueuePrice =
  | {
      readonly kind: 'machine';
      /** Of the machine that the price is of. */
      readonly vcpus: number;
      readonly memoryGiB: number;
      /** With its public address and its volumes. */
      readonly usdPerHour: number;
    }
  | {
      readonly kind: 'task';
      readonly vcpuUsdPerHour: number;
      readonly gibUsdPerHour: number;
      /** Of every task of any size: its public address. */
      readonly usdPerHour: number;
    };

/** What a job takes. */
export interface JobShare {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** What an hour of the job costs, in US dollars, estimated. */
export function jobUsdPerHour({ vcpus, memoryMiB }: JobShare, price: QueuePrice): number {
  const memoryGiB = memoryMiB / 1024;
  if (price.kind === 'task') {
    return vcpus * price.vcpuUsdPerHour + memoryGiB * price.gibUsdPerHour + price.usdPerHour;
  }
  // A job larger than the machine that is priced runs on one that is as many times larger.
  return Math.max(vcpus / price.vcpus, memoryGiB / price.memoryGiB) * price.usdPerHour;
}

/**
 * What a job cost in US dollars, estimated, to a millionth: from the start of its first attempt to its end.
 * Time between attempts counts, machines that wait for jobs, requests and storage do not.
 *
 * @param usdPerHour what an hour of it costs
 * @returns 0 for a job whose clocks disagree
 */
export function jobCostUsd(
  { startedAt, endedAt }: { readonly startedAt: string; readonly endedAt: string },
  usdPerHour: number,
): number {
  const hours = (Date.parse(endedAt) - Date.parse(startedAt)) / 3_600_000;
  return hours > 0 ? Math.round(hours * usdPerHour * 1e6) / 1e6 : 0;
}
