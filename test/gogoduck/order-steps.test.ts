import { describe, expect, it } from 'vitest';
import { everyNth, orderSteps } from '../../batch-jobs/gogoduck/aggregate/order-steps.ts';

const step = (instant: number, file: number, index: number) => ({ instant, file, index });

describe('time steps of many files', () => {
  it('time steps of many files come in the order of time, consecutive ones of a file in one run', () => {
    const ordered = orderSteps([step(30, 0, 0), step(40, 0, 1), step(10, 1, 0), step(20, 1, 1)]);
    expect(ordered).toEqual({
      runs: [
        { file: 1, start: 0, count: 2 },
        { file: 0, start: 0, count: 2 },
      ],
      instants: [10, 20, 30, 40],
      repeated: 0,
    });
  });

  it('time steps of overlapping files are taken alternately', () => {
    const ordered = orderSteps([step(10, 0, 0), step(30, 0, 1), step(20, 1, 0)]);
    expect(ordered.runs).toEqual([
      { file: 0, start: 0, count: 1 },
      { file: 1, start: 0, count: 1 },
      { file: 0, start: 1, count: 1 },
    ]);
  });

  it('repeated time steps are taken once, from the file listed last', () => {
    const ordered = orderSteps([step(10, 0, 0), step(20, 0, 1), step(20, 1, 0), step(30, 1, 1)]);
    expect(ordered).toEqual({
      runs: [
        { file: 0, start: 0, count: 1 },
        { file: 1, start: 0, count: 2 },
      ],
      instants: [10, 20, 30],
      repeated: 1,
    });
  });

  it('time steps that a file repeats are taken once, from its last', () => {
    const ordered = orderSteps([step(20, 0, 2), step(10, 0, 0), step(20, 0, 1)]);
    expect(ordered).toMatchObject({
      runs: [
        { file: 0, start: 0, count: 1 },
        { file: 0, start: 2, count: 1 },
      ],
      repeated: 1,
    });
  });

  it('every nth time step is taken, from the first one on', () => {
    const ordered = orderSteps([step(10, 1, 0), step(20, 1, 1), step(30, 0, 0), step(40, 0, 1)]);
    expect(everyNth(ordered, 1)).toEqual(ordered);
    expect(everyNth(ordered, 3)).toEqual({
      runs: [
        { file: 1, start: 0, count: 1 },
        { file: 0, start: 1, count: 1 },
      ],
      instants: [10, 40],
      repeated: 0,
    });
  });

  it('time steps that fall within a file are reversed', () => {
    expect(orderSteps([step(20, 0, 0), step(10, 0, 1)]).runs).toEqual([
      { file: 0, start: 1, count: 1 },
      { file: 0, start: 0, count: 1 },
    ]);
  });
});
