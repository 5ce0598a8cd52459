/**
 * The hourly cost of jobs in a queue, in US dollars. A job on a machine is charged for its share of the vCPUs
 * or its share of the memory, whichever is larger. A task on Fargate is billed for both.
 */
export type QueuePrice =
  | {
      readonly kind: 'machine';
      /** Size of the machine that the price is for. */
      readonly vcpus: number;
      readonly memoryGiB: number;
      /** Includes its public address and its volumes. */
      readonly usdPerHour: number;
    }
  | {
      readonly kind: 'task';
      readonly vcpuUsdPerHour: number;
      readonly gibUsdPerHour: number;
      /** The public address, the same for a task of any size. */
      readonly usdPerHour: number;
    };

/** What a job uses. */
export interface JobShare {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** Estimated cost of one hour of the job, in US dollars. */
export function jobUsdPerHour({ vcpus, memoryMiB }: JobShare, price: QueuePrice): number {
  const memoryGiB = memoryMiB / 1024;
  if (price.kind === 'task') {
    return vcpus * price.vcpuUsdPerHour + memoryGiB * price.gibUsdPerHour + price.usdPerHour;
  }
  // A job larger than the priced machine runs on a machine that is larger by the same factor.
  return Math.max(vcpus / price.vcpus, memoryGiB / price.memoryGiB) * price.usdPerHour;
}

/**
 * Estimated cost of a job in US dollars, to a millionth, from the start of its first attempt to its end. It
 * includes the time between attempts, but not idle machines, requests or storage.
 *
 * @param usdPerHour what one hour of the job costs
 * @returns 0 for a job whose clocks disagree
 */
export function jobCostUsd(
  { startedAt, endedAt }: { readonly startedAt: string; readonly endedAt: string },
  usdPerHour: number,
): number {
  const hours = (Date.parse(endedAt) - Date.parse(startedAt)) / 3_600_000;
  return hours > 0 ? Math.round(hours * usdPerHour * 1e6) / 1e6 : 0;
}
