import { describe, expect, it } from 'vitest';
import { endsOf } from '../../batch-jobs/runner/ends.ts';

describe('the ends of a run', () => {
  const parts = () => {
    const stop = new AbortController();
    const waits: number[] = [];
    let pass = () => {};
    const ends = endsOf(stop.signal, (milliseconds) => {
      waits.push(milliseconds);
      return new Promise((resolve) => {
        pass = resolve;
      });
    });
    const aborted = () =>
      (['stopped', 'lost', 'either', 'late', 'last'] as const).filter((end) => ends[end].aborted);
    return { stop, waits, ends, aborted, pass: () => pass() };
  };

  it('a run that is stopped has ten seconds for work that is nearly done, a third of what the container has', async () => {
    const { stop, waits, ends, aborted, pass } = parts();
    expect(waits).toEqual([]);
    stop.abort('SIGTERM');
    expect(waits).toEqual([10_000]);
    expect(aborted()).toEqual(['stopped', 'either']);
    pass();
    await new Promise((resolve) => setImmediate(resolve));
    expect(aborted()).toEqual(['stopped', 'either', 'late', 'last']);
    expect(ends.last.reason).toBe('SIGTERM');
  });

  it('a run that lost its job ends all work at once', () => {
    const { waits, ends, aborted } = parts();
    expect(aborted()).toEqual([]);
    ends.lose();
    expect(aborted()).toEqual(['lost', 'either', 'last']);
    expect(waits).toEqual([]);
  });
});
