import { describe, expect, it } from 'vitest';
import type { JobStatus } from '../../../batch-jobs/api/job.ts';
import { finishJob } from '../../../lambda/jobs/finish-job.ts';
import { sampleJob } from '../../sample-job.ts';
import { serviceUnderTest } from '../../service-under-test.ts';

const ended = (status: JobStatus, id: string) =>
  sampleJob({
    id,
    status,
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:01:30.000Z',
  });

async function finish(status: JobStatus, times = 1) {
  const { store, dependencies } = serviceUnderTest();
  for (let index = 0; index < 4; index++) {
    const job = ended(status, `00000000-0000-4000-8000-00000000000${index}`);
    const request = { body: '', contentType: 'application/json' };
    const stored = await store.create(job, request, []);
    for (let time = 0; time < times; time++) {
      await finishJob(stored, { store, metrics: dependencies.metrics, log: dependencies.log });
    }
  }
  return await store.durations.of('echo');
}

describe('a job that has ended', () => {
  it('tells how long the next one may take, once', async () => {
    expect(await finish('succeeded', 2)).toEqual({ minimum: 90, maximum: 90, runs: 4 });
  });

  it.each(['failed', 'dismissed'] as const)(
    'tells nothing of the next when it %s',
    async (status) => {
      expect(await finish(status)).toBeUndefined();
    },
  );
});
