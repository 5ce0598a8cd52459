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

  /** A record that answers each write when the test calls the answer. */
  const slowRecord = () => {
    const begun: string[] = [];
    const answers: (() => void)[] = [];
    const progress = (_: number, message: string) => {
      begun.push(message);
      return new Promise<boolean>((resolve) => answers.push(() => resolve(true)));
    };
    return { begun, answers, record: { progress } };
  };
  const reporterTo = (
    record: Pick<RunRecord, 'progress'>,
    onLost: () => void = () => undefined,
    log: (line: string) => void = () => undefined,
  ) => new ProgressReporter(record, jsonLog(log), 10, onLost);
  const tick = () => vi.advanceTimersByTimeAsync(10);

  it('the progress of a command is written one write at a time, latest words first', async () => {
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

  it('the end of a command waits only for the current write of progress', async () => {
    const { begun, answers, record } = slowRecord();
    const reporter = reporterTo(record);
    for (const message of ['first', 'second']) {
      reporter.report(10, message);
      await tick();
    }
    let hasEnded = false;
    const ended = reporter.end().then(() => {
      hasEnded = true;
    });
    await tick();
    expect(hasEnded).toBe(false);
    answers[0]?.();
    await ended;
    reporter.report(20, 'after the end');
    await tick();
    expect(begun).toEqual(['first']);
  });

  it('the progress of a command is written once per interval, however quickly it is answered', async () => {
    const begun: string[] = [];
    const reporter = reporterTo({ progress: async (_, message) => begun.push(message) > 0 });
    for (const message of ['first', 'second', 'third']) {
      reporter.report(10, message);
      await vi.advanceTimersByTimeAsync(3);
    }
    expect(begun).toEqual(['first']);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toEqual(['first', 'third']);
    await reporter.end();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('progress that is first reported after the end of a command is not written', async () => {
    const { begun, record } = slowRecord();
    const reporter = reporterTo(record);
    await reporter.end();
    reporter.report(10, 'after the end');
    await tick();
    expect(begun).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('progress that does not change is written once', async () => {
    const { begun, answers, record } = slowRecord();
    const reporter = reporterTo(record);
    reporter.report(10, 'only');
    answers[0]?.();
    await tick();
    await tick();
    expect(begun).toEqual(['only']);
    await reporter.end();
  });

  it("writing progress reports that the job is lost if the record is no longer the runner's own", async () => {
    let lost = 0;
    const answers = [true, false];
    const record = { progress: async () => answers.shift() ?? true };
    const reporter = reporterTo(record, () => lost++);
    reporter.report(10, 'own');
    await tick();
    expect(lost).toBe(0);
    reporter.report(20, 'lost');
    await tick();
    expect(lost).toBe(1);
    await reporter.end();
  });

  it('progress that cannot be written is logged, and the next one is written', async () => {
    const logged: string[] = [];
    const begun: string[] = [];
    const record = {
      progress: async (_: number, message: string) => {
        begun.push(message);
        if (message === 'first') throw new Error('no answer');
        return true;
      },
    };
    const reporter = reporterTo(record, undefined, (line) => logged.push(line));
    for (const message of ['first', 'second']) {
      reporter.report(10, message);
      await tick();
    }
    await reporter.end();
    expect(begun).toEqual(['first', 'second']);
    expect(logged.join()).toContain('no answer');
  });
});
