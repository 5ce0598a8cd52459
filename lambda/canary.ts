/**
 * Entry point of the canary, which EventBridge wakes: the smoke test of the environment's own service. A
 * fault breaks it off, so that Lambda counts it and the alarm goes off; its log says which.
 *
 * Variables: `CANARY_ENDPOINT`, base of the service's URLs; `CANARY_PROCESS`, a process that gives input
 * `message` back.
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
    // Lambda ends it after 15 minutes; what the checks take together must fit.
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
