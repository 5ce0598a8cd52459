import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { watchRecord } from '../../batch-jobs/runner/watch-record.ts';

describe('a record that is watched', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Watches a record that gives these answers, one per read. */
  const watched = (...answers: (boolean | Error)[]) => {
    const told: string[] = [];
    const logged: string[] = [];
    const record = {
      isStillOwn: async () => {
        const answer = answers.shift();
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error('one more');
        return answer;
      },
    };
    const log = jsonLog((line) => logged.push(line));
    const end = watchRecord(record, log, 1_000, () => told.push(`lost, ${answers.length} left`));
    return { answers, told, logged, end };
  };

  it('a watched record is read at each interval, until it is no longer its run’s own', async () => {
    const { answers, told, end } = watched(true, true, false);
    await vi.advanceTimersByTimeAsync(999);
    expect(answers).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(answers).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual(['lost, 0 left']);
    end();
  });

  it('a watched record is read again after a failed read, which is logged', async () => {
    const { told, logged, end } = watched(new Error('no answer'), false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual([]);
    expect(logged.join()).toContain('no answer');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toHaveLength(1);
    end();
  });

  it('a watched record is no longer read once the watch has ended', async () => {
    const { answers, logged, end } = watched(true, true);
    await vi.advanceTimersByTimeAsync(1_000);
    end();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(answers).toHaveLength(1);
    expect(logged).toEqual([]);
  });
});
