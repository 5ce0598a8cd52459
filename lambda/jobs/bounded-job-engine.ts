import type { JobEngine } from './job-engine.ts';
import { unlessPassed } from './request-deadline.ts';

const nothingKnown = Promise.resolve(undefined);

/** Limits the wait for an engine to the time that a request has. */
export function boundedJobEngine(engine: JobEngine, signal: AbortSignal): JobEngine {
  return {
    submit: async (submission) => {
      signal.throwIfAborted();
      return await unlessPassed(signal, engine.submit(submission));
    },
    describe: (engineJobId) => unlessPassed(signal, engine.describe(engineJobId)),
    describeMany: (engineJobIds) => unlessPassed(signal, engine.describeMany(engineJobIds)),
    find: (job) => unlessPassed(signal, engine.find(job)),
    ahead: async (job) => await unlessPassed(signal, engine.ahead?.(job) ?? nothingKnown),
    terminate: (engineJobId, reason) => unlessPassed(signal, engine.terminate(engineJobId, reason)),
  };
}
