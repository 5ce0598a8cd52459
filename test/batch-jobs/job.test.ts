import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeJob,
  defaultMessage,
  IllegalTransition,
  isFinal,
  jobStatuses,
  messagesOf,
  removedJob,
} from '../../batch-jobs/api/job.ts';
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

  it.each([
    ['accepted', 'The job waits to be run.'],
    ['running', 'The job starts.'],
    ['paused', 'The attempt was cut off; the next attempt follows.'],
    ['succeeded', 'The outputs are ready.'],
    ['failed', 'The job failed.'],
    ['dismissed', 'The job was dismissed by the client.'],
  ] as const)('a job that becomes %s says so in words: %s', (status, words) => {
    expect(defaultMessage(status)).toBe(words);
  });

  it.each(jobStatuses.filter(isFinal))(
    'the cost of a job that becomes %s is its hours times its price per hour',
    (status) => {
      const startedAt = '2026-01-01T00:00:00.000Z';
      const running = sampleJob({ status: 'running', startedAt, usdPerHour: 3.6 });
      expect(changeJob(running, { percentCompleted: 50 }, at)).not.toHaveProperty('costUsd');
      expect(changeJob(running, { status: 'paused' }, at)).not.toHaveProperty('costUsd');
      expect(changeJob(running, { status }, at).costUsd).toBe(0.005);
      // The end that the engine reports counts, not the time at which the report arrives.
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

  it.each([
    ['accepted', ['accepted', 'running', 'succeeded', 'failed', 'dismissed']],
    ['running', ['running', 'paused', 'succeeded', 'failed', 'dismissed']],
    ['paused', ['running', 'paused', 'succeeded', 'failed', 'dismissed']],
  ] as const)('a job that is %s may become %j and nothing else', (status, expected) => {
    const possible = jobStatuses.filter((next) => {
      try {
        return changeJob(sampleJob({ status }), { status: next }, at).status === next;
      } catch {
        return false;
      }
    });
    expect(possible).toEqual(expected);
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

describe('what a job has said', () => {
  it("a job's messages are each change of its status or its words, with its progress, from the first", () => {
    let job = sampleJob();
    expect(messagesOf(job)).toHaveLength(1);
    job = changeJob(job, { status: 'running' }, at);
    job = changeJob(job, { percentCompleted: 40, message: 'reading' }, at);
    job = changeJob(job, { percentCompleted: 50, message: 'reading' }, at);
    job = changeJob(job, { engineJobId: 'e-1' }, at);
    job = changeJob(job, { status: 'paused', message: 'reading' }, at);
    job = changeJob(job, { status: 'failed', failure: { kind: 'internal', text: 'Broken.' } }, at);
    const said = messagesOf(job).map(({ status, percentCompleted, text }) => [
      status,
      percentCompleted,
      text,
    ]);
    expect(said).toEqual([
      ['accepted', 0, 'The job waits to be run.'],
      ['running', 0, 'The job starts.'],
      ['running', 40, 'reading'],
      ['paused', 50, 'reading'],
      ['failed', 50, 'Broken.'],
    ]);
    expect(messagesOf(job)[0]?.at).toBe(sampleJob().createdAt);
    expect(messagesOf(job)[1]?.at).toBe(at);
  });

  it('a job keeps its latest hundred messages', () => {
    let job = changeJob(sampleJob(), { status: 'running' }, at);
    for (let word = 1; word <= 98; word++) job = changeJob(job, { message: `word ${word}` }, at);
    expect(messagesOf(job)).toHaveLength(100);
    job = changeJob(job, { message: 'word 99' }, at);
    expect(messagesOf(job)).toHaveLength(100);
    expect(messagesOf(job)[0]?.text).toBe('The job starts.');
    expect(messagesOf(job).at(-1)?.text).toBe('word 99');
  });

  it('the messages of a job whose outputs were removed end with that, and its failure is gone', () => {
    const failed = changeJob(
      sampleJob({ status: 'running' }),
      { status: 'failed', failure: { kind: 'internal', text: 'Broken.' } },
      at,
    );
    const later = '2026-01-02T00:00:00.000Z';
    const removed = removedJob(failed, later);
    expect(removed).toMatchObject({
      status: 'dismissed',
      outputs: [],
      updatedAt: later,
      endedAt: at,
    });
    expect(removed).not.toHaveProperty('failure');
    expect(messagesOf(removed).at(-1)).toEqual({
      at: later,
      status: 'dismissed',
      percentCompleted: 0,
      text: 'The job was dismissed by the client, and its outputs were removed.',
    });
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
