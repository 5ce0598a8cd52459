import { checksOf } from './checks.ts';
import { ServiceClient, SmokeFault } from './service-client.ts';

/** The result of one check. */
export interface Outcome {
  readonly protocol: string;
  readonly check: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** Set if the check failed. */
  readonly fault?: string;
}

export interface SmokeTest {
  /** Base of the service's URLs, ending in `/`. */
  readonly baseUrl: string;
  /** Headers that an access control requires, such as `x-api-key`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Identifier of a process that returns its input `message`. */
  readonly process: string;
  /** Unique to this run, so that a matching answer belongs to this run. */
  readonly message: string;
  /** The longest time for a job. */
  readonly jobSeconds: number;
  /** The longest time for an answer. */
  readonly answerSeconds: number;
}

/** Tests a service over each protocol, and follows a short job to its output over each. */
export async function runChecks(test: SmokeTest): Promise<readonly Outcome[]> {
  const { process: identifier, message, jobSeconds } = test;
  const client = new ServiceClient(test);
  const outcomes: Outcome[] = [];
  for (const check of checksOf({ identifier, message, jobSeconds })) {
    const started = performance.now();
    const fault = await check.run(client).then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof SmokeFault) return error.message;
        throw error;
      },
    );
    outcomes.push({
      protocol: check.protocol,
      check: check.name,
      ok: fault === undefined,
      seconds: Math.round(performance.now() - started) / 1000,
      ...(fault === undefined ? {} : { fault }),
    });
  }
  return outcomes;
}
