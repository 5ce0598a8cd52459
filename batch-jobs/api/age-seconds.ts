/**
 * How far the clocks of two writers may differ, in seconds: S3 refuses requests of a clock that is wrong by
 * more.
 *
 * Source: Amazon S3 API reference, error `RequestTimeTooSkewed`.
 */
const longestSkewSeconds = 15 * 60;

/**
 * How long ago something was written down. What is dated further ahead than clocks differ was written
 * before a clock was set back: nothing is known of its age, and nothing may wait for that clock to
 * catch up, so it counts as infinitely old.
 *
 * @param instant ISO 8601
 * @returns seconds; below zero where the writer's clock is ahead of this one, NaN where it is no instant
 */
export function ageSeconds(instant: string, now: Date): number {
  const age = (now.getTime() - Date.parse(instant)) / 1000;
  return age < -longestSkewSeconds ? Number.POSITIVE_INFINITY : age;
}
