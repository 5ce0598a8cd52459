import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gatewayDeadline } from '../../../lambda/aws/gateway-deadline.ts';
import { restEvent } from '../../aws/gateway-events.ts';

describe('the deadline of a request that came through a gateway', () => {
  /** The timeouts of the signals, sorted by length. The tests do not wait for them. */
  let timeouts: number[];
  beforeEach(() => {
    timeouts = [];
    vi.spyOn(process, 'uptime').mockReturnValue(0);
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      timeouts = [...timeouts, milliseconds].sort((a, b) => a - b);
      return new AbortController().signal;
    });
  });
  afterEach(() => vi.restoreAllMocks());

  const now = new Date('2026-01-01T00:00:10Z');
  const deadlineOf = (...call: Parameters<typeof gatewayDeadline>) => {
    const { arrivedAt, work } = gatewayDeadline(...call);
    return { arrivedAt, work };
  };
  const event = (requestTimeEpoch?: number) => ({
    ...restEvent({ method: 'GET', path: '/wps' }),
    requestContext: { requestTimeEpoch } as ReturnType<typeof restEvent>['requestContext'],
  });

  it("a request's deadline is the gateway's, minus the way back, and leaves time to record the end of the work", () => {
    expect(deadlineOf(event(now.getTime()), 60_000, now).arrivedAt).toEqual(now);
    expect(timeouts).toEqual([24_000, 28_000]);
  });

  it("a request's deadline counts from its arrival at the gateway, including a cold start", () => {
    const { arrivedAt } = deadlineOf(event(now.getTime() - 8_000), 60_000, now);
    expect(arrivedAt).toEqual(new Date('2026-01-01T00:00:02Z'));
    expect(timeouts).toEqual([16_000, 20_000]);
  });

  it("a request's deadline is not later than Lambda’s", () => {
    deadlineOf(event(now.getTime()), 9_000, now);
    expect(timeouts).toEqual([6_000, 8_000]);
  });

  it('a deadline that has already passed is not an error', () => {
    deadlineOf(event(now.getTime()), 500, now);
    expect(timeouts).toEqual([0, 0]);
  });

  it.each([
    ['in the future', now.getTime() + 5_000],
    ['long ago', now.getTime() - 60_000],
    ['nowhere', undefined],
  ])(
    "a request's deadline counts from now if the gateway’s clock says that it came %s",
    (_, told) => {
      expect(deadlineOf(event(told), 60_000, now).arrivedAt).toEqual(now);
      expect(timeouts).toEqual([24_000, 28_000]);
    },
  );

  it("a request's deadline counts from now for an event without a context", () => {
    expect(deadlineOf(restEvent({ method: 'GET', path: '/wps' }), 60_000, now).arrivedAt).toBe(now);
  });
});
