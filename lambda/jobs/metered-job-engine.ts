import { EngineBusy, type JobEngine } from './job-engine.ts';
import type { Metrics } from './metrics.ts';

/** Counts and times the submissions of an engine. */
export function meteredJobEngine(engine: JobEngine, metrics: Metrics, now: () => Date): JobEngine {
  return {
    submit: async (submission) => {
      const start = now().getTime();
      const took = () => now().getTime() - start;
      try {
        const submitted = await engine.submit(submission);
        metrics.submission('ok', took());
        return submitted;
      } catch (error) {
        metrics.submission(error instanceof EngineBusy ? 'busy' : 'failed', took());
        throw error;
      }
    },
    describe: (engineJobId) => engine.describe(engineJobId),
    describeMany: (engineJobIds) => engine.describeMany(engineJobIds),
    find: (job) => engine.find(job),
    ahead: async (job) => await engine.ahead?.(job),
    terminate: (engineJobId, reason) => engine.terminate(engineJobId, reason),
  };
}
