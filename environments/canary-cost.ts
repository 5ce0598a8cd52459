/**
 * AWS calls of one run of the canary, and their prices. A run starts one job of `echo` over each protocol.
 */
const jobsOfRun = 3;
const run = { seconds: 60, memoryGb: 0.25 };
const job = { requests: 11, requestSeconds: 0.1, events: 4, eventSeconds: 0.3, puts: 15 };

/** List prices in US dollars, of ap-southeast-2 (Sydney). */
export interface CallPrices {
  /** A request to a REST API, with the call of its function. */
  readonly request: number;
  /** A GB-second of a function on arm64. */
  readonly gbSecond: number;
  /** A PUT to S3. */
  readonly put: number;
  /** A month of an alarm. */
  readonly alarm: number;
}

export const callPricesOfSydney: CallPrices = {
  request: 3.7e-6,
  gbSecond: 1.33334e-5,
  put: 5.5e-6,
  alarm: 0.1,
};

/**
 * The cost of the canary in a month of 730 hours, in US dollars: its function, its alarm, and the requests,
 * functions and documents of its jobs. The machines that run the jobs cost extra, unless they are kept
 * running anyway.
 */
export function canaryMonthUsd(everyMinutes: number, prices: CallPrices): number {
  const runs = (730 * 60) / everyMinutes;
  const ofJob =
    job.requests * (prices.request + job.requestSeconds * prices.gbSecond) +
    job.events * job.eventSeconds * prices.gbSecond +
    job.puts * prices.put;
  const ofRun = run.seconds * run.memoryGb * prices.gbSecond + jobsOfRun * ofJob;
  return prices.alarm + runs * ofRun;
}
