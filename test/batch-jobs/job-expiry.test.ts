import { describe, expect, it } from 'vitest';
import { jobStatuses } from '../../batch-jobs/api/job.ts';
import { expiryOf } from '../../batch-jobs/api/job-expiry.ts';
import { sampleJob } from '../sample-job.ts';

describe('the time until which a job is kept', () => {
  const endedAt = '2026-01-01T12:30:00.000Z';

  it.each(jobStatuses)('a job that is %s expires only if it has ended', (status) => {
    const isOver = ['succeeded', 'failed', 'dismissed'].includes(status);
    expect(expiryOf(sampleJob({ status, endedAt }), { retentionDays: 14 })).toBe(
      isOver ? '2026-01-15T12:30:00.000Z' : undefined,
    );
  });

  it('a job has no known expiry if the retention is not set', () => {
    expect(expiryOf(sampleJob({ status: 'failed', endedAt }), {})).toBeUndefined();
  });

  it('a job whose record has no end is kept from its last change on', () => {
    const job = sampleJob({ status: 'failed', updatedAt: '2026-02-27T00:00:00.000Z' });
    expect(expiryOf(job, { retentionDays: 2 })).toBe('2026-03-01T00:00:00.000Z');
  });

  it('a change of a dismissed or labelled job does not make it last longer', () => {
    const job = sampleJob({ status: 'succeeded', endedAt, updatedAt: '2026-01-09T00:00:00.000Z' });
    expect(expiryOf(job, { retentionDays: 1 })).toBe('2026-01-02T12:30:00.000Z');
  });
});
