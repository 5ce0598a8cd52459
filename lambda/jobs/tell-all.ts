import type { JobCallbacks } from './finish-job.ts';

/**
 * Several ways to tell clients as one. A failure of one keeps the others from nothing, and is thrown when
 * all have been tried.
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
