import { describe, expect, it } from 'vitest';
import { jobStatuses } from '../../../../batch-jobs/api/job.ts';
import { jobHeaders, statusInfo } from '../../../../lambda/protocols/ogc-api/encode-status-info.ts';
import { sampleJob } from '../../../sample-job.ts';

describe('the status of a job in OGC API - Processes', () => {
  it.each([
    [0, 0],
    [0.9, 0],
    [99.9, 99],
    [100, 100],
  ])('the status of a job at %f percent shows progress %i', (percentCompleted, progress) => {
    expect(statusInfo(sampleJob({ percentCompleted }), {}).progress).toBe(progress);
  });

  it.each(jobStatuses)(
    'the status of a job that is %s links to what there is, and when it ended',
    (status) => {
      const isOver = ['succeeded', 'failed', 'dismissed'].includes(status);
      const info = statusInfo(sampleJob({ status, endedAt: '2026-01-01T01:00:00.000Z' }), {});
      expect(info.finished).toBe(isOver ? '2026-01-01T01:00:00.000Z' : undefined);
      expect(info.links.map(({ rel }) => rel.replace(/.*\//, ''))).toEqual([
        ...['self', 'alternate', 'alternate'],
        ...(isOver ? [] : ['monitor']),
        ...(status === 'succeeded' ? ['results'] : []),
        ...(status === 'failed' ? ['exceptions'] : []),
        ...['related', 'related'],
      ]);
    },
  );

  it('the status of a job shows its cost only if the job has an owner', () => {
    expect(statusInfo(sampleJob({ costUsd: 2 }), {})).not.toHaveProperty('estimatedCostUsd');
    expect(statusInfo(sampleJob({ costUsd: 2, owner: 'ada' }), {}).estimatedCostUsd).toBe(2);
    expect(statusInfo(sampleJob({ owner: 'ada' }), {})).not.toHaveProperty('estimatedCostUsd');
  });

  it('the status of a job that expires says so in a header, as an HTTP date', () => {
    const job = sampleJob({ status: 'failed', endedAt: '2026-01-01T00:00:00.500Z' });
    expect(jobHeaders(job, {})).toEqual({});
    expect(jobHeaders(job, { retentionDays: 31 })).toEqual({
      sunset: 'Sun, 01 Feb 2026 00:00:00 GMT',
    });
  });
});
