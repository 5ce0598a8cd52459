import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeJob, IllegalTransition, isFinal, jobStatuses } from '../../batch-jobs/api/job.ts';
import { isJobId, mintJobId } from '../../batch-jobs/api/job-id.ts';
import { sampleJob } from '../sample-job.ts';

const at = '2026-01-01T00:00:05.000Z';

describe('a job record', () => {
  it('a job goes from accepted over running to succeeded', () => {
    const running = changeJob(sampleJob(), { status: 'running' }, at);
    expect(changeJob(running, { status: 'succeeded' }, at)).toMatchObject({
      status: 'succeeded',
      endedAt: at,
      updatedAt: at,
    });
  });

  it.each(jobStatuses.filter(isFinal))(
    'the cost of a job that becomes %s is its hours times its price per hour',
    (status) => {
      const startedAt = '2026-01-01T00:00:00.000Z';
      const running = sampleJob({ status: 'running', startedAt, usdPerHour: 3.6 });
      expect(changeJob(running, { percentCompleted: 50 }, at)).not.toHaveProperty('costUsd');
      expect(changeJob(running, { status: 'paused' }, at)).not.toHaveProperty('costUsd');
      expect(changeJob(running, { status }, at).costUsd).toBe(0.005);
      // What the engine knows of its end counts, not when that was heard.
      const endedAt = '2026-01-01T00:00:01.000Z';
      expect(changeJob(running, { status, endedAt }, at).costUsd).toBe(0.001);
    },
  );

  it('a job that never ran costs nothing, and a job without a price has no cost', () => {
    expect(changeJob(sampleJob({ usdPerHour: 3.6 }), { status: 'failed' }, at).costUsd).toBe(0);
    const running = sampleJob({ status: 'running', startedAt: at });
    expect(changeJob(running, { status: 'failed' }, at)).not.toHaveProperty('costUsd');
  });

  it('a job never goes back from running to accepted', () => {
    expect(() => changeJob(sampleJob({ status: 'running' }), { status: 'accepted' }, at)).toThrow(
      IllegalTransition,
    );
  });

  it('a job pauses between attempts and runs again', () => {
    const paused = changeJob(sampleJob({ status: 'running' }), { status: 'paused' }, at);
    expect(changeJob(paused, { status: 'running' }, at).status).toBe('running');
  });

  it.each(jobStatuses.filter(isFinal))('the final status %s never changes', (status) => {
    for (const next of jobStatuses) {
      expect(() => changeJob(sampleJob({ status }), { status: next }, at)).toThrow(
        `is ${status} and cannot become ${next}`,
      );
    }
    expect(() => changeJob(sampleJob({ status }), { message: 'late' }, at)).toThrow(
      IllegalTransition,
    );
  });

  it('no series of changes leads from one final status to another', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...jobStatuses)), (wishes) => {
        let job = sampleJob();
        let final: string | undefined;
        for (const status of wishes) {
          try {
            job = changeJob(job, { status }, at);
          } catch (error) {
            expect(error).toBeInstanceOf(IllegalTransition);
          }
          if (final) expect(job.status).toBe(final);
          if (isFinal(job.status)) final = job.status;
        }
      }),
    );
  });
});

describe('a job id', () => {
  it('each job id is new and recognised as one', () => {
    const ids = Array.from({ length: 100 }, mintJobId);
    expect(new Set(ids).size).toBe(100);
    expect(ids.every(isJobId)).toBe(true);
  });

  it.each([
    '',
    '..',
    '../etc',
    'job.json',
    `${mintJobId()}/`,
    mintJobId().toUpperCase(),
    `${mintJobId()}\n`,
  ])('the text %j is not accepted as a job id', (text) => {
    expect(isJobId(text)).toBe(false);
  });
});
