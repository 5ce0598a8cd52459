/**
 * Entry point of the canary, which EventBridge schedules: the smoke test of the environment's own service. If
 * a check fails, the function fails, so that Lambda counts an error and the alarm goes off; the log names the
 * check.
 *
 * Variables: `CANARY_ENDPOINT`, base of the service's URLs; `CANARY_PROCESS`, a process that returns its
 * input `message`.
 */

import { randomUUID } from 'node:crypto';
import { jsonLog } from '../batch-jobs/api/log.ts';
import { runChecks } from './smoke/run-checks.ts';

const log = jsonLog((line) => process.stdout.write(line), {});

/** @throws naming each check that found a fault */
export async function handler(): Promise<void> {
  const { CANARY_ENDPOINT: baseUrl, CANARY_PROCESS: identifier } = process.env;
  if (!baseUrl || !identifier) throw new Error('CANARY_ENDPOINT and CANARY_PROCESS must be set');
  const outcomes = await runChecks({
    baseUrl,
    headers: {},
    process: identifier,
    message: `canary-${randomUUID()}`,
    // Lambda ends the function after 15 minutes; all checks together must fit.
    jobSeconds: 240,
    answerSeconds: 30,
  });
  for (const { ok, ...outcome } of outcomes) {
    if (ok) log.info('a check passed', outcome);
    else log.warn('a check found a fault', outcome);
  }
  const faults = outcomes.filter(({ ok }) => !ok);
  if (faults.length > 0) {
    const words = faults.map(({ protocol, check, fault }) => `${protocol}, ${check}: ${fault}`);
    throw new Error(
      `${faults.length} of ${outcomes.length} checks found a fault: ${words.join('; ')}`,
    );
  }
}
