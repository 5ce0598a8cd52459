import { checksOf } from './checks.ts';
import { ServiceClient, SmokeFault } from './service-client.ts';

/** What became of one check. */
export interface Outcome {
  readonly protocol: string;
  readonly check: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** Where it is not. */
  readonly fault?: string;
}

export interface SmokeTest {
  /** Base of the service's URLs, ending in `/`. */
  readonly baseUrl: string;
  /** Headers that an access control asks for, such as `x-api-key`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Identifier of a process that gives input `message` back. */
  readonly process: string;
  /** Unlike any other run's, so that an answer is of this run. */
  readonly message: string;
  /** How long a job may take. */
  readonly jobSeconds: number;
  /** How long an answer may take. */
  readonly answerSeconds: number;
}

/** Asks a service over each protocol and follows a short job over each to its output. */
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
