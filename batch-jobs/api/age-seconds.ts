/**
 * The largest difference between the clocks of two writers, in seconds. S3 refuses requests from a clock that
 * is off by more.
 *
 * Source: Amazon S3 API reference, error `RequestTimeTooSkewed`.
 */
const longestSkewSeconds = 15 * 60;

/**
 * The age of a timestamp, in seconds. A timestamp further in the future than clocks can differ was written
 * before a clock was set back. Its real age is unknown and waiting for the clock to catch up could take
 * forever, so it counts as infinitely old.
 *
 * @param instant ISO 8601
 * @returns seconds; negative if the writer's clock is ahead of this one, NaN if `instant` is not a timestamp
 */
export function ageSeconds(instant: string, now: Date): number {
  const age = (now.getTime() - Date.parse(instant)) / 1000;
  return age < -longestSkewSeconds ? Number.POSITIVE_INFINITY : age;
}
