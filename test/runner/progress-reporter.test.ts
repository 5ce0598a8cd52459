import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jsonLog } from '../../batch-jobs/api/log.ts';
import { ProgressReporter } from '../../batch-jobs/runner/progress-reporter.ts';
import type { RunRecord } from '../../batch-jobs/runner/run-record.ts';

describe('the progress of a command', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A record that answers each write when it is told to. */
  const slowRecord = () => {
    const begun: string[] = [];
    const answers: (() => void)[] = [];
    const progress = (_: number, message: string) => {
      begun.push(message);
      return new Promise<boolean>((resolve) => answers.push(() => resolve(true)));
    };
    return { begun, answers, record: { progress } };
  };
  const reporterTo = (record: Pick<RunRecord, 'progress'>) =>
    new ProgressReporter(
      record,
      jsonLog(() => undefined),
      10,
      () => undefined,
    );
  const tick = () => vi.advanceTimersByTimeAsync(10);

  it('is written with one write at a time, of the latest word', async () => {
    const { begun, answers, record } = slowRecord();
    const reporter = reporterTo(record);
    for (const message of ['first', 'second', 'third']) {
      reporter.report(10, message);
      await tick();
    }
    expect(begun).toEqual(['first']);
    answers[0]?.();
    await tick();
    expect(begun).toEqual(['first', 'third']);
    answers[1]?.();
    await reporter.end();
  });

  it('holds the end up no longer than the write under way', async () => {
    const { begun, answers, record } = slowRecord();
    const reporter = reporterTo(record);
    for (const message of ['first', 'second']) {
      reporter.report(10, message);
      await tick();
    }
    const ended = reporter.end();
    answers[0]?.();
    await ended;
    await tick();
    expect(begun).toEqual(['first']);
  });
});
