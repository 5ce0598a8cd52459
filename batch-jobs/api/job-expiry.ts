import { isFinal, type Job } from './job.ts';

/** How long the documents and outputs of a job are kept. */
export interface Retention {
  /** Days after the job's end; left out if unknown or without limit. */
  readonly retentionDays?: number;
}

/** The longest retention that can be set, in days: a century. */
export const longestRetentionDays = 36_500;

const day = 24 * 60 * 60 * 1000;

/**
 * The time until which an ended job is kept. It is not part of the job's record, because a new retention
 * applies to existing jobs, too.
 *
 * A lifecycle rule of S3 removes an object no earlier: at the first midnight (UTC) after the object's last
 * change and the same number of days.
 *
 * Source: Amazon S3 User Guide, "Lifecycle configuration elements", expiration actions.
 *
 * @returns ISO 8601 in UTC; undefined for an unfinished job, or if the retention is unknown
 */
export function expiryOf(
  { status, endedAt, updatedAt }: Pick<Job, 'status' | 'endedAt' | 'updatedAt'>,
  { retentionDays }: Retention,
): string | undefined {
  if (!isFinal(status) || retentionDays === undefined) return undefined;
  return new Date(Date.parse(endedAt ?? updatedAt) + retentionDays * day).toISOString();
}
