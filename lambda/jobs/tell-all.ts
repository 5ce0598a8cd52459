import type { JobCallbacks } from './finish-job.ts';

/**
 * Combines several ways to notify clients. If one way fails, the others are still tried; then the failure is
 * thrown.
 */
export function tellAll(...ways: readonly JobCallbacks[]): JobCallbacks {
  return {
    note: (job) => inAllWays((way) => way.note(job)),
    tell: (job) => inAllWays((way) => way.tell(job)),
    tellDue: () => inAllWays((way) => way.tellDue()),
  };

  async function inAllWays(tell: (way: JobCallbacks) => Promise<void>): Promise<void> {
    const told = await Promise.allSettled(ways.map(tell));
    const failure = told.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') throw failure.reason;
  }
}
