import { describe, expect, it } from 'vitest';
import { dueIn, firstTry, isDue, nextTry } from '../../batch-jobs/api/tries.ts';

const now = new Date('2026-01-01T12:00:00.000Z');
const minutes = (count: number) => count * 60_000;
const from = (milliseconds: number) => new Date(now.getTime() + milliseconds);

describe('a message that could not be sent', () => {
  it('a message that could not be sent is tried again after pauses from a minute to twelve hours, seven times', () => {
    const pauses: number[] = [];
    for (let tries = 0; ; tries++) {
      const next = nextTry({ tries }, now);
      if (!next) break;
      expect(next.tries).toBe(tries + 1);
      pauses.push((Date.parse(next.dueAt) - now.getTime()) / minutes(1));
    }
    expect(pauses).toEqual([1, 5, 15, 60, 180, 360, 720]);
  });

  it('a message that could not be sent is due when its pause is over, and not earlier', () => {
    const due = nextTry({ tries: 1 }, now) ?? firstTry(now);
    expect(isDue(due, from(minutes(5) - 1))).toBe(false);
    expect(isDue(due, from(minutes(5)))).toBe(true);
    expect(isDue(due, from(minutes(500)))).toBe(true);
  });

  it('a message that was never tried is due at once, whatever a clock says', () => {
    for (const at of [now, from(-minutes(600)), from(minutes(600))]) {
      expect(isDue(firstTry(now), at)).toBe(true);
    }
  });

  it('a message that could not be sent waits for no clock that was set back: after twice its pause it is due', () => {
    const due = nextTry({ tries: 1 }, now) ?? firstTry(now);
    expect(isDue(due, from(-minutes(5)))).toBe(false);
    expect(isDue(due, from(-minutes(5) - 1))).toBe(true);
  });

  it.each([
    null,
    'text',
    7,
    {},
    { tries: 1 },
    { dueAt: 'x' },
    { tries: '1', dueAt: 'x' },
    { tries: 1, dueAt: 2 },
  ])('a message that could not be sent is not read from %j', (stored) => {
    expect(dueIn(stored)).toBeUndefined();
  });

  it('a message that could not be sent is read as it was written', () => {
    const due = firstTry(now);
    expect(dueIn(JSON.parse(JSON.stringify({ ...due, more: 1 })))).toEqual(due);
  });
});
