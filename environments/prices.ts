/**
 * List prices in US dollars that costs are reckoned with. They are inputs and change: take those of your
 * region from the AWS price list.
 */
export interface Prices {
  /** A machine with 2 vCPU and 8 GiB, by the hour. */
  readonly machine: {
    readonly x86_64: number;
    readonly arm64: number;
    /** Part of the price on demand that Spot asks for. */
    readonly spotShare: number;
    /** Its public IPv4 address. */
    readonly address: number;
  };
  /** gp3: by the month, a GB, an IOPS above 3000, a MB/s above 125. */
  readonly volume: { readonly gb: number; readonly iops: number; readonly throughput: number };
  /** EFS with elastic throughput: a GB written and a GB read. */
  readonly fileSystem: { readonly written: number; readonly read: number };
}

/** Of ap-southeast-2 (Sydney); Spot is taken to cost two fifths of what on demand does. */
export const pricesOfSydney: Prices = {
  machine: { x86_64: 0.12, arm64: 0.102, spotShare: 0.4, address: 0.005 },
  volume: { gb: 0.096, iops: 0.006, throughput: 0.048 },
  fileSystem: { written: 0.07, read: 0.04 },
};
